using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tests.Pipelines;
using static Microsoft.ML.Dcgan.Tests.GeneratedPictures;
using static Microsoft.ML.Dcgan.Tests.ModelFile;

namespace Microsoft.ML.Dcgan.Tests.Storage;

[TestClass]
public sealed class LabelFileTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(nameof(LabelledRow.Kind), "bright", "String")]
    [DataRow(nameof(LabelledRow.Size), "2.5", "Single")]
    public void A_reloaded_model_knows_its_classes(string values, string label, string type)
    {
        using DcganTransformer gan = LabelledPictures.Hasty(_ml, values);
        byte[] file = Saved(gan, gan.SampleNoise(1));
        using var again = (DcganTransformer)Load(file);

        Assert.AreEqual("Class", again.LabelColumnName);
        CollectionAssert.AreEqual(gan.Classes.ToArray(), again.Classes.ToArray());
        CheckSame(gan.Generate(3, label: label).Select(Bytes).ToArray(), again.Generate(3, label: label).Select(Bytes).ToArray());
        CheckSame(Generated(gan, 4), Generated(again, 4));
        Assert.AreEqual(type, ((VectorDataViewType)again.SampleNoise(
            1).Schema["Class"].Annotations.Schema["KeyValues"].Type).ItemType.ToString());

        JsonNode labels = JsonNode.Parse(Entries(file).Single(entry => entry.Key.EndsWith("dcgan.json")).Value)!["labels"]!;
        Assert.AreEqual("Class", (string)labels["columnName"]!);
        Assert.AreEqual(type, (string)labels["valueType"]!);
        CollectionAssert.AreEqual(gan.Classes.ToArray(), labels["values"]!.AsArray().Select(value => (string)value!).ToArray());
    }

    [TestMethod]
    public void A_reloaded_chain_makes_keys_and_pictures_of_new_rows()
    {
        IDataView rows = LabelledPictures.Plain(_ml, LabelledPictures.Rows(8));
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Class", "Kind").Append(_ml.Transforms.Dcgan(LabelledPictures.Options()));
        using var chain = pipeline.Fit(rows);
        var again = (TransformerChain<ITransformer>)Load(Saved(chain, rows));

        CheckSame(Pixels(chain.Transform(rows)), Pixels(again.Transform(rows)));
        again.Dispose();

        static byte[][] Pixels(IDataView view) => view.GetColumn<MLImage>("Generated").Select(Bytes).ToArray();
    }

    [TestMethod]
    public void A_reloaded_discriminator_still_needs_no_labels()
    {
        using DcganTransformer gan = LabelledPictures.Hasty(_ml);
        IDataView rows = LabelledPictures.Plain(_ml, LabelledPictures.Rows(3));
        using DcganRealnessScorer scorer = gan.RealnessScorer("Realness", "Pixels");
        using var again = (DcganRealnessScorer)Load(Saved(scorer, rows));
        CollectionAssert.AreEqual(scorer.Transform(rows).GetColumn<float>("Realness").ToArray(),
            again.Transform(rows).GetColumn<float>("Realness").ToArray());
    }

    [TestMethod]
    public void Files_of_models_without_classes_do_not_speak_of_labels()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        JsonNode json = JsonNode.Parse(Entries(Saved(gan, gan.SampleNoise(1)))
            .Single(entry => entry.Key.EndsWith("dcgan.json")).Value)!;
        Assert.IsFalse(json.AsObject().ContainsKey("labels"));
    }

    [TestMethod]
    public void Damaged_classes_are_refused()
    {
        using DcganTransformer gan = LabelledPictures.Hasty(_ml), numbers = LabelledPictures.Hasty(_ml, nameof(LabelledRow.Size));
        byte[] file = Saved(gan, gan.SampleNoise(1));
        RefusedLabels(file, labels => labels["values"] = new JsonArray("bright"), "names 1 classes, but its networks have 2");
        RefusedLabels(file, labels => labels["values"] = null, "names 0 classes, but its networks have 2");
        RefusedLabels(file, labels => labels["values"] = new JsonArray("dark", "dark"), "damaged", "two keys of the value 'dark'");
        RefusedLabels(file, labels => labels["values"] = new JsonArray("dark", null), "damaged");
        RefusedLabels(file, labels => labels["valueType"] = null, "classes of type null");
        RefusedLabels(file, labels => labels["valueType"] = "TimeSpan",
            "classes of type TimeSpan, but text, numbers or booleans are expected");
        RefusedLabels(file, labels => labels["valueType"] = "Single", "damaged", "the class 'bright', which is no value of type Single");
        RefusedLabels(file, labels => labels["columnName"] = "", "LabelColumnName is empty");
        RefusedLabels(file, labels => labels["columnName"] = null, "LabelColumnName is empty");
        RefusedLabels(file, labels => labels["columnName"] = "Noise", "LabelColumnName and NoiseColumnName are both 'Noise'");
        RefusedLabels(Saved(numbers, numbers.SampleNoise(1)), labels => labels["values"] = new JsonArray("1e999x", "7"),
            "no value of type Single");
        Refused(Edited(file, json => json.AsObject().Remove("labels")), "networks of 2 classes, but no column of labels");
        Refused(Edited(file, json => json["network"]!["classes"] = 0), "networks of 0 classes, but a column of labels");
        Refused(Edited(file, json => json["network"]!["classes"] = 1_000_000_000), "classes");
    }

    private static void RefusedLabels(byte[] file, Action<JsonNode> edit, params string[] messages) =>
        Refused(Edited(file, json => edit(json["labels"]!)), messages);
}
