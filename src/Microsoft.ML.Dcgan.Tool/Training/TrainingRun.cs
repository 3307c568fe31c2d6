using System.Text.RegularExpressions;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tool.Output;
using Microsoft.ML.Dcgan.Tool.Pictures;
using Microsoft.ML.Dcgan.Tool.Report;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Dcgan.Tool.Training;

/// <summary>From a folder of picture files to a saved model and a grid of generated pictures.</summary>
/// <param name="run">What is asked for.</param>
/// <param name="folder">Where results go.</param>
/// <param name="pictures">What to train on.</param>
/// <param name="resume">Whether to go on from the last checkpoint there.</param>
/// <param name="output">Where words go.</param>
internal sealed class TrainingRun(RunFile run, string folder, IReadOnlyList<Picture> pictures, bool resume, CommandOutput output)
{
    private const int PicturesInGrid = 64;
    private const int GridColumns = 8;
    private const int MostColumns = 16;

    private readonly DcganEstimator.Options _options = run.ToOptions();
    private readonly RunFolder _results = new(folder);
    private TrainingRecord? _record;

    public int Execute(CancellationToken cancellation)
    {
        output.Note($"{Count.Of(pictures.Count, "picture")}; {run.Width}x{run.Height}, {(_options.Channels == 1 ? "grey" : "colour")}; "
            + $"{DryRun.Length(_options)}; seed {_options.Seed}");
        if (run.LabelFromFolder)
            output.Note(DryRun.Classes(pictures));
        MLContext ml = output.Context(_options.Seed);
        using CancellationTokenRegistration told =
            cancellation.Register(() => output.Note("interrupted: the minibatch in progress is ended, and the model saved"));

        try
        {
            using DcganTransformer gan = new LongJob(output).Run("reading pictures", report => Train(ml, report, cancellation));
            if (Ranks.IsRoot)
            {
                Save(ml, gan);
                WriteResult(gan.Summary);
            }
            return gan.Summary.Cancelled ? ExitCode.Interrupted : ExitCode.Done;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            output.Note($"interrupted before the first minibatch: {GoOn}");
            return ExitCode.Interrupted;
        }
        catch (Exception failure) when (failure is not UsageException && RunFolder.HasCheckpoints(_options.CheckpointFolder ?? ""))
        {
            // For want of memory, or of room on the disk.
            output.Note($"the last checkpoint stays: {GoOn}");
            throw;
        }
    }

    private string GoOn => $"'{CommandLineTool.Name} resume {Shell.Quoted(folder)}' goes on from there";

