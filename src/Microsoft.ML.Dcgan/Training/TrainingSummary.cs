using System.Text.Json.Serialization;

namespace Microsoft.ML.Dcgan;

/// <summary>What a training run did. It is saved with the model.</summary>
[TypeFormatterSource(typeof(NotebookPictures), PreferredMimeTypes = ["text/html"])]
public sealed record TrainingSummary
{
    /// <summary>How many images the training set held.</summary>
    public required long Images { get; init; }

    /// <summary>How many epochs were asked for.</summary>
    public required int Epochs { get; init; }

    /// <summary>Images in a minibatch: what was asked for, or all images where there were fewer.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Minibatches trained on.</summary>
    public required long Steps { get; init; }

    /// <summary>Minibatches that were to be trained on: more than <see cref="Steps"/> if the run was cancelled.</summary>
    public required long PlannedSteps { get; init; }

    /// <summary>The seed of everything random in training.</summary>
    public required int Seed { get; init; }

    /// <summary>The device trained on, in TorchSharp's words: "cpu" or "cuda:0".</summary>
    public required string Device { get; init; }

    /// <summary>What convolutions computed in: Float32 or BFloat16.</summary>
    public required DcganPrecision Precision { get; init; }

    /// <summary>How long training took; reading the images is not part of it.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Whether the run was stopped by its cancellation token before its last step.</summary>
    public required bool Cancelled { get; init; }

    /// <summary>
    /// Whether the run ended early because the evaluations got no better (see
    /// <see cref="DcganEstimator.Options.EvaluationPatience"/>).
    /// </summary>
    public bool Stalled { get; init; }

    /// <summary>The Fréchet distance of the generator that was kept, the best one; null if none was evaluated.</summary>
    public double? FrechetDistance { get; init; }

    /// <summary>The step that the generator that was kept comes from; null if it is the last one.</summary>
    public long? BestStep { get; init; }

    /// <summary>How many pictures could not be read and were left out (see <see cref="DcganEstimator.Options.BadImages"/>); <see cref="Images"/> does not count them.</summary>
    public long SkippedImages { get; init; }

    /// <summary>What went wrong while training, in order, and what was done about it.</summary>
    public IReadOnlyList<TrainingEvent> Events { get; init; } = [];

    /// <summary>
    /// The name of the file that the weights come from, where they were imported; null if they were trained here. What was
    /// done there is not known: the numbers of <see cref="Images"/>, <see cref="Epochs"/> and <see cref="Steps"/> are 0.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ImportedFrom { get; init; }

    /// <summary>All reports of the run, in order.</summary>
    public required IReadOnlyList<TrainingProgress> History { get; init; }
}
