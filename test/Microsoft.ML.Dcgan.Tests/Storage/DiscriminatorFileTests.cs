using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tests.Features;
using static Microsoft.ML.Dcgan.Tests.ModelFile;

namespace Microsoft.ML.Dcgan.Tests.Storage;

[TestClass]
public sealed class DiscriminatorFileTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _view;

    public DiscriminatorFileTests() => _view = Pictures.View(_ml, 5, 16, 12, 3);

    [TestMethod]
    public void A_reloaded_featurizer_is_the_same()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        using DcganFeaturizer featurizer = gan.Featurizer("Seen", "Pixels");
        using var again = (DcganFeaturizer)Load(Saved(featurizer, _view));

        FeaturizerTests.CheckSame(FeaturizerTests.Features(featurizer, _view), FeaturizerTests.Features(again, _view));
        Assert.AreEqual(("Seen", "Pixels", 16, 12, 3, 160),
            (again.OutputColumnName, again.InputColumnName, again.ImageHeight, again.ImageWidth, again.Channels, again.FeatureSize));
        Assert.AreEqual(gan.Summary with { History = [], Events = [] }, again.Summary with { History = [], Events = [] });
    }

    [TestMethod]
    public void A_reloaded_realness_scorer_is_the_same()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        using DcganRealnessScorer scorer = gan.RealnessScorer("Score", "Pixels");
        using var again = (DcganRealnessScorer)Load(Saved(scorer, _view));

        CollectionAssert.AreEqual(FeaturizerTests.Realness(scorer, _view), FeaturizerTests.Realness(again, _view));
        Assert.AreEqual(("Score", "Pixels"), (again.OutputColumnName, again.InputColumnName));
    }

    [TestMethod]
    public void Both_work_in_a_chain_from_files_and_after_reloading()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            string[] files = Pictures.Files(folder.FullName, 5, 32, 24);
            IDataView paths = _ml.Data.LoadFromEnumerable(files.Select(file => new FileRow { Path = file }).ToList());
            using DcganTransformer gan = Pictures.SmallModel(_ml);
            var pictures = _ml.Transforms.LoadImages("Image", null, "Path").Append(_ml.Transforms.ResizeImages("Image", 12, 16)).Fit(paths);
            using var chain = new TransformerChain<ITransformer>(pictures, gan.Featurizer(), gan.RealnessScorer());
            JudgedRow[] expected = Judged(chain.Transform(paths));

            var again = (TransformerChain<ITransformer>)Load(Saved(chain, paths));
            JudgedRow[] actual = Judged(again.Transform(paths));
            using var engine = _ml.Model.CreatePredictionEngine<FileRow, JudgedRow>(again);

            Assert.HasCount(5, actual);
            for (int i = 0; i < 5; i++)
            {
                CollectionAssert.AreEqual(expected[i].Features, actual[i].Features);
                Assert.AreEqual(expected[i].Realness, actual[i].Realness);
                Assert.AreEqual(expected[i].Realness, engine.Predict(new FileRow { Path = files[i] }).Realness, 1e-5);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        JudgedRow[] Judged(IDataView view) => _ml.Data.CreateEnumerable<JudgedRow>(view, reuseRowObject: false).ToArray();
    }

    [TestMethod]
    public void The_zip_holds_the_discriminator_only_and_says_so()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        var entries = Entries(Saved(gan.Featurizer("Seen", "Pixels"), _view));
        Assert.AreEqual("discriminator.safetensors",
            string.Join(' ', entries.Keys.Where(name => name.EndsWith(".safetensors")).Select(Path.GetFileName)));
        CollectionAssert.AreEqual(Entries(Saved(gan, _view)).Single(entry => entry.Key.EndsWith("/discriminator.safetensors")).Value,
            entries.Single(entry => entry.Key.EndsWith(".safetensors")).Value);

        JsonNode json = JsonNode.Parse(entries.Single(entry => entry.Key.EndsWith("dcgan.json")).Value)!;
        Assert.AreEqual("Featurizer", (string)json["kind"]!);
        Assert.AreEqual("Seen", (string)json["outputColumnName"]!);
        Assert.AreEqual("Pixels", (string)json["inputColumnName"]!);
        Assert.IsNull(json["labels"]);
    }

    [TestMethod]
    public void Damaged_files_are_refused()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        byte[] model = Saved(gan.Featurizer(inputColumnName: "Pixels"), _view);

        Refused(Changed(model, "discriminator.safetensors", _ => null), "has no discriminator.safetensors");
        Refused(Changed(model, "discriminator.safetensors", bytes => bytes[..^9]), "discriminator.safetensors in the model file ends after",
            "truncated");
        Refused(Edited(model, json => json["network"]!["discriminatorFeatureMaps"] = 5), "do not fit");
        Refused(Edited(model, json => json["kind"] = "Painter"), "dcgan.json in the model file is damaged");
        Refused(Edited(model, json => json["kind"] = 7), "is of kind 7, which this version of Microsoft.ML.Dcgan does not know");
        Refused(Edited(model, json => json["kind"] = "Generator"), "has no generator.safetensors");
        Refused(Edited(model, json => json["outputColumnName"] = ""), "damaged", "OutputColumnName is empty");
        Refused(Edited(model, json => json["inputColumnName"] = null), "damaged", "ImageColumnName is empty");
        Refused(Edited(model, json => json["batchSize"] = 1_000_000_000), "damaged", "GenerationBatchSize");
    }
}
