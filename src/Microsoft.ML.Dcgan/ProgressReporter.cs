using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dcgan;

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
