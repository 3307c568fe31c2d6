using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>
/// The nearest points to each of some queries. The points come block by block and are not kept, so that there may be more of
/// them than memory holds.
/// </summary>
internal sealed class NearestNeighbors : IDisposable
{
    private readonly Tensor _queries;
    private readonly int _count;
    private readonly Device _device;
    private readonly Tensor _squares;
    private readonly Tensor _indices;
    private long _points;

    /// <param name="queries">[n, size]; they stay their owner's.</param>
    /// <param name="count">How many neighbours of each.</param>
    /// <param name="device">Where to compute.</param>
    public NearestNeighbors(Tensor queries, int count, Device device)
    {
        _queries = queries;
        _count = count;
        _device = device;
        _squares = full([queries.shape[0], count], float.PositiveInfinity, ScalarType.Float32, device).DetachFromDisposeScope();
        _indices = full([queries.shape[0], count], -1, ScalarType.Int64, device).DetachFromDisposeScope();
    }

    /// <summary>[n, count] squared distances, ascending; infinite where there were fewer points.</summary>
    public Tensor Squares => _squares;

    /// <summary>[n, count] numbers of the points, in the order in which they came.</summary>
    public Tensor Indices => _indices;

    /// <summary>The squared distances [n, count] of each point to its nearest others, ascending.</summary>
    public static Tensor AmongThemselves(Tensor points, int count, Device device)
    {
        using var neighbors = new NearestNeighbors(points, count, device);
        neighbors.Add(points, isQueries: true);
        return neighbors.Squares.alias();
    }

    /// <summary>Adds points [m, size].</summary>
    public void Add(Tensor points) => Add(points, isQueries: false);

    public void Dispose()
    {
        _squares.Dispose();
        _indices.Dispose();
    }

    private void Add(Tensor points, bool isQueries)
    {
        SquaredDistances.Visit(_queries, points, _device, (squares, row, column) =>
        {
            // None is its own neighbour.
            if (isQueries)
                squares.diagonal(row - column).fill_(float.PositiveInfinity);
            Keep(squares, row, _points + column);
        });
        _points += points.shape[0];
    }

    private void Keep(Tensor squares, long row, long first)
    {
        (Tensor nearest, Tensor indices) = squares.topk((int)Math.Min(_count, squares.shape[1]), 1, largest: false);
        Tensor knownSquares = _squares.narrow(0, row, squares.shape[0]);
        Tensor knownIndices = _indices.narrow(0, row, squares.shape[0]);
        (Tensor merged, Tensor order) = cat(new[] { knownSquares, nearest }, 1).topk(_count, 1, largest: false);
        knownIndices.copy_(cat(new[] { knownIndices, indices + first }, 1).gather(1, order));
        knownSquares.copy_(merged);
    }
}
