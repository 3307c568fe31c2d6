namespace Microsoft.ML.Dcgan.Tests.Storage;

/// <summary>What a model file tells of itself, against the file's own entries and the model that is loaded from it.</summary>
[TestClass]
public sealed class InspectTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".zip");

    [TestCleanup]
    public void DeleteFile() => File.Delete(_path);

    [TestMethod]
    public void A_generator_tells_what_it_is()
    {
        using DcganTransformer gan = LabelledPictures.Hasty(_ml);
        File.WriteAllBytes(_path, ModelFile.Saved(gan, gan.SampleNoise(1)));

        DcganModelFile model = DcganModelFile.Inspect(_path).Single();

        Assert.AreEqual(DcganModelKind.Generator, model.Kind);
        Assert.AreEqual("TransformerChain", model.Folder);
        Assert.AreEqual(1, model.FormatVersion);
        Assert.AreEqual(gan.OutputColumnName, model.OutputColumnName);
        Assert.AreEqual(gan.NoiseColumnName, model.InputColumnName);
        Assert.AreEqual("Class", model.Options.LabelColumnName);
        CollectionAssert.AreEqual(gan.Classes.ToArray(), model.Classes.ToArray());
        Assert.AreEqual(gan.Networks.Generator.parameters().Sum(weight => weight.numel()), model.GeneratorParameters);
        Assert.AreEqual(gan.Networks.Discriminator.parameters().Sum(weight => weight.numel()), model.DiscriminatorParameters);
        Assert.AreEqual(model.GeneratorParameters,
            model.Layers.Where(layer => layer.Network == "generator").Sum(layer => layer.Parameters));
        Assert.AreEqual(model.DiscriminatorParameters,
            model.Layers.Where(layer => layer.Network == "discriminator").Sum(layer => layer.Parameters));
        Assert.AreEqual(gan.Summary.Duration, model.Summary.Duration);
        Dictionary<string, byte[]> entries = ModelFile.Entries(File.ReadAllBytes(_path));
        CollectionAssert.AreEquivalent(
            entries.Where(entry => entry.Key.StartsWith("TransformerChain"))
                .Select(entry => $"{Path.GetFileName(entry.Key)} {entry.Value.Length}").ToArray(),
            model.Parts.Select(part => $"{part.Name} {part.Length}").ToArray());
    }

    [TestMethod]
    public void A_chain_tells_of_each_of_its_models()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        using DcganFeaturizer featurizer = gan.Featurizer(inputColumnName: gan.OutputColumnName);
        ITransformer chain = new Microsoft.ML.Data.TransformerChain<ITransformer>(gan, featurizer);
        File.WriteAllBytes(_path, ModelFile.Saved(chain, gan.SampleNoise(1)));

        IReadOnlyList<DcganModelFile> models = DcganModelFile.Inspect(_path);

        CollectionAssert.AreEqual(new[] { DcganModelKind.Generator, DcganModelKind.Featurizer },
            models.Select(model => model.Kind).ToArray());
        Assert.IsNull(models[1].GeneratorParameters);
        Assert.IsTrue(models[1].Layers.All(layer => layer.Network == "discriminator"));
        Assert.AreEqual(gan.OutputColumnName, models[1].InputColumnName);
        Assert.AreEqual(featurizer.OutputColumnName, models[1].OutputColumnName);
    }

    [TestMethod]
    public void The_layers_are_known_before_the_training()
    {
        using DcganTransformer gan = LabelledPictures.Hasty(_ml);
        File.WriteAllBytes(_path, ModelFile.Saved(gan, gan.SampleNoise(1)));

        DcganEstimator.Options options = LabelledPictures.Options();
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Transforms.Dcgan(options).Layers(2)).Message,
            "set the options ImageHeight, ImageWidth and Channels.");
        (options.ImageHeight, options.ImageWidth, options.Channels) = (gan.ImageHeight, gan.ImageWidth, gan.Channels);
        CollectionAssert.AreEqual(DcganModelFile.Inspect(_path).Single().Layers.ToArray(),
            _ml.Transforms.Dcgan(options).Layers(2).ToArray());
    }

    [TestMethod]
    public void What_is_no_model_is_refused()
    {
        File.WriteAllText(_path, "no zip at all");
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => DcganModelFile.Inspect(_path)).Message,
            $"'{_path}' is no model file, or is damaged");

        using DcganTransformer gan = Pictures.SmallModel(_ml);
        byte[] model = ModelFile.Saved(gan, gan.SampleNoise(1));
        File.WriteAllBytes(_path, ModelFile.Changed(model, "dcgan.json", _ => null));
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => DcganModelFile.Inspect(_path)).Message,
            "holds no DCGAN model: none of its");

        File.WriteAllBytes(_path, ModelFile.Changed(model, "generator.safetensors", _ => null));
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => DcganModelFile.Inspect(_path)).Message,
            "The model file has no generator.safetensors");

        File.WriteAllBytes(_path, ModelFile.Edited(model, json => json["formatVersion"] = 99));
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => DcganModelFile.Inspect(_path)).Message, "format version 99");
    }
}
