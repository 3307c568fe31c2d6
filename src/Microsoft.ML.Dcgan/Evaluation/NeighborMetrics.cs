namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>Precision and recall (Kynkäänniemi et al. 2019, equations 1 and 2). A set's manifold is the union of balls around its points,
/// each of which reaches to the point's kth nearest neighbour in the set. Precision is the part of the generated points in the real ones'
/// manifold, recall the part of the real points in the generated ones'.</summary>
internal sealed class PrecisionRecall : IDisposable
{
    private readonly Tensor _realRadii;
    private readonly Tensor _generatedRadii;
    private readonly Tensor _isPrecise;
    private readonly Tensor _isRecalled;

    /// <param name="realRadii">[n] squared distances of each real point to its kth nearest other one.</param>
    /// <param name="generatedRadii">[m], the same of the generated points.</param>
    public PrecisionRecall(Tensor realRadii, Tensor generatedRadii)
    {
        _realRadii = realRadii;
        _generatedRadii = generatedRadii;
        _isPrecise = zeros_like(generatedRadii, ScalarType.Bool).DetachFromDisposeScope();
        _isRecalled = zeros_like(realRadii, ScalarType.Bool).DetachFromDisposeScope();
    }

    public double Precision => ShareOf(_isPrecise);

    public double Recall => ShareOf(_isRecalled);

    /// <summary>Takes a block of squared distances, generated points down, real ones across.</summary>
    public void Add(Tensor squares, long generated, long real)
    {
        Tensor realRadii = _realRadii.narrow(0, real, squares.shape[1]).unsqueeze(0);
        Tensor generatedRadii = _generatedRadii.narrow(0, generated, squares.shape[0]).unsqueeze(1);
        _isPrecise.narrow(0, generated, squares.shape[0]).logical_or_(squares.le(realRadii).any(1));
        _isRecalled.narrow(0, real, squares.shape[1]).logical_or_(squares.le(generatedRadii).any(0));
    }

    public void Dispose()
    {
        _isPrecise.Dispose();
        _isRecalled.Dispose();
    }

    public static double ShareOf(Tensor truths)
    {
        using Tensor count = truths.sum();
        return (double)count.item<long>() / truths.shape[0];
    }
}

/// <summary>Density and coverage (Naeem et al. 2020, section 3.2). Around each real point is a ball that reaches to its kth nearest real
/// neighbour. Density is how many balls a generated point is in, on average, over k; coverage is the part of the balls with a generated
/// point inside. A point on the rim is outside, as in the authors' code.</summary>
internal sealed class DensityCoverage : IDisposable
{
    private readonly Tensor _realRadii;
    private readonly long _generatedCount;
    private readonly int _neighbors;
    private readonly Tensor _isCovered;
    private readonly Tensor _inside;

    /// <param name="realRadii">[n] squared distances of each real point to its kth nearest other one.</param>
    /// <param name="generatedCount">How many generated points there are.</param>
    /// <param name="neighbors">k.</param>
    public DensityCoverage(Tensor realRadii, long generatedCount, int neighbors)
    {
        _realRadii = realRadii;
        _generatedCount = generatedCount;
        _neighbors = neighbors;
        _isCovered = zeros_like(realRadii, ScalarType.Bool).DetachFromDisposeScope();
        _inside = zeros([1], ScalarType.Int64, realRadii.device).DetachFromDisposeScope();
    }

    public double Density => (double)_inside.item<long>() / _neighbors / _generatedCount;

    public double Coverage => PrecisionRecall.ShareOf(_isCovered);

    /// <summary>Takes a block of squared distances, generated points down, real ones across.</summary>
    public void Add(Tensor squares, long real)
    {
        Tensor isInside = squares.lt(_realRadii.narrow(0, real, squares.shape[1]).unsqueeze(0));
        _inside.add_(isInside.sum());
        _isCovered.narrow(0, real, squares.shape[1]).logical_or_(isInside.any(0));
    }

    public void Dispose()
    {
        _isCovered.Dispose();
        _inside.Dispose();
    }
}

/// <summary>How near the points of two sets, [n, size] and [m, size], are to each other, for the metrics of neighbours: distances within a
/// set are measured once, however many metrics ask.</summary>
/// <param name="real">One set.</param>
/// <param name="generated">The other.</param>
/// <param name="neighbors">The most neighbours that a metric asks for.</param>
/// <param name="device">Where to compute.</param>
internal sealed class Neighborhoods(Tensor real, Tensor generated, int neighbors, Device device) : IDisposable
{
    private Tensor? _withinReal;
    private Tensor? _withinGenerated;

