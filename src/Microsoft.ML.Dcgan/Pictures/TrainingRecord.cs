using Microsoft.ML.Dcgan.Pictures;

namespace Microsoft.ML.Dcgan;

/// <summary>Keeps what a training shows in a folder: the pictures of each look at it (see <see cref="DcganEstimator.Options.Samples"/>), as
/// samples/IMAGES.png, and the reports of its progress, in progress.jsonl. A training that stopped and goes on, with the same folder and
/// <see cref="DcganEstimator.Options.Resume"/>, goes on with its record too. Any thread may read it while training writes.</summary>
public sealed class TrainingRecord
{
    /// <summary>Images between two looks where the options do not say.</summary>
    private const long SampleInterval = 5_000;
    private readonly SampleFolder _samples;
    private readonly ProgressFile _progress;
    private readonly List<string> _failures = [];
    private readonly object _lock = new();

    /// <summary>Opens the record in a folder, which is made where it is missing.</summary>
    /// <param name="folder">Its path.</param>
    /// <exception cref="InvalidOperationException">The folder cannot be made or read.</exception>
    public TrainingRecord(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        Folder = folder;
        try
        {
            _samples = new SampleFolder(Path.Combine(folder, "samples"));
            _progress = new ProgressFile(Path.Combine(folder, "progress.jsonl"));
        }
        catch (Exception failure) when (IsOfDisk(failure))
        {
            throw new InvalidOperationException(
                $"There can be no record of a training in '{folder}': {failure.Message} Name a folder that can be written to.", failure);
        }
    }

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    /// <summary>The looks so far, in order.</summary>
    public IReadOnlyList<TrainingFrame> Frames => Copy(_samples.Frames);

    /// <summary>The reports so far, in order.</summary>
    public IReadOnlyList<TrainingProgress> Progress => Copy(_progress.Reports);

    /// <summary>What could not be written, and why; training went on without it. Of this process only.</summary>
    public IReadOnlyList<string> Failures => Copy(_failures);

    /// <summary>Has a training recorded: adds to the callbacks <see cref="DcganEstimator.Options.Progress"/> and
    /// <see cref="DcganEstimator.Options.Samples"/>, and calls those that are there after it. Where there is no
    /// <see cref="DcganEstimator.Options.SampleInterval"/>, it is set to 5,000 images.</summary>
    /// <param name="options">The training's, before an estimator is made of them: that copies them.</param>
    /// <exception cref="InvalidOperationException">The folder has another training's record, and Resume is not set.</exception>
    public void Attach(DcganEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!options.Resume && (Frames.Count > 0 || Progress.Count > 0))
        {
            long images = Math.Max(Frames.LastOrDefault()?.Images ?? 0, Progress.LastOrDefault()?.Images ?? 0);
            throw new InvalidOperationException($"'{Folder}' has the record of another training, up to {images} images. " +
                "Set Resume to true to go on with it, or name another folder.");
        }
        if (options.SampleInterval == 0)
            options.SampleInterval = SampleInterval;
        options.Progress = Add + options.Progress;
        options.Samples = Add + options.Samples;
    }

    /// <summary>How the pictures became what they are: the looks, one after the other.</summary>
    /// <param name="delay">How long each is shown, in milliseconds, 20 to 65,535.</param>
    /// <param name="mostFrames">How many to show at most, 2 or more: the first, the last, and some evenly between.</param>
    /// <exception cref="InvalidOperationException">There are no looks, or they are of different sizes.</exception>
    public ImageAnimation ToAnimation(int delay = 150, int mostFrames = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostFrames, 2);
        IReadOnlyList<TrainingFrame> frames = Frames;
        if (frames.Count == 0)
        {
            throw new InvalidOperationException(
                $"'{Folder}' has no samples of a training yet. Attach the record to a training's options first.");
        }
        int count = Math.Min(frames.Count, mostFrames);
        try
        {
            return new ImageAnimation(Enumerable.Range(0, count).Select(i =>
            {
                using MLImage image = MLImage.CreateFromFile(frames[(int)((long)i * (frames.Count - 1) / Math.Max(count - 1, 1))].Path);
                return PixelCanvas.From(image);
            }), delay, lastDelay: Math.Max(delay, 2_000));
        }
        catch (ArgumentException failure) when (failure.ParamName == "frames")
        {
            throw new InvalidOperationException(
                $"The samples in '{Folder}' cannot be shown one after the other: {failure.Message}", failure);
        }
    }

    private T[] Copy<T>(IEnumerable<T> live)
    {
        lock (_lock)
            return [.. live];
    }

    private void Add(TrainingProgress report) => Write($"the report after {report.Images} images", () =>
    {
        _samples.ForgetAfter(report.Images);
        _progress.Add(report);
    });

    private void Add(TrainingSamples samples) => Write($"the samples after {samples.Images} images", () =>
    {
        _progress.ForgetAfter(samples.Images);
        _samples.Add(samples);
    });

    // A disk that is full, or gone, costs the record and not the training.
    private void Write(string what, Action write)
    {
        lock (_lock)
        {
            try
            {
                write();
            }
            catch (Exception failure) when (IsOfDisk(failure))
            {
                _failures.Add($"There is no record of {what}: {failure.Message}");
            }
        }
    }

    private static bool IsOfDisk(Exception failure) => failure is IOException or UnauthorizedAccessException or NotSupportedException;
}

/// <summary>A look at a training, in a file.</summary>
/// <param name="Images">How many images had been trained on.</param>
/// <param name="Path">A PNG file with the pictures side by side.</param>
public sealed record TrainingFrame(long Images, string Path);
