using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Storage;
using Microsoft.ML.Dcgan.Tests.Pipelines;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static Microsoft.ML.Dcgan.Tests.GeneratedPictures;
using static Microsoft.ML.Dcgan.Tests.ModelFile;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Storage;

/// <summary>Models whose networks are not the paper's.</summary>
[TestClass]
public sealed class NetworkOptionsFileTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static IEnumerable<object[]> Combinations =>
        from noise in Enum.GetValues<DcganNoise>()
        from upsampling in Enum.GetValues<DcganUpsampling>()
        from normalization in Enum.GetValues<DcganNormalization>()
        select new object[] { noise, upsampling, normalization };

    [TestMethod]
    [DynamicData(nameof(Combinations))]
    public void A_reloaded_model_is_the_same_model(DcganNoise noise, DcganUpsampling upsampling, DcganNormalization normalization)
    {
        using DcganTransformer gan = Model(noise, upsampling, normalization);
        byte[] file = Saved(gan, gan.SampleNoise(1));
        JsonNode json = Json(file);
        using var again = (DcganTransformer)Load(file);

        CheckSame(Generated(gan, 5), Generated(again, 5));
        Assert.AreEqual((noise, upsampling, normalization),
            (again.Networks.Shape.NoiseDistribution, again.Networks.Shape.Upsampling, again.Networks.Shape.DiscriminatorNormalization));
        CollectionAssert.AreEqual(Scores(gan), Scores(again));
        Assert.AreEqual((noise.ToString(), upsampling.ToString(), normalization.ToString()),
            ((string)json["network"]!["noiseDistribution"]!, (string)json["network"]!["upsampling"]!,
                (string)json["network"]!["discriminatorNormalization"]!));
    }

    [TestMethod]
    public void A_discriminator_that_sees_deviations_is_reloaded()
    {
        DcganEstimator.Options options = Pictures.SmallOptions() with { MinibatchDeviation = true };
        using DcganTransformer gan = _ml.Transforms.Dcgan(options).Fit(View());
        byte[] file = Saved(gan, gan.SampleNoise(1));
        using var again = (DcganTransformer)Load(file);
        CollectionAssert.AreEqual(Scores(gan), Scores(again));
        Assert.IsTrue((bool)Json(file)["network"]!["minibatchDeviation"]!);
        Refused(Edited(file, json => json["network"]!["minibatchDeviation"] = false), "discriminator.safetensors", "do not fit");
    }

    [TestMethod]
    public void Networks_that_do_not_fit_the_weights_are_refused()
    {
        using DcganTransformer gan = Model(default, default, DcganNormalization.Spectral);
        byte[] file = Saved(gan, gan.SampleNoise(1));
        Refused(Edited(file, json => json["network"]!["discriminatorNormalization"] = "Batch"), "discriminator.safetensors", "do not fit");
        Refused(Edited(file, json => json["network"]!["discriminatorNormalization"] = "None"), "discriminator.safetensors", "do not fit");
        Refused(Edited(file, json => json["network"]!["upsampling"] = "ResizeConvolution"), "generator.safetensors", "do not fit");
        Refused(Edited(file, json => json["network"]!["classes"] = 2), "has networks of 2 classes, but no column of labels");
    }

    [TestMethod]
    public void Options_that_no_network_has_are_refused()
    {
        using DcganTransformer gan = Model(default, default, default);
        byte[] file = Saved(gan, gan.SampleNoise(1));
        Refused(Edited(file, json => json["network"]!["discriminatorNormalization"] = 9), "damaged",
            "DiscriminatorNormalization is 9, but it must be Batch, Spectral or None");
        Refused(Edited(file, json => json["network"]!["upsampling"] = 9), "damaged", "Upsampling is 9, but it must be");
        Refused(Edited(file, json => json["network"]!["noiseDistribution"] = 9), "damaged",
            "NoiseDistribution is 9, but it must be Normal or Uniform");
        Refused(Edited(file, json => json["network"]!["upsampling"] = "Bicubic"), "damaged");
        Refused(Edited(file, json => json["network"]!["classes"] = -1), "has -1 classes, but from 0 to 10000 are expected");
        Refused(Edited(file, json => json["network"]!["classes"] = 1_000_000), "has 1000000 classes");
    }

    [TestMethod]
    public void A_discriminator_of_classes_is_reloaded()
    {
        using var random = new torch.Generator(1, CPU);
        var shape = new NetworkShape(16, 12, 3, 6, 4, 4, 4) { Classes = 3, DiscriminatorNormalization = DcganNormalization.Spectral };
        using DcganTransformer small = Pictures.SmallModel(_ml);
        var networks = new GanNetworks(shape, CPU, small.Networks.Precision);
        networks.Initialize(random);
        networks.Discriminator.eval();
        using var gan = new DcganTransformer(networks, new ModelDescription
        {
            Kind = DcganModelKind.Generator,
            Network = shape,
            OutputColumnName = "Generated",
            InputColumnName = "Noise",
            BatchSize = 64,
            Options = LoopOptions.Create(4),
            Summary = small.Summary,
        });

        using DcganRealnessScorer scorer = gan.RealnessScorer("Score", "Pixels");
        byte[] file = Saved(scorer, View());
        using var again = (DcganRealnessScorer)Load(file);

        Assert.AreEqual(3, (int)Json(file)["network"]!["classes"]!);
        CollectionAssert.AreEqual(Scores(scorer), Scores(again));
    }

    [TestMethod]
    public void Noise_is_as_it_was_in_training()
    {
        using DcganTransformer gan = Model(DcganNoise.Uniform, default, default);
        float[] noise = gan.SampleNoise(200, seed: 3).GetColumn<float[]>("Noise").SelectMany(row => row).ToArray();

        Assert.IsTrue(noise.All(number => number is >= -1 and < 1));
        Assert.IsTrue(noise.Max() > 0.99 && noise.Min() < -0.99);
        CheckSame(Generated(gan, 5), Generated(gan.Transform(gan.SampleNoise(5))));
        SchemaDefinition schema = SchemaDefinition.Create(typeof(NoiseRow));
        schema["Noise"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 6);
        IDataView wrong = _ml.Data.LoadFromEnumerable([new NoiseRow { Noise = [1, 2, float.NaN, 4, 5, 6] }], schema);
        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => Generated(gan.Transform(wrong))).Message,
            "holds NaN, but a noise vector must be finite numbers, in [-1, 1).");
    }

    private DcganTransformer Model(DcganNoise noise, DcganUpsampling upsampling, DcganNormalization normalization)
    {
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.NoiseDistribution = noise;
        options.Upsampling = upsampling;
        options.DiscriminatorNormalization = normalization;
        return _ml.Transforms.Dcgan(options).Fit(View());
    }

    private float[] Scores(DcganTransformer gan)
    {
        using DcganRealnessScorer scorer = gan.RealnessScorer("Score", "Pixels");
        return Scores(scorer);
    }

    private float[] Scores(DcganRealnessScorer scorer) => scorer.Transform(View()).GetColumn<float>("Score").ToArray();

    private IDataView View() => Pictures.View(_ml, 8, 16, 12, 3);

    private static JsonNode Json(byte[] file) => JsonNode.Parse(Entries(file).Single(entry => entry.Key.EndsWith("dcgan.json")).Value)!;
}
