using System.Diagnostics;
using Microsoft.ML.Dcgan.Distributed;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>How far from real a generator's images are: the less, the better. The generator is in evaluation mode. All replicas ask
/// together, and get the same.</summary>
internal delegate double GeneratorEvaluation(GanNetworks networks);

/// <summary>Shows what a generator, which is in evaluation mode, makes after so many images and minibatches, 0 before the first, in the
/// epoch in progress, from 1. Nothing that training depends on may change by it.</summary>
internal delegate void GeneratorSampling(GanNetworks networks, long images, long step, int epoch);

/// <summary>Trains both networks from first weights to last, and leaves them as what is to be used.</summary>
internal sealed class TrainingLoop(GanNetworks networks, Dataset images, DcganEstimator.Options options)
{
    private readonly Stopwatch _clock = new();
    private TimeSpan _reportedAt;
    private HealthMonitor? _health;
    private SeededRandom? _random;

    /// <summary>The replicas that train together, this one among them.</summary>
    public Communicator Ranks { get; init; } = Communicator.Alone;

    public Action<TrainingProgress>? Report { get; init; }

    public Action<TrainingEvent>? Alarm { get; init; }

    /// <summary>Finds the best generator, which is then what is left in the end.</summary>
    public GeneratorEvaluation? Evaluation { get; init; }

    public GeneratorSampling? Sampling { get; init; }

    /// <summary>Where checkpoints are, and are to be.</summary>
    public CheckpointFolder? Checkpoints { get; init; }

    /// <summary>Whether the networks keep the weights that they have, to be trained further.</summary>
    public bool Continues { get; init; }

    // Fewer images than a minibatch make a smaller one.
    private long Batch { get; } = Math.Min(options.BatchSize, images.Count);

    // Whether the number of epochs is left open, until evaluations bring nothing better.
    private bool IsOpen { get; } = options.Epochs == 0;

    // Every image, epoch after epoch, in full minibatches.
    private long? StepsOf(TrainingState state) =>
        IsOpen ? state.Resumable.PlannedSteps : (images.Count * options.Epochs + Batch - 1) / Batch;

