namespace Microsoft.ML.Dcgan;

/// <summary>Something that went wrong while training.</summary>
public sealed record TrainingEvent
{
    /// <summary>What it was.</summary>
    public required TrainingAlarm Alarm { get; init; }

    /// <summary>After which minibatch it was seen, from 1.</summary>
    public required long Step { get; init; }

    /// <summary>How many images had been trained on by then.</summary>
    public required long Images { get; init; }

    /// <summary>What was done about it.</summary>
    public required DcganHealthPolicy Action { get; init; }

    /// <summary>What was measured, what would have been healthy, and what may help, in a sentence or two.</summary>
    public required string Message { get; init; }
}

/// <summary>What can go wrong while training.</summary>
public enum TrainingAlarm
{
    /// <summary>Weights or losses are no longer numbers, or are on their way there: the discriminator does worse than if it guessed.</summary>
    Diverged,

    /// <summary>The discriminator tells nearly all images apart, look after look, and the generator learns little from it.</summary>
    DiscriminatorWins,

    /// <summary>Generated images hardly differ from one another, though training images do, and do not come to differ more.</summary>
    Collapsed,

    /// <summary>The training images themselves hardly differ from one another.</summary>
    NothingToLearn,

    /// <summary>A checkpoint could not be written.</summary>
    CheckpointFailed,
}
