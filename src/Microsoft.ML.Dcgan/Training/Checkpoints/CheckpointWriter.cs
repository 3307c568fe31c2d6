using System.Diagnostics;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Writes a training's checkpoints when they are due. A disk that is full, or gone, costs the checkpoint and not the training.</summary>
internal sealed class CheckpointWriter(CheckpointFolder folder, GanNetworks networks, TrainingSettings settings, TrainingImages images)
{
    private readonly CheckpointSettings _settings = settings.Checkpoints!;
    private readonly string _fingerprint = images.Fingerprint();
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();
    private long _imagesAtLast;

    /// <param name="done">Images trained on.</param>
    public bool IsDue(long done) =>
        (_settings.Interval > 0 && done - _imagesAtLast >= _settings.Interval)
        || (_settings.Minutes > 0 && _sinceLast.Elapsed.TotalMinutes >= _settings.Minutes);

    /// <summary>Goes on from the folder's last checkpoint, if there is one; returns how long was trained before it.</summary>
    /// <exception cref="InvalidOperationException">The checkpoint is of other networks, options or images.</exception>
    public TimeSpan Resume(TrainingState state, long batch)
    {
        if (folder.Last is not (string path, Checkpoint checkpoint))
            return TimeSpan.Zero;
        CheckpointMatch.Require(path, checkpoint, networks.Shape, settings, images.Count, _fingerprint);
        Checkpoint.Load(path, state.Tensors);
        state.Resume(checkpoint.Facts);
        _imagesAtLast = state.Done * batch;
        return checkpoint.Facts.Elapsed;
    }

    /// <summary>Writes one; returns what to say where that fails.</summary>
    /// <param name="state">What to write.</param>
    /// <param name="done">Images trained on.</param>
    /// <param name="elapsed">Time spent training.</param>
    /// <param name="best">Whether to write it as the best one.</param>
    public TrainingEvent? Write(TrainingState state, long done, TimeSpan elapsed, bool best = false)
    {
        if (!best)
        {
            _imagesAtLast = done;
            _sinceLast.Restart();
        }
        try
        {
            folder.Write(new Checkpoint
            {
                Network = networks.Shape,
                Options = settings,
                Precision = PrecisionChoice.Name(networks.Precision),
                Images = images.Count,
                Fingerprint = _fingerprint,
                Facts = state.Facts(elapsed),
            }, state.Tensors, best);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new TrainingEvent
            {
                Alarm = TrainingAlarm.CheckpointFailed,
                Step = state.Done,
                Images = done,
                Action = DcganHealthPolicy.Warn,
                Message = $"No checkpoint could be written to '{_settings.Folder}': {failure.Message} Training goes on, and the checkpoints written before are as they were.",
            };
        }
    }
}
