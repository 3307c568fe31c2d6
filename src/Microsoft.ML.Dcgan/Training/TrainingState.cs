using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// All that changes while training. Whoever has a copy of its tensors and its <see cref="Facts"/> can go on as if nothing
/// had happened in between.
/// </summary>
internal sealed class TrainingState : IDisposable
{
    private readonly List<TrainingProgress> _history = [];
    private readonly List<TrainingEvent> _events = [];
    private long _reportedAt;

    /// <param name="networks">With their first weights.</param>
    /// <param name="settings">How they are trained.</param>
    /// <param name="evaluation">What finds the best generator, or null.</param>
    public TrainingState(GanNetworks networks, DcganEstimator.Options settings, GeneratorEvaluation? evaluation)
    {
        Step = new TrainingStep(networks, settings);
        Average = settings.AverageHalfLife > 0 ? new ExponentialMovingAverage(networks.Generator, Step.GeneratorOptimizer.Weights, settings) : null;
        Best = evaluation != null ? new BestSnapshot(networks, evaluation, settings) : null;
        Measured = zeros(StepStatistics.Count, device: networks.Device).DetachFromDisposeScope();
        MeasuredSinceReading = zeros(StepStatistics.Count, device: networks.Device).DetachFromDisposeScope();
        Healthy = settings is { HealthInterval: > 0, HealthPolicy: not DcganHealthPolicy.Warn } ? new StateSnapshot(this) : null;
    }

    public TrainingStep Step { get; }

    /// <summary>The generator's average, where one is kept.</summary>
    public ExponentialMovingAverage? Average { get; }

    /// <summary>The best generator so far, where there is an evaluation.</summary>
    public BestSnapshot? Best { get; }

    /// <summary>Sums of <see cref="StepStatistics"/> since the last report.</summary>
    public Tensor Measured { get; }

    /// <summary>Sums of <see cref="StepStatistics"/> since the last reading of the training's health.</summary>
    public Tensor MeasuredSinceReading { get; }

    /// <summary>When training was last healthy, where there may be a way back to that.</summary>
    public StateSnapshot? Healthy { get; }

    /// <summary>How the training's health stands.</summary>
    public HealthState Health { get; set; } = new();

    /// <summary>Minibatches trained on.</summary>
    public long Done { get; private set; }

    public IReadOnlyList<TrainingProgress> History => _history;

    public IReadOnlyList<TrainingEvent> Events => _events;

    /// <summary>Minibatches since the last report.</summary>
    public long Unreported => Done - _reportedAt;

    /// <summary>Everything that training has learned, under names of its own.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Learned =>
        Named("generator", Step.GeneratorOptimizer.State)
            .Concat(Named("discriminator", Step.DiscriminatorOptimizer.State))
            .Concat(Named("average", Average?.State ?? []));

    /// <summary>Everything that a checkpoint holds.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Tensors =>
        Learned.Concat(Named("best", Best?.State ?? [])).Concat(Named("healthy", Healthy?.State ?? []))
            .Concat([("measured", Measured), ("measuredSinceReading", MeasuredSinceReading)]);

    /// <summary>All that is no tensor.</summary>
    /// <param name="elapsed">Time spent training, by all runs together.</param>
    public CheckpointState Facts(TimeSpan elapsed) => new()
    {
        Done = Done,
        ReportedAt = _reportedAt,
        Elapsed = elapsed,
        GeneratorSteps = Step.GeneratorOptimizer.Steps,
        DiscriminatorSteps = Step.DiscriminatorOptimizer.Steps,
        RateScale = Step.RateScale,
        Best = Best?.Facts,
        Healthy = Healthy?.Facts,
        Health = Health,
        History = [.. _history],
        Events = [.. _events],
    };

    /// <summary>Goes on from there; the tensors are copied by themselves.</summary>
    public void Resume(CheckpointState facts)
    {
        Done = facts.Done;
        _reportedAt = facts.ReportedAt;
        Step.GeneratorOptimizer.Steps = facts.GeneratorSteps;
        Step.DiscriminatorOptimizer.Steps = facts.DiscriminatorSteps;
        Step.RateScale = facts.RateScale;
        _history.AddRange(facts.History);
        _events.AddRange(facts.Events);
        if (Best != null && facts.Best != null)
            Best.Facts = facts.Best;
        if (Healthy != null && facts.Healthy != null)
            Healthy.Facts = facts.Healthy;
        Health = facts.Health;
    }

    /// <summary>Another minibatch was trained on.</summary>
    /// <param name="measures">Of its step, still on the device.</param>
    public void Advance(Tensor measures)
    {
        Measured.add_(measures);
        MeasuredSinceReading.add_(measures);
        Done++;
    }

    /// <summary>What was measured has been reported.</summary>
    public void Report(TrainingProgress progress)
    {
        _history.Add(progress);
        Reset();
    }

    /// <summary>What was measured since the last report is not worth one.</summary>
    public void Reset()
    {
        _reportedAt = Done;
        Measured.zero_();
    }

    public void Note(TrainingEvent seen) => _events.Add(seen);

    public void Dispose()
    {
        Step.Dispose();
        Average?.Dispose();
        Best?.Dispose();
        Healthy?.Dispose();
        Measured.Dispose();
        MeasuredSinceReading.Dispose();
    }

    private static IEnumerable<(string, Tensor)> Named(string part, IEnumerable<(string Name, Tensor Tensor)> tensors) =>
        tensors.Select(tensor => ($"{part}.{tensor.Name}", tensor.Tensor));
}

/// <summary>What a training knows beside its tensors.</summary>
internal sealed record CheckpointState
{
    /// <summary>Minibatches trained on.</summary>
    public long Done { get; init; }

    /// <summary>Minibatches trained on by the last report.</summary>
    public long ReportedAt { get; init; }

    /// <summary>Time spent training, by all runs together.</summary>
    public TimeSpan Elapsed { get; init; }

    public long GeneratorSteps { get; init; }

    public long DiscriminatorSteps { get; init; }

    /// <summary>What learning rates are multiplied by since something went wrong.</summary>
    public double RateScale { get; init; } = 1;

    public BestState? Best { get; init; }

    public SnapshotState? Healthy { get; init; }

    public HealthState Health { get; init; } = new();

    public IReadOnlyList<TrainingProgress> History { get; init; } = [];

    public IReadOnlyList<TrainingEvent> Events { get; init; } = [];
}
