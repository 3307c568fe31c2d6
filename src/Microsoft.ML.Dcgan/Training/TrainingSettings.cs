namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// What the training loop is told, validated already. The public options say what each means. What is not set is off, as
/// it was before there was such an option.
/// </summary>
internal sealed record TrainingSettings(
    int Epochs,
    int BatchSize,
    double LearningRate,
    double Beta1,
    double Beta2,
    int Seed,
    int ProgressInterval,
    DcganPrecision Precision = DcganPrecision.Auto,
    EvaluationSettings? Evaluation = null)
{
    public DcganLoss Loss { get; init; }

    public double? DiscriminatorLearningRate { get; init; }

    public DcganSchedule LearningRateSchedule { get; init; }

    public double LearningRateDecayStart { get; init; }

    public int DiscriminatorSteps { get; init; } = 1;

    public long AverageHalfLife { get; init; }

    public double AverageRampUp { get; init; }

    public double R1Penalty { get; init; }

    public int R1Interval { get; init; } = 1;

    public double GradientPenalty { get; init; }

    public double RealLabel { get; init; } = 1;

    public double LabelNoise { get; init; }

    public double InstanceNoise { get; init; }

    public double InstanceNoiseDecay { get; init; } = 1;

    public double GeneratorDropout { get; init; }

    public double DiscriminatorDropout { get; init; }

    public DcganAugmentation Augmentation { get; init; }

    public bool Mirror { get; init; }

    public DcganBadImages BadImages { get; init; }

    public HealthSettings Health { get; init; } = new(0, DcganHealthPolicy.Warn);

    public CheckpointSettings? Checkpoints { get; init; }

    public SampleSettings? Samples { get; init; }
}

/// <summary>When to evaluate the generator while it trains.</summary>
/// <param name="Interval">Images trained on between two evaluations.</param>
/// <param name="Samples">Images generated for one.</param>
/// <param name="Patience">Evaluations without a better one before training ends; 0: it goes on.</param>
internal sealed record EvaluationSettings(long Interval, int Samples, int Patience);

/// <summary>When to look at what the generator makes.</summary>
/// <param name="Interval">Images trained on between two looks.</param>
/// <param name="Count">Pictures at each.</param>
internal sealed record SampleSettings(long Interval, int Count);

/// <summary>When to look after the training's health, and what to do when it is bad.</summary>
/// <param name="Interval">Images trained on between two looks; 0: none.</param>
/// <param name="Policy">What to do.</param>
internal sealed record HealthSettings(long Interval, DcganHealthPolicy Policy);

/// <summary>When to write checkpoints, and how many to keep.</summary>
/// <param name="Folder">Where to.</param>
/// <param name="Interval">Images trained on between two; 0: only time counts.</param>
/// <param name="Minutes">Minutes between two; 0: only images count.</param>
/// <param name="Kept">How many of the last to keep.</param>
/// <param name="Resume">Whether to go on from the last one there.</param>
internal sealed record CheckpointSettings(string Folder, long Interval, double Minutes, int Kept, bool Resume);
