using System.Globalization;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Whether a checkpoint is of the training that is to go on from it.</summary>
internal static class CheckpointMatch
{
    // What may change in between: how long to train, and what is watched and kept on the way.
    private static readonly HashSet<string> _free =
    [
        nameof(TrainingSettings.Epochs), nameof(TrainingSettings.ProgressInterval), nameof(TrainingSettings.Precision), nameof(TrainingSettings.Checkpoints),
        nameof(TrainingSettings.BadImages), nameof(TrainingSettings.Samples),
    ];

    /// <exception cref="InvalidOperationException">It is not; the message says in what.</exception>
    public static void Require(string path, Checkpoint checkpoint, NetworkShape network, TrainingSettings settings, long images, string fingerprint)
    {
        Compare(path, checkpoint.Network, network);
        Compare(path, checkpoint.Options, settings);
        if (checkpoint.Images != images)
            throw Mismatch(path, $"on {checkpoint.Images} images, but the data has {images}", "Give it the same data");
        if (checkpoint.Fingerprint != fingerprint)
            throw Mismatch(path, "on other images than these, or on the same in another order", "Give it the same data, in the same order: sort the paths, for instance");
    }

    private static void Compare<T>(string path, T stored, T wanted) where T : notnull
    {
        if (RecordDifference.Between(stored, wanted, _free) is { } difference)
        {
            difference = Named(difference);
            throw Mismatch(path, string.Create(CultureInfo.InvariantCulture, $"with {difference.Property} {difference.First}, but it is {difference.Second} now"),
                $"Set {difference.Property} as it was");
        }
    }

    // Options that lie together in the settings have its name before theirs.
    private static RecordDifference Named(RecordDifference difference) => difference switch
    {
        { First: HealthSettings first, Second: HealthSettings second } => Within(difference.Property, RecordDifference.Between(first, second)!),
        { First: EvaluationSettings first, Second: EvaluationSettings second } => Within(difference.Property, RecordDifference.Between(first, second)!),
        { Property: nameof(TrainingSettings.Evaluation) } => new($"{nameof(TrainingSettings.Evaluation)}Interval", Interval(difference.First), Interval(difference.Second)),
        _ => difference,
    };

    private static RecordDifference Within(string group, RecordDifference difference) => difference with { Property = group + difference.Property };

    private static object Interval(object? evaluation) => (evaluation as EvaluationSettings)?.Interval ?? 0;

    private static InvalidOperationException Mismatch(string path, string what, string remedy) =>
        new($"The checkpoint '{path}' is of a training {what}. {remedy}, or name another CheckpointFolder to start anew.");
}