    private DcganTransformer Train(MLContext ml, Action<JobProgress> report, CancellationToken cancellation)
    {
        // The folders' names are read before the pictures are.
        bool reading = !run.LabelFromFolder;
        var figures = new TrainingFigures();
        IDataView view = PictureView.Of(ml, pictures, run.Width, run.Height, _options.Channels!.Value, run.Background, count =>
        {
            if (reading)
                report(count < pictures.Count ? new("reading pictures", (double)count / pictures.Count) : new("training", 0));
        });
        _options.ImageColumnName = PictureView.ColumnName;
        _options.CheckpointFolder ??= _results.Checkpoints;
        _options.Resume = resume;
        _options.CancellationToken = cancellation;
        _options.Distribution = Ranks.Distribution;
        _options.Progress = progress => report(figures.Of(progress));
        if (_options.SampleInterval > 0 && Ranks.IsRoot)
        {
            _options.Samples = figures.Show;
            _record = new TrainingRecord(folder);
            _record.Attach(_options);
        }
        if (!run.LabelFromFolder)
            return Fit(ml, view);

        IDataView labelled = ml.Transforms.Conversion.MapValueToKey(_options.LabelColumnName!, nameof(Picture.Label),
            keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(view).Transform(view);
        reading = true;
        return Fit(ml, labelled);
    }

    private DcganTransformer Fit(MLContext ml, IDataView view)
    {
        try
        {
            return ml.Transforms.Dcgan(_options).Fit(view);
        }
        catch (InvalidOperationException other)
            when (resume && Regex.IsMatch(other.Message, " is of a training on .*images"))
        {
            throw new UsageException($"the pictures in '{run.Images}' are not those that the training in '{folder}' began with: some " +
                $"were added, changed, renamed or deleted. Bring them back, or start anew with '{CommandLineTool.Name} train' and --overwrite");
        }
    }

    private void Save(MLContext ml, DcganTransformer gan)
    {
        _results.SaveModel(ml, gan);
        int columns = gan.Classes.Count is > 0 and <= MostColumns and int classes
            ? classes * Math.Max(1, GridColumns / classes)
            : GridColumns;
        new ImageGrid(gan.Generate(PicturesInGrid / columns * columns, _options.Seed!.Value), columns).Save(_results.Samples);
        // Files of one name's beginning are of one kind: a sample is spread over the set, the same for the same seed.
        Picture[] shuffled = [.. pictures];
        new Random(_options.Seed.Value).Shuffle(shuffled);
        // What is to be said of the files has been.
        IDataView real = PictureView.Of(new MLContext(), shuffled, run.Width, run.Height, _options.Channels!.Value, run.Background);
        PictureGrid.Save(PictureView.Read(real, PicturesInGrid, _options.BadImages == DcganBadImages.Skip), _results.Real);
        new TrainingReport(gan) { Record = _record }.Save(_results.Report);
        if (_record is { Frames.Count: > 0 })
            _record.ToAnimation().Save(_results.Animation);
        if (gan.Summary.Cancelled)
            return;
        (run with { Finished = true }).Write(folder);
        RunFolder.DeleteCheckpoints(_options.CheckpointFolder!);
    }

    private void SayWhatNext()
    {
        string model = Shell.Quoted(_results.Model), below = Path.GetRelativePath(Environment.CurrentDirectory, run.Images);
        string images = Shell.Quoted(below.StartsWith("..", StringComparison.Ordinal) ? run.Images : below);
        output.Line();
        output.Line("What next:");
        output.Line($"  more pictures      {CommandLineTool.Name} generate {model} --out pictures");
        output.Line($"  play with it       {CommandLineTool.Name} serve {model}");
        output.Line($"  how good they are  {CommandLineTool.Name} evaluate {model} --images {images} --report evaluation.html");
        output.Line($"  a film of them     {CommandLineTool.Name} interpolate {model} --out loop.gif");
    }

    private void WriteResult(TrainingSummary summary)
    {
        output.Line($"trained for {Duration.Text(summary.Duration)}{(summary.Cancelled ? ", until interrupted" : "")}");
        if (summary is { BestStep: long best, FrechetDistance: double distance })
        {
            output.Line($"kept the best generator, of minibatch {best} of {summary.Steps}: "
                + FormattableString.Invariant($"Fréchet distance {distance:0.00}"));
        }
        output.Line($"{_results.Samples}   generated");
        output.Line($"{_results.Real}   training pictures, for comparison");
        if (_record is { Frames.Count: > 0 })
            output.Line($"{_results.Animation}   how they became what they are");
        output.Line($"{_results.Report}   all about the training");
        output.Line($"{_results.Model}   the model");
        if (summary.Cancelled)
            output.Note(GoOn);
        SayWhatNext();
        foreach (string failure in _record?.Failures ?? [])
            output.Note(failure);
        output.Result(new
        {
            Model = Path.GetFullPath(_results.Model),
            Samples = Path.GetFullPath(_results.Samples),
            Real = Path.GetFullPath(_results.Real),
            Report = Path.GetFullPath(_results.Report),
            summary.Images,
            summary.SkippedImages,
            summary.Steps,
            summary.PlannedSteps,
            summary.Seed,
            summary.Cancelled,
            summary.Stalled,
            summary.FrechetDistance,
            summary.BestStep,
            Seconds = Math.Round(summary.Duration.TotalSeconds, 3),
            Events = summary.Events.Select(alarm => new { alarm.Alarm, alarm.Step, alarm.Action, alarm.Message }),
        });
    }
}

/// <summary>A training's figures in a line, how they went, and what it makes.</summary>
internal sealed class TrainingFigures
{
    private const int CurveWidth = 24;
    private readonly LossHistory _discriminator = new(), _generator = new();

    // It is measured now and then only.
    private double? _distance;
    private IReadOnlyList<GeneratedImage>? _pictures;

    public void Show(TrainingSamples samples) => _pictures = samples.Pictures;

    public JobProgress Of(TrainingProgress progress)
    {
        _distance = progress.FrechetDistance ?? _distance;
        _discriminator.Add(progress.DiscriminatorLoss);
        _generator.Add(progress.GeneratorLoss);
        string epochs = progress.Epochs > 0 ? $"/{progress.Epochs}" : "";
        string figures = $"epoch {progress.Epoch}{epochs}, {Text(progress)}"
            + (_distance is double distance ? FormattableString.Invariant($", Fréchet distance {distance:0.00}") : "");
        string curves = $"loss D {_discriminator.Sparkline(CurveWidth)}   G {_generator.Sparkline(CurveWidth)}";
        return new JobProgress("training", progress.Steps > 0 ? (double)progress.Step / progress.Steps : null, figures, progress.TimeLeft,
            curves, _pictures);
    }

    public static string Text(TrainingProgress progress) =>
        FormattableString.Invariant($"loss D {progress.DiscriminatorLoss:0.000} G {progress.GeneratorLoss:0.000}, ") +
        FormattableString.Invariant($"D(x) {progress.RealScore:0.00}, D(G(z)) {progress.GeneratedScoreBefore:0.00}/") +
        FormattableString.Invariant($"{progress.GeneratedScoreAfter:0.00}, {progress.ImagesPerSecond:0} images/s");
}