    /// <summary>Trains. A cancelled run ends after the step in progress and keeps what it learned; cancelled before the first step, it
    /// throws <see cref="OperationCanceledException"/>.</summary>
    public TrainingSummary Run(CancellationToken cancellation)
    {
        if (Ranks.Any(cancellation.IsCancellationRequested))
            throw Communicator.OfAll(new OperationCanceledException(cancellation));
        using var scope = NewDisposeScope();
        using MallocTuning? memory = networks.Device.type == DeviceType.CPU ? new MallocTuning() : null;

        // 1. Everything random comes from the seed.
        using SeededRandom random = _random = new SeededRandom(options.Seed!.Value);
        if (!Continues)
            networks.Initialize(random.At(RandomPurpose.Weights));
        networks.Generator.train();
        networks.Discriminator.train();

        // 2. From the start, or from where a checkpoint was written.
        var replicas = new ReplicaExchange(Ranks, options, Batch);
        using var state = new TrainingState(networks, options, Batch, Evaluation, replicas);
        string fingerprint = options.CheckpointFolder != null ? images.Fingerprint() : "";
        Ranks.Together(() => Checkpoints?.Begin(state, networks, options, images.Count, fingerprint));
        replicas.Begin(state);
        _reportedAt = Elapsed(state);
        using var minibatches = new DataLoader(images, Batch, options.Seed!.Value, networks.Device, state.Images, replicas.Share);
        using var health = _health = new HealthMonitor(networks, state, images, options, random, Alarm, Ranks);
        var augmentation = new AdaptiveAugmentation(state, options, Batch);
        if (state.Done == 0)
        {
            augmentation.Begin();
            health.CheckImages();
            Sample(state);
        }
        _clock.Start();

        bool HasEnded() => state.Done >= StepsOf(state) || health.HasStopped || (!IsOpen && state.Best is { HasStalled: true });
        bool settled = true;
        while (!HasEnded() && !(settled && Ranks.Any(cancellation.IsCancellationRequested)))
        {
            // 3. One minibatch of real images, or its share of it, and as many noise vectors.
            using (NewDisposeScope())
            {
                (Tensor real, Tensor? labels) = minibatches.Next();
                var context = new StepContext(state.Done, StepsOf(state), random.At(RandomPurpose.Step, state.Done))
                {
                    RateScale = state.Resumable.Health.RateScale,
                    AugmentationShare = state.Resumable.AugmentationShare,
                    Share = replicas.Share,
                };
                Tensor noise = replicas.Share.Of(networks.Shape.DrawNoise(Batch, context.Random)).to(networks.Device);
                Tensor measures = state.Step.Run(real, noise, context, labels);
                state.Advance(measures);
                augmentation.Adjust(measures);
            }
            state.Average?.Update(state.Images, Batch);

            // 4. At intervals, and at the end, wait for the device and say how it goes, how good it has become, or how healthy it is.
            bool last = state.Done == StepsOf(state);
            settled = replicas.Settle(state, last);
            if (!settled)
                continue;
            bool evaluated = state.Best is { } best && (last || best.IsDue);
            bool healthDue = health.IsDue || (last && options.HealthInterval > 0);
            bool reportDue = evaluated || healthDue || last || Passed(state.Done, options.ProgressInterval, replicas.Interval);
            bool checkpointDue = last || Ranks.Any(Checkpoints?.IsDue(state) == true);
            if ((reportDue || checkpointDue) && replicas.Reconcile(state) is { Count: > 0 } others)
                NoteDifference(state, others);
            if (reportDue)
                ReportProgress(state, evaluated, healthDue);
            if (evaluated && state.Resumable.Best.Step == state.Done)
                WriteCheckpoint(state, best: true);
            if (evaluated && StepsOf(state) == null && state.Best!.HasStalled)
            {
                state.Resumable.PlannedSteps = LearningRateSchedule.StepsFallingFrom(state.Done, options);
                last = state.Done == StepsOf(state);
            }

            // 5. And show what it makes of the same noise.
            if (last || (options.SampleInterval > 0 && Passed(state.Images, options.SampleInterval, Batch * replicas.Interval)))
                Sample(state);

            // 6. A checkpoint.
            if (last || checkpointDue)
                WriteCheckpoint(state);
        }

        // 7. Done, or stopped early.
        bool cancelled = !HasEnded();
        if (cancelled)
            WriteCheckpoint(state);
        if (state.Unreported > 0)
            ReportProgress(state, evaluate: false, checkHealth: false);
        if (state.Resumable.Best.Step != null)
            state.Best!.Restore();
        else
            MakeFinal(state);
        networks.Generator.eval();
        networks.Discriminator.eval();
        Ranks.Broadcast([.. networks.Generator.state_dict().Values, .. networks.Discriminator.state_dict().Values]);
        return Summary(state, cancelled);
    }

    private void ReportProgress(TrainingState state, bool evaluate, bool checkHealth)
    {
        StepStatistics mean = StepStatistics.Mean(state.Measured);
        double? diversity = checkHealth || !mean.AreFinite ? _health!.Check() : null;
        if (!mean.AreFinite)
        {
            state.Report(null);
            return;
        }

        TimeSpan now = Elapsed(state);
        double? distance = null;
        if (evaluate && !_health!.HasStopped)
            WithFinalGenerator(state, () => distance = state.Best!.Evaluate());
        var progress = new TrainingProgress
        {
            Epoch = EpochOf(state),
            Epochs = options.Epochs,
            Step = state.Done,
            Steps = StepsOf(state) ?? 0,
            Images = state.Images,
            DiscriminatorLoss = mean.DiscriminatorLoss,
            GeneratorLoss = mean.GeneratorLoss,
            RealScore = mean.RealScore,
            GeneratedScoreBefore = mean.GeneratedScoreBefore,
            GeneratedScoreAfter = mean.GeneratedScoreAfter,
            Diversity = diversity,
            AugmentationShare = options.Augmentation == DcganAugmentation.None ? null : state.Resumable.AugmentationShare,
            FrechetDistance = distance,
            ImagesPerSecond = state.Unreported / Math.Max((now - _reportedAt).TotalSeconds, 1e-9),
            Elapsed = now,
            TimeLeft = now * ((double?)(StepsOf(state) - state.Done) / state.Done),
        };
        state.Report(progress);
        _reportedAt = Elapsed(state);
        Report?.Invoke(progress);
    }

