using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>All that changes while training. Whoever has a copy of its <see cref="Tensors"/> and its <see cref="Resumable"/> can go on as
/// if nothing had happened in between.</summary>
internal sealed class TrainingState : IDisposable
{
    private readonly long _batch;

    /// <summary>That of networks before the first minibatch, each of so many images. With an evaluation it keeps the best.</summary>
    public TrainingState(GanNetworks networks, DcganEstimator.Options options, long batch, GeneratorEvaluation? evaluation = null,
        ReplicaExchange? replicas = null)
    {
        _batch = batch;
        Step = new TrainingStep(networks, options, replicas);
        Average = options.AverageHalfLife > 0 ? new ExponentialMovingAverage(Step.GeneratorOptimizer.Weights, options) : null;
        Best = evaluation != null ? new BestSnapshot(this, networks, evaluation, options) : null;
        Measured = zeros(StepStatistics.Count, WeightType, device: networks.Device).DetachFromDisposeScope();
        MeasuredSinceReading = zeros(StepStatistics.Count, WeightType, device: networks.Device).DetachFromDisposeScope();
        MeasuredSinceAdjustment = zeros(StepStatistics.Count, WeightType, device: networks.Device).DetachFromDisposeScope();
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

    /// <summary>Sums of <see cref="StepStatistics"/> since augmentation was last adjusted, where it is adaptive.</summary>
    public Tensor MeasuredSinceAdjustment { get; }

    /// <summary>What training had learned when it was last healthy, where there may be a way back to that.</summary>
    public TensorSnapshot? Healthy { get; }

    /// <summary>All that is no tensor.</summary>
    public ResumableState Resumable { get; set; } = new();

    public long Done => Resumable.Done;

    /// <summary>Images trained on.</summary>
    public long Images => Resumable.Done * _batch;

    /// <summary>Images trained on since the last report.</summary>
    public long Unreported => (Resumable.Done - Resumable.ReportedAt) * _batch;

    /// <summary>Everything that a checkpoint holds.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Tensors =>
    [
        .. Learned, .. Named("best", Best?.State), .. Named("healthy", Healthy?.State),
        ("measured", Measured), ("measuredSinceReading", MeasuredSinceReading), ("measuredSinceAdjustment", MeasuredSinceAdjustment),
    ];

    /// <summary>Of these, what training changes.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Learned =>
    [
        .. Named("generator", Step.GeneratorOptimizer.State), .. Named("discriminator", Step.DiscriminatorOptimizer.State),
        .. Named("average", Average?.State),
    ];

    /// <summary>Another minibatch was trained on; these are its step's, still on the device.</summary>
    public void Advance(Tensor measures)
    {
        Measured.Plus_(measures);
        MeasuredSinceReading.Plus_(measures);
        Resumable.Done++;
    }

    /// <summary>What was measured is reported, or not worth a report: null.</summary>
    public void Report(TrainingProgress? progress)
    {
        if (progress != null)
            Resumable.History.Add(progress);
        Resumable.ReportedAt = Done;
        Measured.zero_();
    }

    /// <summary>Something goes wrong, which the user is told.</summary>
    public void Note(TrainingAlarm alarm, DcganHealthPolicy action, string message, Action<TrainingEvent>? alarmed)
    {
        var noted = new TrainingEvent { Alarm = alarm, Step = Done, Images = Images, Action = action, Message = message };
        Resumable.Events.Add(noted);
        alarmed?.Invoke(noted);
    }

    public void Dispose()
    {
        foreach (IDisposable? part in new IDisposable?[] { Step, Average, Best, Healthy, Measured, MeasuredSinceReading,
            MeasuredSinceAdjustment })
            part?.Dispose();
    }

    private static IEnumerable<(string, Tensor)> Named(string part, IEnumerable<(string Name, Tensor Tensor)>? tensors) =>
        (tensors ?? []).Select(tensor => ($"{part}.{tensor.Name}", tensor.Tensor));
}

/// <summary>What a training knows beside its tensors.</summary>
internal sealed record ResumableState
{
    /// <summary>Minibatches trained on.</summary>
    public long Done { get; set; }

    /// <summary>Minibatches in the whole training, where the number of epochs was left open and this has been settled.</summary>
    public long? PlannedSteps { get; set; }

    /// <summary>Minibatches trained on by the last report.</summary>
    public long ReportedAt { get; set; }

    /// <summary>Of the images, how many are augmented, 0 to 1.</summary>
    public double AugmentationShare { get; set; } = 1;

    /// <summary>Time spent training, by all runs before this one.</summary>
    public TimeSpan Elapsed { get; init; }

    public BestState Best { get; set; } = new(null, null, 0, 0);

    public HealthState Health { get; set; } = new();

    public List<TrainingProgress> History { get; init; } = [];

    public List<TrainingEvent> Events { get; init; } = [];
}
