using System.Reflection;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Dcgan.Tests.Storage;

/// <summary>What a model was trained with can be read in its file, and survives being loaded and saved again.</summary>
[TestClass]
public sealed class OptionsFileTests
{
    // Of the run and the machine, not of the model; or of the data, which has tests of its own.
    private static readonly string[] _elsewhere =
    [
        "Device", "CacheFolder", "Progress", "Samples", "CancellationToken", "EvaluationFeatures", "ImageColumnName", "LabelColumnName",
        "Distribution", "Replicas", "CommunicationTimeout",
    ];

    public static IEnumerable<object[]> Rows =>
    [
        ["OutputColumnName", "Made", "outputColumnName"],
        ["NoiseColumnName", "Z", "inputColumnName"],
        ["GenerationSeed", 5, "noiseSeed"],
        ["GenerationBatchSize", 3, "batchSize"],
        ["ImageHeight", 16, "network.height"],
        ["ImageWidth", 12, "network.width"],
        ["Channels", 3, "network.channels"],
        ["NoiseSize", 5, "network.noiseSize"],
        ["NoiseDistribution", DcganNoise.Uniform, "network.noiseDistribution"],
        ["GeneratorFeatureMaps", 3, "network.generatorFeatureMaps"],
        ["DiscriminatorFeatureMaps", 3, "network.discriminatorFeatureMaps"],
        ["KernelSize", 5, "network.kernelSize"],
        ["Upsampling", DcganUpsampling.ResizeConvolution, "network.upsampling"],
        ["DiscriminatorNormalization", DcganNormalization.Spectral, "network.discriminatorNormalization"],
        ["MinibatchDeviation", true, "network.minibatchDeviation"],
        ["Epochs", 2, "options.epochs"],
        ["BatchSize", 3, "options.batchSize"],
        ["LearningRate", 0.001, "options.learningRate"],
        ["DiscriminatorLearningRate", 0.003, "options.discriminatorLearningRate"],
        ["LearningRateSchedule", DcganSchedule.Cosine, "options.learningRateSchedule"],
        ["LearningRateDecayStart", 0.25, "options.learningRateDecayStart"],
        ["LearningRateWarmUp", 0.25, "options.learningRateWarmUp"],
        ["Beta1", 0.25, "options.beta1"],
        ["Beta2", 0.75, "options.beta2"],
        ["WeightDecay", 0.01, "options.weightDecay"],
        ["Seed", 77, "options.seed"],
        ["Precision", DcganPrecision.Float32, "options.precision"],
        ["ProgressInterval", 1, "options.progressInterval"],
        ["Loss", DcganLoss.Hinge, "options.loss"],
        ["DiscriminatorSteps", 2, "options.discriminatorSteps"],
        ["AverageHalfLife", 100L, "options.averageHalfLife"],
        ["AverageRampUp", 0.5, "options.averageRampUp"],
        ["R1Penalty", 2.5, "options.r1Penalty"],
        ["R2Penalty", 2.5, "options.r2Penalty"],
        ["R1Interval", 2, "options.r1Interval"],
        ["GradientPenalty", 7.5, "options.gradientPenalty"],
        ["RealLabel", 0.75, "options.realLabel"],
        ["LabelNoise", 0.125, "options.labelNoise"],
        ["InstanceNoise", 0.5, "options.instanceNoise"],
        ["InstanceNoiseDecay", 0.5, "options.instanceNoiseDecay"],
        ["GeneratorDropout", 0.25, "options.generatorDropout"],
        ["DiscriminatorDropout", 0.25, "options.discriminatorDropout"],
        ["Augmentation", DcganAugmentation.Translation, "options.augmentation"],
        ["AdaptiveAugmentation", false, "options.adaptiveAugmentation"],
        ["Mirror", true, "options.mirror"],
        ["BadImages", DcganBadImages.Skip, "options.badImages"],
        ["HealthPolicy", DcganHealthPolicy.RollBack, "options.healthPolicy"],
        ["HealthInterval", 123L, "options.healthInterval"],
        ["EvaluationInterval", 4L, "options.evaluationInterval"],
        ["EvaluationSamples", 6, "options.evaluationSamples"],
        ["EvaluationPatience", 9, "options.evaluationPatience"],
        ["CheckpointFolder", "", "options.checkpointFolder"],
        ["CheckpointInterval", 4L, "options.checkpointInterval"],
        ["CheckpointMinutes", 0.5, "options.checkpointMinutes"],
        ["CheckpointsKept", 2, "options.checkpointsKept"],
        ["SampleInterval", 8L, "options.sampleInterval"],
        ["SampleCount", 5, "options.sampleCount"],
        ["Resume", true, "options.resume"],
        ["SynchronizeBatchStatistics", false, "options.synchronizeBatchStatistics"],
        ["CompressGradients", true, "options.compressGradients"],
        ["LocalSteps", 3, "options.localSteps"],
    ];

    [TestMethod]
    [DynamicData(nameof(Rows))]
    public void Every_option_is_in_the_file_and_stays_there(string option, object value, string place)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            var ml = new MLContext(seed: 1);
            DcganEstimator.Options options = Pictures.SmallOptions();
            options.DiscriminatorNormalization = option is "GradientPenalty" ? DcganNormalization.None
                : options.DiscriminatorNormalization;
            options.Loss = option is "RealLabel" or "LabelNoise" ? DcganLoss.NonSaturating : options.Loss;
            options.EvaluationInterval = option.StartsWith("Evaluation") ? 8 : 0;
            options.CheckpointFolder = option.StartsWith("Checkpoint") || option == "Resume" ? folder.FullName : null;
            options.SampleInterval = option == "SampleCount" ? 8 : 0;
            if (value is not "")
                typeof(DcganEstimator.Options).GetField(option)!.SetValue(options, value);

            using DcganTransformer gan = ml.Transforms.Dcgan(options).Fit(Pictures.View(ml, 8, 16, 12, 3));
            byte[] first = ModelFile.Saved(gan, gan.SampleNoise(1));
            using var loaded = (DcganTransformer)ModelFile.Load(first);
            byte[] second = ModelFile.Saved(loaded, loaded.SampleNoise(1));

            string expected = System.Text.Json.JsonSerializer.Serialize(value is "" ? folder.FullName : value is Enum name ? name.ToString()
                : value);
            Assert.AreEqual(expected, At(first, place), option);
            Assert.AreEqual(expected, At(second, place), $"{option}, loaded and saved again");

            string path = Path.Combine(folder.FullName, "model.zip");
            File.WriteAllBytes(path, second);
            object? told = typeof(DcganEstimator.Options).GetField(option)!.GetValue(DcganModelFile.Inspect(path).Single().Options);
            Assert.AreEqual(value is "" ? folder.FullName : value, told, $"{option}, as the file tells without being loaded");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void No_option_is_forgotten() => CollectionAssert.AreEquivalent(
        typeof(DcganEstimator.Options).GetFields(BindingFlags.Public | BindingFlags.Instance).Select(field => field.Name).ToArray(),
        Rows.Select(row => (string)row[0]).Concat(_elsewhere).ToArray());

    private static string? At(byte[] model, string place)
    {
        JsonNode? node = JsonNode.Parse(ModelFile.Entries(model).Single(entry => entry.Key.EndsWith("dcgan.json")).Value);
        foreach (string name in place.Split('.'))
            node = node?[name];
        return node?.ToJsonString();
    }
}