    /// <summary>[n, neighbors] squared distances of each real point to the nearest other ones, ascending.</summary>
    public Tensor WithinReal => _withinReal ??= NearestNeighbors.AmongThemselves(real, neighbors, device).DetachFromDisposeScope();

    /// <summary>[m, neighbors], the same of the generated points.</summary>
    public Tensor WithinGenerated =>
        _withinGenerated ??= NearestNeighbors.AmongThemselves(generated, neighbors, device).DetachFromDisposeScope();

    /// <summary>Visits the distances between the sets, generated points down, real ones across.</summary>
    public void Visit(SquaredDistances.Visitor visit) => SquaredDistances.Visit(generated, real, device, visit);

    /// <summary>Precision and recall with balls of some neighbours, and density and coverage of some, each where it is asked for.</summary>
    public (double Precision, double Recall, double Density, double Coverage) Measure(int? precisionNeighbors, int? coverageNeighbors)
    {
        using var scope = NewDisposeScope();
        using PrecisionRecall? precision = precisionNeighbors is int k
            ? new PrecisionRecall(WithinReal.select(1, k - 1), WithinGenerated.select(1, k - 1))
            : null;
        using DensityCoverage? coverage = coverageNeighbors is int span
            ? new DensityCoverage(WithinReal.select(1, span - 1), generated.shape[0], span)
            : null;
        Visit((squares, generatedRow, realRow) =>
        {
            precision?.Add(squares, generatedRow, realRow);
            coverage?.Add(squares, realRow);
        });
        return (precision?.Precision ?? double.NaN, precision?.Recall ?? double.NaN,
            coverage?.Density ?? double.NaN, coverage?.Coverage ?? double.NaN);
    }

    public void Dispose()
    {
        _withinReal?.Dispose();
        _withinGenerated?.Dispose();
    }
}

/// <summary>The nearest points to each of some queries. The points come block by block and are not kept, so that there may be more of them
/// than memory holds.</summary>
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

/// <summary>Squared Euclidean distances between the rows of two sets, by blocked matrix products: |a|² + |b|² - 2ab. The products are in
/// double precision, about a point in the sets' midst, so that near neighbours of large features keep their distances; these are then
/// rounded to single, so that a pair's is the same whichever block it came in.</summary>
internal static class SquaredDistances
{
    private const long MostRows = 1024;
    private const long MostColumns = 2048;
    private const long MostNumbers = 1 << 25;

    // What two sums of squares in double precision may differ by, relative to their size, when the points are the same:
    // pairs nearer than that, which is nearer than single precision tells, get 0.
    private const double Rounding = 2e-14;

    /// <param name="squares">[n, m] squared distances, on the device, which the visitor may overwrite.</param>
    /// <param name="row">The row of the first set that the block begins at.</param>
    /// <param name="column">The row of the second set that the block begins at.</param>
    public delegate void Visitor(Tensor squares, long row, long column);

    /// <summary>Visits the distances of all rows [n, size] to all columns [m, size], in blocks.</summary>
    public static void Visit(Tensor rows, Tensor columns, Device device, Visitor visit)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        long fitting = MostNumbers / rows.shape[1];
        long blockRows = Math.Clamp(fitting, 1, MostRows), blockColumns = Math.Clamp(fitting, 1, MostColumns);
        Tensor centre = rows.mean(new long[] { 0 }).to(ScalarType.Float64, device);
        for (long row = 0; row < rows.shape[0]; row += blockRows)
        {
            using var rowScope = NewDisposeScope();
            (Tensor left, Tensor leftSquares) = Prepare(rows, row, blockRows, centre);
            for (long column = 0; column < columns.shape[0]; column += blockColumns)
            {
                using var blockScope = NewDisposeScope();
                (Tensor right, Tensor rightSquares) = Prepare(columns, column, blockColumns, centre);
                Tensor squares = leftSquares.unsqueeze(1) + rightSquares.unsqueeze(0);
                squares.addmm_(left, right.T, beta: 1, alpha: -2);
                Tensor single = squares.to(ScalarType.Float32);
                single.relu_();
                visit(single, row, column);
            }
        }
    }

    private static (Tensor Points, Tensor Squares) Prepare(Tensor features, long start, long length, Tensor centre)
    {
        Tensor block = features.narrow(0, start, Math.Min(length, features.shape[0] - start));
        Tensor points = block.to(ScalarType.Float64, centre.device) - centre;
        return (points, points.square().sum(1) * (1 - Rounding));
    }
}
