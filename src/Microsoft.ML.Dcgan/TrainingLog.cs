using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Distributed;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dcgan;

/// <summary>What a training says: to ML.NET's log, and each report to the user's callback. ML.NET's progress channel has no reader, and
/// keeps all that it is told.</summary>
internal sealed class TrainingLog(IHostEnvironment environment, Action<TrainingProgress>? callback) : IDisposable
{
    private readonly IChannel _log = environment.Start("DCGAN training");

    public void Warn(string warning) => Warn("{0}", warning);

    public void Read(Dataset images, ReadingNotes notes, LabelColumn? labels)
    {
        foreach (string warning in notes.Warnings)
            Warn(warning);
        foreach (string description in notes.Skipped)
            _log.Warning(MessageSensitivity.UserData, "Skipped {0}", description);
        if (notes.SkippedCount > 0)
            Warn("{0} of {1} rows were skipped: their images cannot be read.", notes.SkippedCount, notes.SkippedCount + images.Count);
        if (labels == null)
            return;
        var counts = new long[labels.Classes.Count];
        foreach (long label in images.Labels!)
            counts[label]++;
        int[] empty = [.. Enumerable.Range(0, counts.Length).Where(index => counts[index] == 0)];
        Info("Column '{0}' names {1} classes, of {2} to {3} images.", labels.Name, counts.Length, counts.Min(), counts.Max());
        if (empty.Length > 0)
        {
            _log.Warning(MessageSensitivity.UserData, "There is no image of {0} of the classes that column '{1}' names: {2}. " +
                "What is generated of them means nothing.", empty.Length, labels.Name, labels.Listing(empty));
        }
    }

    public void Start(Dataset images, ImageFormat format, torch.Device device, torch.ScalarType precision, NetworkShape shape) =>
        Info("Training on {0} images of {1}, on {2} in {3}; the generator has {4} weights and the discriminator {5}.",
            images.Count, format, device, precision, shape.GeneratorParameters, shape.DiscriminatorParameters);

    public void Resume(long step, string path) => Info("Training goes on after minibatch {0}, from '{1}'.", step, path);

    public void Report(TrainingProgress progress)
    {
        string left = progress.TimeLeft is { } time ? $", {time:hh\\:mm\\:ss} left" : "";
        Info("Epoch {0}, minibatch {1}: discriminator loss {2:F3}, generator loss {3:F3}, " +
            "D(x) {4:F3}, D(G(z)) {5:F3} / {6:F3}, {7:F0} images/s{8}.",
            OutOf(progress.Epoch, progress.Epochs), OutOf(progress.Step, progress.Steps),
            progress.DiscriminatorLoss, progress.GeneratorLoss, progress.RealScore, progress.GeneratedScoreBefore,
            progress.GeneratedScoreAfter, progress.ImagesPerSecond, left);
        if (progress.FrechetDistance is double distance)
            Info("Fréchet distance after minibatch {0}: {1:G4}.", progress.Step, distance);
        callback?.Invoke(progress);
    }

    public void Alarm(TrainingEvent alarm) =>
        Warn("{0} after minibatch {1} ({2} images): {3}", alarm.Alarm, alarm.Step, alarm.Images, alarm.Message);

    /// <summary>How it ended, where that was not as planned.</summary>
    public void End(TrainingSummary summary, int patience)
    {
        if (summary is { BestStep: long best, FrechetDistance: double distance })
            Info("The generator is that of minibatch {0} of {1}: Fréchet distance {2:G4}.", best, summary.Steps, distance);
        if (summary.Stalled)
        {
            Info("Training ended after {0} of {1} minibatches: {2} evaluations brought nothing better.",
                summary.Steps, summary.PlannedSteps, patience);
        }
        if (summary.Events.LastOrDefault() is { Action: DcganHealthPolicy.Stop } stop)
        {
            Warn("Training was stopped after {0} minibatches ({1}); the model is what it was after minibatch {2}.",
                OutOf(summary.Steps, summary.PlannedSteps, " of "), stop.Alarm, summary.BestStep);
        }
        if (summary.Cancelled)
        {
            Warn("Training was cancelled after {0} minibatches; the model is what it had become by then.",
                OutOf(summary.Steps, summary.PlannedSteps, " of "));
        }
    }

    public void Dispose() => _log.Dispose();

    private static string OutOf(long number, long all, string between = "/") => all > 0 ? $"{number}{between}{all}" : $"{number}";

    private void Info(string format, params object?[] values) => _log.Info(MessageSensitivity.None, format, values);

    private void Warn(string format, params object?[] values) => _log.Warning(MessageSensitivity.None, format, values);
}

/// <summary>What is worth saying of the images that were read, by all ranks: of pictures that would look otherwise, of the first few rows
/// that were skipped, and how many were.</summary>
internal sealed record ReadingNotes(IReadOnlyList<string> Warnings, IReadOnlyList<string> Skipped, long SkippedCount)
{
    public static ReadingNotes Of(ImageFlaws flaws, SkippedRows skipped, Communicator ranks) =>
        new(OfAll(flaws.Warnings, ranks), OfAll(skipped.Descriptions, ranks), ranks.Gather($"{skipped.Count}").Sum(long.Parse));

    private static IReadOnlyList<string> OfAll(IEnumerable<string> own, Communicator ranks)
    {
        const char between = '\0';
        string whose = ranks.IsAlone ? "" : $"rank {ranks.Rank}: ";
        return [.. ranks.Gather(string.Join(between, own.Select(note => whose + note)))
            .SelectMany(notes => notes.Split(between, StringSplitOptions.RemoveEmptyEntries))];
    }
}