    // Whether there was a multiple of the interval on the way here. So a run that goes on samples when an uninterrupted one does.
    private static bool Passed(long done, long interval, long way) => done / interval > (done - way) / interval;

    private void Sample(TrainingState state)
    {
        if (Sampling is { } sample)
            WithFinalGenerator(state, () => sample(networks, state.Images, state.Done, EpochOf(state)));
    }

    // What is evaluated and shown is what would be left now; then training goes on as if nothing had been.
    private void WithFinalGenerator(TrainingState state, Action use)
    {
        using var running = new TensorSnapshot(networks.Generator.named_buffers());
        MakeFinal(state);
        use();
        state.Average?.Swap();
        running.Restore();
        networks.Generator.train();
    }

    // The average, where there is one, with its own batch statistics.
    private void MakeFinal(TrainingState state)
    {
        state.Average?.Swap();
        BatchStatistics.Estimate(networks, images, _random!.At(RandomPurpose.Statistics));
    }

    // The last minibatch may reach past the last epoch.
    private int EpochOf(TrainingState state) =>
        (int)Math.Clamp((state.Images - 1) / images.Count + 1, 1, IsOpen ? int.MaxValue : options.Epochs);

    private TimeSpan Elapsed(TrainingState state) => state.Resumable.Elapsed + _clock.Elapsed;

    private void WriteCheckpoint(TrainingState state, bool best = false)
    {
        if (Checkpoints?.Write(state, Elapsed(state), best) is { } failure)
            state.Note(TrainingAlarm.CheckpointFailed, DcganHealthPolicy.Warn, failure, Alarm);
    }

    // Once: it is the same machines to the end.
    private void NoteDifference(TrainingState state, IReadOnlyList<int> others)
    {
        if (state.Resumable.Events.All(noted => noted.Alarm != TrainingAlarm.ReplicasDiffer))
        {
            state.Note(TrainingAlarm.ReplicasDiffer, DcganHealthPolicy.Warn, $"Of {Ranks.Size} replicas, {string.Join(", ", others)} no " +
                "longer had the weights of replica 0, as where processors round differently or memory fails. Those of replica 0 are " +
                "taken for all, now and whenever that is found again. Machines of one kind stay the same by themselves.", Alarm);
        }
    }

    private TrainingSummary Summary(TrainingState state, bool cancelled) => new()
    {
        Images = images.Count,
        Epochs = options.Epochs,
        BatchSize = (int)Batch,
        Steps = state.Done,
        PlannedSteps = StepsOf(state) ?? 0,
        Seed = options.Seed!.Value,
        Device = networks.Device.ToString(),
        Replicas = Ranks.Size,
        Precision = PrecisionChoice.Name(networks.Precision),
        Duration = Elapsed(state),
        Cancelled = cancelled,
        Stalled = state.Done < StepsOf(state) && !cancelled && !_health!.HasStopped,
        FrechetDistance = state.Resumable.Best.Distance,
        BestStep = state.Resumable.Best.Step ?? (_health!.HasStopped ? state.Resumable.Health.HealthyAt : null),
        Events = [.. state.Resumable.Events],
        History = [.. state.Resumable.History],
    };
}
