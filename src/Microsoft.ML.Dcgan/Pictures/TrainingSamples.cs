namespace Microsoft.ML.Dcgan;

/// <summary>
/// What the generator made of the same noise at one moment of its training (see <see cref="DcganEstimator.Options.Samples"/>).
/// </summary>
public sealed class TrainingSamples
{
    // As many classes as a grid shows well side by side.
    private const int MostClassColumns = 24;
    private readonly int _classes;

    internal TrainingSamples(IReadOnlyList<GeneratedImage> pictures, int classes) => (Pictures, _classes) = (pictures, classes);

    /// <summary>How many images had been trained on: 0 before the first minibatch.</summary>
    public required long Images { get; init; }

    /// <summary>How many minibatches had been trained on.</summary>
    public required long Step { get; init; }

    /// <summary>The epoch in progress, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Picture i comes from the same noise each time and, with classes, is of class i modulo their number.</summary>
    public IReadOnlyList<GeneratedImage> Pictures { get; }

    /// <summary>The pictures side by side. With classes, of which they take turns, a column a class where there are at most 24.</summary>
    public ImageGrid ToGrid() =>
        new(Pictures, _classes is > 1 and <= MostClassColumns && _classes <= Pictures.Count ? _classes : null);
}
