using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Bridge;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Evaluation;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Persistence;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using TorchSharp;

namespace Microsoft.ML.Dcgan;

/// <summary>
/// Trains a deep convolutional generative adversarial network (Radford, Metz and Chintala 2015) on a column of images. Make
/// one with <c>mlContext.Transforms.Dcgan(...)</c>.
/// </summary>
public sealed partial class DcganEstimator : IEstimator<DcganTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly Options _options;
    private readonly ImageColumn _images;

    internal DcganEstimator(IHostEnvironment environment, Options options)
    {
        _environment = environment;
        _options = options.Validated();
        _images = new ImageColumn(_options.ImageColumnName, _options.ImageHeight, _options.ImageWidth, _options.Channels, _options.BadImages);
    }

    /// <summary>Reads all images, trains on them, and returns the generator as a transformer, which its user disposes.</summary>
    /// <param name="input">The training data. Only the image column is read, once.</param>
    /// <exception cref="ArgumentOutOfRangeException">The image column is missing, or of a wrong type or size.</exception>
    /// <exception cref="InvalidOperationException">There are no images, an image cannot be read or does not fit, CUDA was required and is
    /// missing, training diverged, or it went wrong before it ever was healthy and was to stop then.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the first minibatch was trained on.</exception>
    public DcganTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel log = _environment.Start("DCGAN training");
        torch.Device device = DeviceChoice.Choose(_options.Device,
            EnvironmentBridge.GpuDeviceId(_environment), EnvironmentBridge.FallbackToCpu(_environment));
        (DataViewSchema.Column column, ImageFormat format) = _images.Resolve(input);

        var shape = new NetworkShape(format.Height, format.Width, format.Channels, _options.NoiseSize,
            _options.GeneratorFeatureMaps, _options.DiscriminatorFeatureMaps, _options.KernelSize);
        using TrainingImages images = ReadImages(input, column, format, device, log, out long skipped);
        torch.ScalarType precision = PrecisionChoice.Choose(_options.Precision, device);
        log.Info(MessageSensitivity.None, "Training on {0} images of {1}, on {2} in {3}; the generator has {4} weights and the discriminator {5}.",
            images.Count, format, device, precision, shape.GeneratorParameters, shape.DiscriminatorParameters);

        var networks = new GanNetworks(shape, device, precision);
        try
        {
            TrainingSettings settings = _options.Settings(_options.Seed ?? EnvironmentBridge.Seed(_environment) ?? Random.Shared.Next());
            return new DcganTransformer(networks, new ModelDescription
            {
                Network = shape,
                Generation = new GenerationDescription(_options.OutputColumnName, _options.NoiseColumnName, _options.GenerationSeed, _options.GenerationBatchSize),
                Options = settings,
                Summary = Train(networks, images, settings, log) with { SkippedImages = skipped },
            });
        }
        catch
        {
            networks.Dispose();
            throw;
        }
    }

    /// <summary>The input's columns and the column of generated images.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The image column is missing or of a wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _images.Check(inputSchema);
        ImageDataViewType output = _options.ImageHeight is int height && _options.ImageWidth is int width
            ? new ImageDataViewType(height, width)
            : new ImageDataViewType();
        return SchemaShapes.With(inputSchema, _options.OutputColumnName, output);
    }

    private TrainingImages ReadImages(IDataView input, DataViewSchema.Column column, ImageFormat format, torch.Device device,
        IChannel log, out long skipped)
    {
        long count = ImageReader.Count(input);
        if (count == 0)
            throw new BadRows(input, column.Name, _options.BadImages).NoImages();
        TrainingImages images = TrainingImages.Create(count, (format.Channels, format.Height, format.Width), device, _options.CacheFolder);
        try
        {
            BadRows bad = ImageReader.Read(input, column, format, images, _options.CancellationToken, _options.BadImages);
            skipped = bad.Count;
            LogSkipped(bad, images.Count, log);
            return images;
        }
        catch
        {
            images.Dispose();
            throw;
        }
    }

    private static void LogSkipped(BadRows bad, long kept, IChannel log)
    {
        foreach (string description in bad.Descriptions)
            log.Warning(MessageSensitivity.UserData, "Skipped {0}", description);
        if (bad.Count > 0)
            log.Warning(MessageSensitivity.None, "{0} of {1} rows were skipped: their images cannot be read.", bad.Count, bad.Count + kept);
    }

    private TrainingSummary Train(GanNetworks networks, TrainingImages images, TrainingSettings settings, IChannel log)
    {
        using var reporter = new ProgressReporter(_environment, log, _options.Progress);
        using TrainingEvaluation? evaluation = settings.Evaluation is { } wanted
            ? new TrainingEvaluation(images, wanted, _options.ImageColumnName, _options.EvaluationFeatures, settings.Seed, networks.Device, _options.CancellationToken)
            : null;
        TrainingSummary summary = TrainingLoop.Run(networks, images, settings, reporter.Report, _options.CancellationToken, evaluation, reporter.Alarm);
        if (summary is { BestStep: long best, FrechetDistance: not null })
            log.Info(MessageSensitivity.None, "The generator is that of minibatch {0} of {1}: Fréchet distance {2:G4}.", best, summary.Steps, summary.FrechetDistance);
        if (summary.Stalled)
            log.Info(MessageSensitivity.None, "Training ended after {0} of {1} minibatches: {2} evaluations brought nothing better.", summary.Steps, summary.PlannedSteps, _options.EvaluationPatience);
        if (summary.Events.LastOrDefault() is { Action: DcganHealthPolicy.Stop } stop)
            log.Warning(MessageSensitivity.None, "Training was stopped after {0} of {1} minibatches ({2}); the model is what it was after minibatch {3}.", summary.Steps, summary.PlannedSteps, stop.Alarm, summary.BestStep);
        if (summary.Cancelled)
            log.Warning(MessageSensitivity.None, "Training was cancelled after {0} of {1} minibatches; the model is what it had become by then.", summary.Steps, summary.PlannedSteps);
        return summary;
    }
}
