using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan;

/// <summary>What the generator made of the same noise at one moment of its training (see <see cref="DcganEstimator.Options.Samples"/>).</summary>
public sealed class TrainingSamples
{
    // As many classes as a grid shows well side by side.
    private const int MostClassColumns = 24;
    private readonly byte[] _bgra;
    private readonly NetworkShape _shape;

    internal TrainingSamples(byte[] bgra, int count, NetworkShape shape)
    {
        _bgra = bgra;
        _shape = shape;
        Count = count;
    }

    /// <summary>How many images had been trained on: 0 before the first minibatch.</summary>
    public required long Images { get; init; }

    /// <summary>How many minibatches had been trained on.</summary>
    public required long Step { get; init; }

    /// <summary>The epoch in progress, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>How many pictures there are.</summary>
    public int Count { get; }

    /// <summary>The pictures side by side. With classes, of which the pictures take turns, a column a class where there are at most 24.</summary>
    public ImageGrid ToGrid()
    {
        int? columns = _shape.Classes is > 1 and <= MostClassColumns && _shape.Classes <= Count ? _shape.Classes : null;
        return new ImageGrid(ToImages(), columns);
    }

    /// <summary>The pictures: picture i comes from the same noise each time and, with classes, is of class i modulo their number.</summary>
    public IReadOnlyList<GeneratedImage> ToImages() => [.. GeneratedImage.Split(_bgra, _shape.Width, _shape.Height)];
}
