using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>All that changes while training. Whoever has a copy of its <see cref="Tensors"/> and its <see cref="Resumable"/> can go on as
/// if nothing had happened in between.</summary>
internal sealed class TrainingState : IDisposable
{
    private ResumableState _resumable = new();

    public TrainingState(GanNetworks networks, DcganEstimator.Options options, GeneratorEvaluation? evaluation)
    {
        Step = new TrainingStep(networks, options);
        Average = options.AverageHalfLife > 0
            ? new ExponentialMovingAverage(Step.GeneratorOptimizer.Weights, options)
            : null;
        Best = evaluation != null ? new BestSnapshot(this, networks, evaluation, options) : null;
        Measured = zeros(StepStatistics.Count, device: networks.Device).DetachFromDisposeScope();
        MeasuredSinceReading = zeros(StepStatistics.Count, device: networks.Device).DetachFromDisposeScope();
        Healthy = options is { HealthInterval: > 0, HealthPolicy: not DcganHealthPolicy.Warn } ? new TensorSnapshot(Learned) : null;
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

    /// <summary>What training had learned when it was last healthy, where there may be a way back to that.</summary>
    public TensorSnapshot? Healthy { get; }

    /// <summary>Minibatches trained on.</summary>
    public long Done => _resumable.Done;

    /// <summary>Minibatches since the last report.</summary>
    public long Unreported => _resumable.Done - _resumable.ReportedAt;

    /// <summary>Everything that training has learned, under names of its own.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Learned =>
        Named("generator", Step.GeneratorOptimizer.State)
            .Concat(Named("discriminator", Step.DiscriminatorOptimizer.State))
            .Concat(Named("average", Average?.State ?? []));

    /// <summary>Everything that a checkpoint holds.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Tensors =>
        Learned.Concat(Named("best", Best?.State ?? [])).Concat(Named("healthy", Healthy?.State ?? []))
            .Concat([("measured", Measured), ("measuredSinceReading", MeasuredSinceReading)]);

    // How far the optimisers are.
    private Moment Now
    {
        get => new(Done, Step.GeneratorOptimizer.Steps, Step.DiscriminatorOptimizer.Steps);
        set => (Step.GeneratorOptimizer.Steps, Step.DiscriminatorOptimizer.Steps) = (value.GeneratorSteps, value.DiscriminatorSteps);
    }

    /// <summary>All that is no tensor, as it is now. Once set, training goes on from there; the tensors are copied by themselves.</summary>
    public ResumableState Resumable
    {
        get => _resumable with { Now = Now, RateScale = Step.RateScale };
        set => (_resumable, Now, Step.RateScale) = (value, value.Now, value.RateScale);
    }

    /// <summary>How evaluations stand.</summary>
    public BestState BestSoFar { get => _resumable.Best; set => _resumable = _resumable with { Best = value }; }

    /// <summary>How the training's health stands.</summary>
    public HealthState Health { get => _resumable.Health; set => _resumable = _resumable with { Health = value }; }

    /// <summary>When training was last healthy; of no step: never yet.</summary>
    public Moment LastHealthy => _resumable.Healthy;

    /// <summary>Training is healthy now, which is kept where there may be a way back to it.</summary>
    public void KeepHealthy()
    {
        if (Healthy == null)
            return;
        Healthy.Keep();
        _resumable = _resumable with { Healthy = Now };
    }

    /// <summary>Everything learned since training was last healthy is forgotten; the count of minibatches goes on.</summary>
    public void RestoreHealthy()
    {
        Healthy!.Restore();
        Now = LastHealthy;
    }

    /// <summary>Another minibatch was trained on.</summary>
    /// <param name="measures">Of its step, still on the device.</param>
    public void Advance(Tensor measures)
    {
        Measured.add_(measures);
        MeasuredSinceReading.add_(measures);
        _resumable = _resumable with { Done = Done + 1 };
    }

    /// <summary>What was measured is reported, or not worth a report: null.</summary>
    public void Report(TrainingProgress? progress)
    {
        if (progress != null)
            _resumable.History.Add(progress);
        _resumable = _resumable with { ReportedAt = Done };
        Measured.zero_();
    }

    public void Note(TrainingEvent noted) => _resumable.Events.Add(noted);

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
internal sealed record ResumableState
{
    /// <summary>Minibatches trained on.</summary>
    public long Done { get; init; }

    /// <summary>Minibatches trained on by the last report.</summary>
    public long ReportedAt { get; init; }

    /// <summary>Time spent training, by all runs together.</summary>
    public TimeSpan Elapsed { get; init; }

    public Moment Now { get; init; } = new(0, 0, 0);

    /// <summary>What learning rates are multiplied by since something went wrong.</summary>
    public double RateScale { get; init; } = 1;

    public BestState Best { get; init; } = new(null, null, 0, 0);

    public Moment Healthy { get; init; } = new(0, 0, 0);

    public HealthState Health { get; init; } = new();

    public List<TrainingProgress> History { get; init; } = [];

    public List<TrainingEvent> Events { get; init; } = [];
}

/// <summary>A moment of a training.</summary>
/// <param name="Done">Minibatches trained on by then; 0: before the first.</param>
/// <param name="GeneratorSteps">Steps of the generator's optimiser by then.</param>
/// <param name="DiscriminatorSteps">Steps of the discriminator's.</param>
internal sealed record Moment(long Done, long GeneratorSteps, long DiscriminatorSteps);
