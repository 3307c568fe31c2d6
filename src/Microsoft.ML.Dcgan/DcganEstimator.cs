using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Bridge;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Evaluation;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Storage;
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
        _ = AdversarialLoss.Create(_options);
        _images = new ImageColumn(_options.ImageColumnName, _options.ImageHeight, _options.ImageWidth, _options.Channels, _options.BadImages);
    }

    /// <summary>Reads all images, trains on them, and returns the generator as a transformer, which its user disposes.</summary>
    /// <param name="input">The training data. Only the columns of images and labels are read, once.</param>
    /// <exception cref="ArgumentOutOfRangeException">The image or label column is missing, or of a wrong type or size.</exception>
    /// <exception cref="InvalidOperationException">There are no images, an image cannot be read, does not fit or has no label, CUDA was
    /// required and is missing, a checkpoint does not fit, training diverged, or it went wrong before it ever was healthy and was to stop then.</exception>
    /// <exception cref="DllNotFoundException">TorchSharp's native libraries are missing or do not load; the message says what to do. Whatever
    /// uses a network throws this where it is the first to do so: loading a model, importing one, evaluating.</exception>
    /// <exception cref="OutOfMemoryException">There is not enough memory, of the machine or the GPU.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the first minibatch was trained on.</exception>
    public DcganTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Fit(input, null);
    }

    /// <summary>
    /// Trains a model further, on the same or other images, and returns what becomes of it; the model itself stays as it is.
    /// Its weights are where training starts; optimisers start anew. To go on exactly where a training stopped, use
    /// <see cref="Options.CheckpointFolder"/> and <see cref="Options.Resume"/> instead.
    /// </summary>
    /// <param name="input">The training data. Only the columns of images and labels are read, once.</param>
    /// <param name="initialModel">A trained model, of the same image size, noise size, feature maps, kernels and classes as the options ask for. Null: a new one is trained.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="initialModel"/> has other networks than the options ask for; or as for <see cref="Fit(IDataView)"/>.</exception>
    /// <exception cref="InvalidOperationException">As for <see cref="Fit(IDataView)"/>.</exception>
    /// <exception cref="OperationCanceledException">As for <see cref="Fit(IDataView)"/>.</exception>
    public DcganTransformer Fit(IDataView input, DcganTransformer? initialModel)
    {
        ArgumentNullException.ThrowIfNull(input);
        return LibTorchErrors.InOneSentence("Training", () => Train(input, initialModel));
    }

    private DcganTransformer Train(IDataView input, DcganTransformer? initialModel)
    {
        using IChannel log = _environment.Start("DCGAN training");
        torch.Device device = DeviceSelection.Choose(_options.Device,
            EnvironmentBridge.GpuDeviceId(_environment), EnvironmentBridge.FallbackToCpu(_environment));
        (DataViewSchema.Column column, ImageFormat format) = _images.Resolve(input);
        LabelColumn? labels = _options.LabelColumnName is { } name ? LabelColumn.OfTraining(input.Schema, name) : null;
        NetworkShape shape = _options.Shape(format) with { Classes = labels?.Classes.Count ?? 0 };
        initialModel?.RequireShape(shape);
        initialModel?.RequireClasses(labels);

        // What the options leave open is as it was where training goes on.
        CheckpointFolder? checkpoints = _options.CheckpointFolder != null
            ? new CheckpointFolder(_options, warning => log.Warning(MessageSensitivity.None, "{0}", warning))
            : null;
        Checkpoint? last = checkpoints?.Last?.Checkpoint;
        Options settings = _options with { Seed = _options.Seed ?? last?.Options.Seed ?? EnvironmentBridge.Seed(_environment) ?? Random.Shared.Next() };
        torch.ScalarType precision = PrecisionChoice.Choose(_options.Precision == DcganPrecision.Auto && last != null ? last.Precision : _options.Precision, device);

        using Dataset images = ReadImages(input, column, format, labels, device, log, out long skipped);
        log.Info(MessageSensitivity.None, "Training on {0} images of {1}, on {2} in {3}; the generator has {4} weights and the discriminator {5}.",
            images.Count, format, device, precision, shape.GeneratorParameters, shape.DiscriminatorParameters);
        if (last != null)
            log.Info(MessageSensitivity.None, "Training goes on after minibatch {0}, from '{1}'.", last.Facts.Done, checkpoints!.Last!.Value.Path);

        if (labels != null)
            ReportClasses(labels, images, log);
        var networks = new GanNetworks(shape, device, precision);
        try
        {
            if (initialModel != null)
                networks.CopyFrom(initialModel.Networks);
            return new DcganTransformer(networks, new ModelDescription
            {
                Kind = DcganModelKind.Generator,
                Network = shape,
                Generation = new GenerationDescription(_options.OutputColumnName, _options.NoiseColumnName, _options.GenerationSeed, _options.GenerationBatchSize, LabelDescription.Of(labels)),
                Options = settings.Stored(),
                Summary = Train(networks, images, settings, checkpoints, continues: initialModel != null, log) with { SkippedImages = skipped },
            });
        }
        catch
        {
            networks.Dispose();
            throw;
        }
    }

    /// <summary>The input's columns and the column of generated images.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The image or label column is missing or of a wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _images.Check(inputSchema);
        if (_options.LabelColumnName != null)
            LabelColumn.Check(inputSchema, _options.LabelColumnName);
        ImageDataViewType output = _options.ImageHeight is int height && _options.ImageWidth is int width
            ? new ImageDataViewType(height, width)
            : new ImageDataViewType();
        return inputSchema.With(_options.OutputColumnName, output);
    }

    private Dataset ReadImages(IDataView input, DataViewSchema.Column column, ImageFormat format, LabelColumn? labels, torch.Device device,
        IChannel log, out long skipped)
    {
        long count = ImageReader.Count(input);
        if (count == 0)
            throw new SkippedRows(input, column.Name, _options.BadImages).NoImages();
        Dataset images = Dataset.Create(count, (format.Channels, format.Height, format.Width), device, _options.CacheFolder);
        try
        {
            SkippedRows bad = ImageReader.Read(input, column, format, images, _options.CancellationToken, labels, _options.BadImages);
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

    private static void LogSkipped(SkippedRows bad, long kept, IChannel log)
    {
        foreach (string description in bad.Descriptions)
            log.Warning(MessageSensitivity.UserData, "Skipped {0}", description);
        if (bad.Count > 0)
            log.Warning(MessageSensitivity.None, "{0} of {1} rows were skipped: their images cannot be read.", bad.Count, bad.Count + kept);
    }

    private static void ReportClasses(LabelColumn labels, Dataset images, IChannel log)
    {
        var counts = new long[labels.Classes.Count];
        foreach (long label in images.Labels!)
            counts[label]++;
        int[] empty = Enumerable.Range(0, counts.Length).Where(index => counts[index] == 0).ToArray();
        log.Info(MessageSensitivity.None, "Column '{0}' names {1} classes, of {2} to {3} images.", labels.Name, counts.Length, counts.Min(), counts.Max());
        if (empty.Length > 0)
        {
            log.Warning(MessageSensitivity.UserData, "There is no image of {0} of the classes that column '{1}' names: {2}. What is generated of them means nothing.",
                empty.Length, labels.Name, labels.Listing(empty));
        }
    }

    private TrainingSummary Train(GanNetworks networks, Dataset images, Options settings, CheckpointFolder? checkpoints, bool continues, IChannel log)
    {
        using var reporter = new ProgressReporter(_environment, log, _options.Progress);
        using TrainingEvaluation? evaluation = settings.EvaluationInterval > 0
            ? new TrainingEvaluation(images, settings, _options.ImageColumnName, _options.EvaluationFeatures, settings.Seed!.Value, networks.Device, _options.CancellationToken)
            : null;
        using FixedNoiseSamples? samples = settings is { SampleInterval: > 0, Samples: { } show }
            ? new FixedNoiseSamples(networks.Shape, settings, settings.Seed!.Value, networks.Device, show)
            : null;
        TrainingSummary summary = new TrainingLoop(networks, images, settings)
        {
            Report = reporter.Report,
            Alarm = reporter.Alarm,
            Evaluation = evaluation == null ? null : evaluation.Distance,
            Sampling = samples == null ? null : samples.Sample,
            Checkpoints = checkpoints,
            Continues = continues,
        }.Run(_options.CancellationToken);
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

/// <summary>Hands each report of progress to ML.NET's log, to its progress channel, and to the user's callback.</summary>
internal sealed class ProgressReporter : IDisposable
{
    private static readonly string[] _metrics = ["Discriminator loss", "Generator loss", "D(x)", "D(G(z)) before", "D(G(z)) after", "Images/s"];
    private readonly IChannel _log;
    private readonly IProgressChannel _channel;
    private readonly Action<TrainingProgress>? _callback;
    private TrainingProgress? _latest;

    public ProgressReporter(IHostEnvironment environment, IChannel log, Action<TrainingProgress>? callback)
    {
        _log = log;
        _callback = callback;
        _channel = environment.StartProgressChannel("DCGAN training");
        _channel.SetHeader(new ProgressHeader(_metrics, ["minibatches"]), entry =>
        {
            if (_latest is not { } latest)
                return;
            entry.SetProgress(0, latest.Step, latest.Steps);
            double[] values = Values(latest);
            for (int i = 0; i < values.Length; i++)
                entry.SetMetric(i, values[i]);
        });
    }

    public void Report(TrainingProgress progress)
    {
        _latest = progress;
        _log.Info(MessageSensitivity.None,
            "Epoch {0}/{1}, minibatch {2}/{3}: discriminator loss {4:F3}, generator loss {5:F3}, D(x) {6:F3}, D(G(z)) {7:F3} / {8:F3}, {9:F0} images/s, {10:hh\\:mm\\:ss} left.",
            progress.Epoch, progress.Epochs, progress.Step, progress.Steps, progress.DiscriminatorLoss, progress.GeneratorLoss,
            progress.RealScore, progress.GeneratedScoreBefore, progress.GeneratedScoreAfter, progress.ImagesPerSecond, progress.TimeLeft);
        if (progress.FrechetDistance is double distance)
            _log.Info(MessageSensitivity.None, "Fréchet distance after minibatch {0}: {1:G4}.", progress.Step, distance);
        _channel.Checkpoint(Array.ConvertAll([.. Values(progress), progress.Step], value => (double?)value));
        _callback?.Invoke(progress);
    }

    /// <summary>Hands what went wrong to ML.NET's log.</summary>
    public void Alarm(TrainingEvent alarm) =>
        _log.Warning(MessageSensitivity.None, "{0} after minibatch {1} ({2} images): {3}", alarm.Alarm, alarm.Step, alarm.Images, alarm.Message);

    public void Dispose() => _channel.Dispose();

    private static double[] Values(TrainingProgress progress) =>
    [
        progress.DiscriminatorLoss, progress.GeneratorLoss, progress.RealScore,
        progress.GeneratedScoreBefore, progress.GeneratedScoreAfter, progress.ImagesPerSecond,
    ];
}
