using Microsoft.ML.Dcgan;
using Microsoft.ML.Dcgan.Bridge;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Distributed;
using Microsoft.ML.Dcgan.Evaluation;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Adds <see cref="ImageGenerationCatalog"/> to <see cref="MLContext"/>.</summary>
public static class ImageGenerationExtensions
{
    /// <summary>What there is to evaluate generated images with.</summary>
    /// <param name="mlContext">The context, whose seed, GPU and log are used.</param>
    public static ImageGenerationCatalog ImageGeneration(this MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return new ImageGenerationCatalog(mlContext);
    }
}

/// <summary>Evaluates generated images. Get it by <c>mlContext.ImageGeneration()</c>.</summary>
public sealed class ImageGenerationCatalog
{
    private readonly MLContext _mlContext;

    internal ImageGenerationCatalog(MLContext mlContext) => _mlContext = mlContext;

    /// <summary>Measures how generated images compare with real ones, by all metrics and with their papers' settings.</summary>
    /// <param name="real">Real images, best those that the generator was not trained on.</param>
    /// <param name="generated">Generated images, best as many.</param>
    /// <param name="realColumnName">Its column: images, all of one size, or known-size vectors of <see cref="float"/>.</param>
    /// <param name="generatedColumnName">The column of <paramref name="generated"/>, likewise.</param>
    /// <param name="featureExtractor">A transformer whose output is measured; null measures images by their pixels in [-1, 1] and vectors
    /// as they are. It sees both views with the column to look at under <paramref name="realColumnName"/>.</param>
    /// <param name="featureColumnName">Its output: known-size vectors of <see cref="float"/>; null is the last such column.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of a wrong type, or the features' sizes differ.</exception>
    /// <exception cref="InvalidOperationException">A view has too few rows, a feature is not finite, or an image does not fit.</exception>
    public ImageGenerationMetrics Evaluate(IDataView real, IDataView generated,
        string realColumnName = DcganEstimator.Defaults.ImageColumnName,
        string generatedColumnName = DcganEstimator.Defaults.OutputColumnName,
        ITransformer? featureExtractor = null,
        string? featureColumnName = null) =>
        Evaluate(real, generated, new ImageGenerationOptions
        {
            RealColumnName = realColumnName,
            GeneratedColumnName = generatedColumnName,
            FeatureExtractor = featureExtractor,
            FeatureColumnName = featureColumnName,
        });

    /// <inheritdoc cref="Evaluate(IDataView, IDataView, string, string, ITransformer, string)"/>
    /// <param name="real">Real images, best those that the generator was not trained on.</param>
    /// <param name="generated">Generated images, best as many.</param>
    /// <param name="options">What to measure, and how.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ImageGenerationMetrics Evaluate(IDataView real, IDataView generated, ImageGenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(generated);
        ArgumentNullException.ThrowIfNull(options);
        return Measure("Evaluating", "real", real, generated, options, (evaluator, find) =>
        {
            using IChannel log = EnvironmentBridge.Of(_mlContext.Transforms).Start("Evaluation of generated images");
            ImageGenerationMetrics metrics = evaluator.Evaluate(find);
            log.Info(MessageSensitivity.None, "{0}", metrics);
            foreach (string warning in metrics.Warnings)
                log.Warning(MessageSensitivity.None, "{0}", warning);
            return metrics;
        });
    }

    /// <summary>Finds the training images that are nearest to each generated image: if they are nearer than training images are to each
    /// other, the generator has memorised them. Generated images' features are held in memory, training images' are not.</summary>
    /// <param name="training">The images that the generator was trained on.</param>
    /// <param name="generated">Generated images.</param>
    /// <param name="trainingColumnName">The column of <paramref name="training"/>, as in <c>Evaluate</c>.</param>
    /// <param name="generatedColumnName">The column of <paramref name="generated"/>, likewise.</param>
    /// <param name="featureExtractor">A transformer whose output is compared; null compares pixels, or vectors as they are.</param>
    /// <param name="featureColumnName">The column that the extractor adds; null is the last column of vectors of its output.</param>
    /// <param name="count">How many training images for each generated one, 1 or more.</param>
    /// <returns>An entry for each row of <paramref name="generated"/>, in order.</returns>
    /// <inheritdoc cref="Evaluate(IDataView, IDataView, string, string, ITransformer, string)" path="/exception"/>
    public IReadOnlyList<NearestImages> FindNearest(IDataView training, IDataView generated,
        string trainingColumnName = DcganEstimator.Defaults.ImageColumnName,
        string generatedColumnName = DcganEstimator.Defaults.OutputColumnName,
        ITransformer? featureExtractor = null,
        string? featureColumnName = null,
        int count = 1)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(generated);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var options = new ImageGenerationOptions
        {
            RealColumnName = trainingColumnName,
            GeneratedColumnName = generatedColumnName,
            FeatureExtractor = featureExtractor,
            FeatureColumnName = featureColumnName,
        };
        return Measure("Finding nearest images", "training", training, generated, options,
            (evaluator, find) => evaluator.FindNearest(find(), count));
    }

    private T Measure<T>(string what, string realRole, IDataView real, IDataView generated, ImageGenerationOptions options,
        Func<Evaluator, Func<FeatureColumns>, T> measure) => LibTorchErrors.InOneSentence(what, () =>
        {
            options = options.Validated();
            IHostEnvironment environment = EnvironmentBridge.Of(_mlContext.Transforms);
            // They wait as long as the first compares what all have computed.
            return MpiCommunicator.Run(options.Distribution, timeout: double.PositiveInfinity, ranks =>
            {
                (int localRank, int sharing) = RankAgreement.Place(ranks);
                torch.Device device = DcganModel.ChooseDevice(options.Device, environment, localRank);
                int seed = (int)ranks.FromRoot(() => options.Seed ?? EnvironmentBridge.Seed(environment) ?? Random.Shared.Next());
                return measure(new Evaluator(options, seed, device, ranks, sharing), () => FeatureColumns.Find(_mlContext,
                    (realRole, real, options.RealColumnName), (generated, options.GeneratedColumnName), options.FeatureExtractor,
                    options.FeatureColumnName, ranks));
            });
        });
}
