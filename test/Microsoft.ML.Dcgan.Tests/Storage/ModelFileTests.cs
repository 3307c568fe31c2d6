using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.Dcgan.Storage;
using Microsoft.ML.Dcgan.Tests.Pipelines;
using TorchSharp;
using static Microsoft.ML.Dcgan.Tests.GeneratedPictures;
using static Microsoft.ML.Dcgan.Tests.ModelFile;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Storage;

[TestClass]
public sealed class ModelFileTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void A_reloaded_model_is_the_same_model()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        using var again = (DcganTransformer)Load(SavedWithNoise(gan));

        CheckSame(Generated(gan, 5), Generated(again, 5));
        Assert.AreEqual((gan.OutputColumnName, gan.NoiseColumnName, gan.NoiseSize, gan.ImageHeight, gan.ImageWidth, gan.Channels),
            (again.OutputColumnName, again.NoiseColumnName, again.NoiseSize, again.ImageHeight, again.ImageWidth, again.Channels));
        Assert.AreEqual(gan.Summary with { History = [], Events = [] }, again.Summary with { History = [], Events = [] });
        CollectionAssert.AreEqual(gan.Summary.History.ToList(), again.Summary.History.ToList());
    }

    [TestMethod]
    public void Saving_twice_gives_the_same_entries()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        Dictionary<string, byte[]> one = Entries(SavedWithNoise(gan)), two = Entries(SavedWithNoise(gan));
        foreach ((string name, byte[] bytes) in one)
            CollectionAssert.AreEqual(bytes, two[name], name);
    }

    [TestMethod]
    public void Another_reader_finds_the_weights_in_the_zip()
    {
        using var scope = NewDisposeScope();
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        Dictionary<string, byte[]> entries = Entries(SavedWithNoise(gan));

        foreach ((string name, nn.Module network) in new (string, nn.Module)[] { ("generator.safetensors", gan.Networks.Generator),
            ("discriminator.safetensors", gan.Networks.Discriminator) })
        {
            var file = new SafetensorsFile(entries.Single(entry => entry.Key.EndsWith(name)).Value);
            Dictionary<string, Tensor> weights = network.state_dict();
            CollectionAssert.AreEquivalent(weights.Keys, file.Names.ToArray());
            Assert.AreEqual(weights.Values.Sum(weight => weight.numel() * weight.element_size()), file.DataLength);
            foreach ((string tensorName, Tensor weight) in weights)
            {
                CollectionAssert.AreEqual(weight.shape, file.Shape(tensorName));
                Assert.AreEqual(weight.dtype == ScalarType.Int64 ? "I64" : "F32", file.Type(tensorName));
                CollectionAssert.AreEqual(weight.contiguous().bytes.ToArray(), file.Bytes(tensorName));
            }
        }
    }

    [TestMethod]
    public void The_zip_says_in_JSON_what_it_holds()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        JsonNode json = JsonNode.Parse(Entries(SavedWithNoise(gan)).Single(entry => entry.Key.EndsWith("dcgan.json")).Value)!;
        Assert.AreEqual(1, (int)json["formatVersion"]!);
        Assert.AreEqual(16, (int)json["network"]!["height"]!);
        Assert.AreEqual(6, (int)json["network"]!["noiseSize"]!);
        Assert.AreEqual("Noise", (string)json["inputColumnName"]!);
        Assert.AreEqual(0.002, (double)json["options"]!["learningRate"]!);
        Assert.AreEqual(8, (int)json["summary"]!["images"]!);
    }

    [TestMethod]
    public void Weights_of_other_types_are_not_saved()
    {
        using torch.Tensor weights = torch.zeros(2, dtype: torch.ScalarType.Float64);
        StringAssert.Contains(Assert.Throws<NotSupportedException>(() => Safetensors.Write(
            new MemoryStream(), new Dictionary<string, torch.Tensor> { ["a"] = weights })).Message, "Weights of type Float64 cannot be saved.");
    }

    [TestMethod]
    public void A_newer_format_is_refused() => Refused(
        EditedModel(json => json["formatVersion"] = 2), "format version 2, but this version of Microsoft.ML.Dcgan reads versions up to 1");

    [TestMethod]
    public void Weights_that_do_not_fit_are_refused()
    {
        Refused(EditedModel(json => json["network"]!["generatorFeatureMaps"] = 5), "generator.safetensors", "do not fit");
        Refused(EditedModel(json => json["network"]!["discriminatorFeatureMaps"] = 5), "discriminator.safetensors", "do not fit");
        // As many weights, of other shapes.
        Refused(EditedModel(json =>
        {
            json["network"]!["height"] = 12;
            json["network"]!["width"] = 16;
        }), "do not fit");
    }

    [TestMethod]
    public void Options_that_no_model_has_are_refused_before_memory_is_taken()
    {
        Refused(EditedModel(json => json["network"]!["height"] = 100_000_000), "damaged", "ImageHeight");
        Refused(EditedModel(json => json["network"]!["noiseSize"] = -1), "damaged", "NoiseSize");
        long before = Environment.WorkingSet;
        Refused(EditedModel(json => json["network"]!["generatorFeatureMaps"] = 1024), "do not fit");
        Assert.IsTrue(Environment.WorkingSet - before < 100 << 20, "a file's claim took memory");
    }

    [TestMethod]
    public void Missing_parts_and_junk_are_refused()
    {
        byte[] model = SavedModel();
        Refused(Changed(model, "dcgan.json", _ => null), "has no dcgan.json");
        Refused(Changed(model, "generator.safetensors", _ => null), "has no generator.safetensors");
        Refused(Changed(model, "dcgan.json", _ => Encoding.UTF8.GetBytes("{ not JSON")), "dcgan.json in the model file is damaged");
        Refused(Changed(model, "dcgan.json", _ => Encoding.UTF8.GetBytes("{}")), "has no formatVersion");
        Refused(Changed(model, "dcgan.json", _ => Encoding.UTF8.GetBytes("{\"formatVersion\": 1}")),
            "dcgan.json in the model file is damaged");
        Refused(EditedModel(json => json["network"] = null), "has no network");
        Refused(EditedModel(json => json["options"] = null), "has no options");
        Refused(EditedModel(json => json["summary"] = null), "has no summary");
        Refused(EditedModel(json => json["inputColumnName"] = null), "damaged", "NoiseColumnName is empty");
        Refused(EditedModel(json => json.AsObject().Remove("outputColumnName")), "damaged", "'outputColumnName'");
        Refused(Changed(model, "generator.safetensors", bytes => bytes[..^9]), "is truncated");
        Refused(Changed(model, "generator.safetensors", bytes => bytes[..5]), "is truncated");
        Refused(Changed(model, "generator.safetensors", _ => new byte[64]), "damaged");
        Refused(Changed(model, "generator.safetensors", _ => Enumerable.Repeat((byte)0xFF, 64).ToArray()), "declares a header of");
    }

    [TestMethod]
    public void What_is_no_model_is_refused()
    {
        Assert.Throws<FormatException>(() => Load(Encoding.UTF8.GetBytes("This is no model.")));
        byte[] model = SavedModel();
        for (int length = 0; length < model.Length; length += model.Length / 7)
            Assert.Throws<Exception>(() => Load(model[..length]));
    }

    [TestMethod]
    public void A_failed_save_leaves_the_old_file()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string path = Path.Combine(folder, "model.zip");
            using DcganTransformer gan = Pictures.SmallModel(_ml);
            _ml.Model.Save(gan, gan.SampleNoise(1).Schema, path);
            byte[] old = File.ReadAllBytes(path);

            // A file stands where a folder is needed, and the other way round.
            Assert.Throws<IOException>(() => _ml.Model.Save(gan, gan.SampleNoise(1).Schema, Path.Combine(path, "model.zip")));
            Assert.Throws<UnauthorizedAccessException>(() => _ml.Model.Save(gan, gan.SampleNoise(1).Schema, folder));

            CollectionAssert.AreEqual(old, File.ReadAllBytes(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private byte[] SavedModel()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        return SavedWithNoise(gan);
    }

    private static byte[] SavedWithNoise(DcganTransformer gan) => Saved(gan, gan.SampleNoise(1));

    private byte[] EditedModel(Action<JsonNode> edit) => Edited(SavedModel(), edit);
}
