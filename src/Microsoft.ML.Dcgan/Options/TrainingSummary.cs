using System.Text.Json.Serialization;

namespace Microsoft.ML.Dcgan;

/// <summary>What a training run did. It is saved with the model.</summary>
public sealed partial record TrainingSummary
{
    /// <summary>How many images the training set held.</summary>
    public required long Images { get; init; }

    /// <summary>How many epochs were asked for; 0: until it got no better.</summary>
    public required int Epochs { get; init; }

    /// <summary>Images in a minibatch: what was asked for, or all images where there were fewer.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Minibatches trained on.</summary>
    public required long Steps { get; init; }

    /// <summary>Minibatches that were to be trained on: more than <see cref="Steps"/> if the run ended early; 0 where their number was
    /// still open.</summary>
    public required long PlannedSteps { get; init; }

    /// <summary>The seed of everything random in training.</summary>
    public required int Seed { get; init; }

    /// <summary>The device trained on, in TorchSharp's words: "cpu" or "cuda:0".</summary>
    public required string Device { get; init; }

    /// <summary>How many replicas of the networks trained together; 1 in a model that was saved before there were any.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>What the networks computed in: Float32 or BFloat16.</summary>
    public required DcganPrecision Precision { get; init; }

    /// <summary>How long training took; reading the images is not part of it.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Whether the run was stopped by its cancellation token before its last step.</summary>
    public required bool Cancelled { get; init; }

    /// <summary>Whether it ended early, by <see cref="DcganEstimator.Options.EvaluationPatience"/>.</summary>
    public bool Stalled { get; init; }

    /// <summary>The Fréchet distance of the generator that was kept, the best one; null if none was evaluated.</summary>
    public double? FrechetDistance { get; init; }

    /// <summary>The step that the generator that was kept comes from; null if it is the last one.</summary>
    public long? BestStep { get; init; }

    /// <summary>How many pictures could not be read (<see cref="DcganEstimator.Options.BadImages"/>); they are not counted above.</summary>
    public long SkippedImages { get; init; }

    /// <summary>What went wrong while training, in order, and what was done about it.</summary>
    public IReadOnlyList<TrainingEvent> Events { get; init; } = [];

    /// <summary>The name of the file that weights were imported from; null if they were trained here. What was done there is not known:
    /// the numbers of <see cref="Images"/>, <see cref="Epochs"/> and <see cref="Steps"/> are 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ImportedFrom { get; init; }

    /// <summary>All reports of the run, in order.</summary>
    public required IReadOnlyList<TrainingProgress> History { get; init; }

    /// <summary>How it went, in a few sentences.</summary>
    public override string ToString()
    {
        if (ImportedFrom is { } source)
            return $"Not trained here: its weights were imported from {source}.";
        string duration = Duration.TotalMinutes < 2 ? FormattableString.Invariant($"{Duration.TotalSeconds:0} s")
            : Duration.TotalHours < 2 ? FormattableString.Invariant($"{Duration.TotalMinutes:0} min")
            : FormattableString.Invariant($"{Duration.TotalHours:0.0} h");
        string planned = PlannedSteps > 0 ? string.Create(CultureInfo.InvariantCulture, $" of {PlannedSteps:N0}") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"Trained on {Images:N0} images for {Steps:N0}{planned} minibatches of {BatchSize} in {duration}.")
            + (Cancelled ? " It was cancelled before its end."
                : Stalled ? " It ended early, as evaluations brought nothing better."
                : Steps != PlannedSteps ? " It was stopped early, as it went wrong."
                : "")
            + (BestStep is long best ? FormattableString.Invariant($" The model is the generator of minibatch {best:N0}.") : "")
            + (FrechetDistance is double distance ? FormattableString.Invariant($" Its Fréchet distance is {distance:G4}.") : "");
    }
}

/// <summary>How training stood at one moment. Losses and scores are means over the steps since the report before.</summary>
public sealed record TrainingProgress
{
    /// <summary>The epoch in progress, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>How many epochs were asked for; 0: until it gets no better.</summary>
    public required int Epochs { get; init; }

    /// <summary>Minibatches trained on so far, from 1.</summary>
    public required long Step { get; init; }

    /// <summary>Minibatches in the whole training; 0 where that is not known yet, as <see cref="Epochs"/> is 0.</summary>
    public required long Steps { get; init; }

    /// <summary>Images trained on so far; 0 in a model that was saved before this was counted.</summary>
    public long Images { get; init; }

    /// <summary>The discriminator's, without penalties; by default -log D(x, G(z)), 0.693 if it only guesses. D(a, b), from 0 to 1, is how
    /// surely it holds image a to be more real than b (<see cref="DcganLoss.Relativistic"/>).</summary>
    public required double DiscriminatorLoss { get; init; }

    /// <summary>The generator's loss, by default -log D(G(z), x), after the discriminator's update.</summary>
    public required double GeneratorLoss { get; init; }

    /// <summary>D(x): by default D(x, G(z)), 0.5 where it guesses; with other losses, how surely, 0 to 1, it holds real images to be
    /// real.</summary>
    public required double RealScore { get; init; }

    /// <summary>D(G(z)) before the discriminator's update: by default D(G(z), x), 1 less <see cref="RealScore"/>; with other losses, how
    /// surely, 0 to 1, it holds generated images to be real.</summary>
    public required double GeneratedScoreBefore { get; init; }

    /// <summary>D(G(z)) after the discriminator's update, of the same images.</summary>
    public required double GeneratedScoreAfter { get; init; }

    /// <summary>The Fréchet distance of generated to training images, where it was measured: 0 or more, less is better.</summary>
    public double? FrechetDistance { get; init; }

    /// <summary>How much generated images differ: the mean squared difference of two of them, over that of two training images, where it
    /// was measured. 0: all alike; 1: as training images do. Some always goes missing, and early in training most does.</summary>
    public double? Diversity { get; init; }

    /// <summary>Of the images that the discriminator is shown, the share that is augmented, 0 to 1; null without augmentation.</summary>
    public double? AugmentationShare { get; init; }

    /// <summary>Real images trained on a second, since the report before.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Time since training began; reading the images is not part of it.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Time that the steps left take at the pace so far; null where it is not known yet how many there are.</summary>
    public required TimeSpan? TimeLeft { get; init; }
}

/// <summary>What the generator made of the same noise at one moment (see <see cref="DcganEstimator.Options.Samples"/>).</summary>
public sealed partial class TrainingSamples
{
    /// <summary>How many images had been trained on: 0 before the first minibatch.</summary>
    public required long Images { get; init; }

    /// <summary>How many minibatches had been trained on.</summary>
    public required long Step { get; init; }

    /// <summary>The epoch in progress, from 1.</summary>
    public required int Epoch { get; init; }
}

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
    /// <summary>Weights or losses are no longer numbers, or will not be: the discriminator does worse than if it guessed.</summary>
    Diverged,
    /// <summary>The discriminator tells nearly all images apart, look after look, and the generator learns little from it.</summary>
    DiscriminatorWins,
    /// <summary>The discriminator is far ahead of the generator, look after look: it learns the training images by heart.</summary>
    DiscriminatorOverfits,
    /// <summary>Generated images hardly differ from one another, though training images do, and do not come to differ more.</summary>
    Collapsed,
    /// <summary>The training images themselves hardly differ from one another.</summary>
    NothingToLearn,
    /// <summary>A checkpoint could not be written.</summary>
    CheckpointFailed,
    /// <summary>Replicas no longer had the same weights, as where their processors round differently.</summary>
    ReplicasDiffer,
}
