using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>What nearest neighbours in two sets of points say. A point's ball reaches to its kth nearest neighbour in its set.</summary>
/// <param name="Precision">The part of the generated points inside a real one's ball (Kynkäänniemi et al. 2019, equations 1 and 2); a point
/// on the rim is inside.</param>
/// <param name="Recall">The part of the real points inside a generated one's ball.</param>
/// <param name="Density">How many real ones' balls a generated point is in, on average, over k (Naeem et al. 2020, section 3.2). A point on
/// the rim is outside, as in the authors' code.</param>
/// <param name="Coverage">The part of the real ones' balls with a generated point inside, the rim being outside.</param>
/// <param name="NearestAccuracy">How often a point's nearest other one is of its own set. A tie counts half.</param>
internal sealed record NeighborMetrics(double Precision, double Recall, double Density, double Coverage, double NearestAccuracy)
{
    /// <summary>All of them of points [n, size] and [m, size], with one k for precision and recall and one for density and coverage. The
    /// distances, which take nearly all of the time, are visited once.</summary>
    public static NeighborMetrics Measure(Tensor real, Tensor generated, int neighbors, int coverageNeighbors, Device device)
    {
        using var scope = new NoGradScope();
        int most = Math.Max(neighbors, coverageNeighbors);
        Tensor withinReal = NearestNeighbors.AmongThemselves(real, most, device);
        Tensor withinGenerated = NearestNeighbors.AmongThemselves(generated, most, device);
        Tensor realRadii = withinReal.select(1, neighbors - 1), generatedRadii = withinGenerated.select(1, neighbors - 1).unsqueeze(1);
        Tensor coverageRadii = withinReal.select(1, coverageNeighbors - 1);

        Tensor nearestReal = withinReal.select(1, 0), nearestGenerated = withinGenerated.select(1, 0);
        Tensor toGenerated = full_like(nearestReal, Number(float.PositiveInfinity)),
            toReal = full_like(nearestGenerated, Number(float.PositiveInfinity));
        Tensor isRecalled = zeros_like(nearestReal, ScalarType.Bool), isPrecise = zeros_like(nearestGenerated, ScalarType.Bool);
        Tensor isCovered = zeros_like(nearestReal, ScalarType.Bool), inside = zeros([1], ScalarType.Int64, device);
        SquaredDistances.Visit(generated, real, device, (squares, row, column) =>
        {
            Part(isPrecise, 0).logical_or_(squares.le(Part(realRadii, 1)).any(1));
            Part(isRecalled, 1).logical_or_(squares.le(Part(generatedRadii, 0)).any(0));
            Tensor isInside = squares.lt(Part(coverageRadii, 1));
            inside.Plus_(isInside.sum());
            Part(isCovered, 1).logical_or_(isInside.any(0));
            Part(toReal, 0).copy_(minimum(Part(toReal, 0), squares.amin(new long[] { 1 })));
            Part(toGenerated, 1).copy_(minimum(Part(toGenerated, 1), squares.amin(new long[] { 0 })));

            // What belongs to the block's generated points, which go down, or to its real ones, which go across.
            Tensor Part(Tensor all, int dimension) => all.narrow(0, dimension == 0 ? row : column, squares.shape[dimension]);
        });

        Tensor own = cat([nearestReal, nearestGenerated]), other = cat([toGenerated, toReal]);
        return new(Share(isPrecise), Share(isRecalled), (double)inside.item<long>() / coverageNeighbors / generated.shape[0],
            Share(isCovered), (own.lt(other).sum().item<long>() + 0.5 * own.eq(other).sum().item<long>()) / own.shape[0]);

        static double Share(Tensor truths) => (double)truths.sum().item<long>() / truths.shape[0];
    }
}

/// <summary>The nearest points, so many, to each of some queries [n, size], which stay their owner's. The points come block by block and
/// are not kept, so that there may be more of them than memory holds.</summary>
internal sealed class NearestNeighbors(Tensor queries, int count, Device device) : IDisposable
{
    private long _points;

    /// <summary>[n, count] squared distances, ascending; infinite where there were fewer points.</summary>
    public Tensor Squares { get; } =
        full([queries.shape[0], count], Number(float.PositiveInfinity), ScalarType.Float32, device).DetachFromDisposeScope();

    /// <summary>[n, count] numbers of the points, in the order in which they came.</summary>
    public Tensor Indices { get; } = full([queries.shape[0], count], Number(-1), ScalarType.Int64, device).DetachFromDisposeScope();

    /// <summary>The squared distances [n, count] of each point to its nearest others, ascending.</summary>
    public static Tensor AmongThemselves(Tensor points, int count, Device device)
    {
        using var neighbors = new NearestNeighbors(points, count, device);
        neighbors.Add(points);
        return neighbors.Squares.alias();
    }

    /// <summary>Adds points [m, size]. Where they are the queries themselves, none is its own neighbour.</summary>
    public void Add(Tensor points)
    {
        SquaredDistances.Visit(queries, points, device, (squares, row, column) =>
        {
            if (ReferenceEquals(points, queries))
                squares.diagonal(row - column).fill_(Number(float.PositiveInfinity));
            (Tensor nearest, Tensor indices) = squares.topk((int)Math.Min(count, squares.shape[1]), 1, largest: false);
            Tensor knownSquares = Squares.narrow(0, row, squares.shape[0]), knownIndices = Indices.narrow(0, row, squares.shape[0]);
            (Tensor merged, Tensor order) = cat([knownSquares, nearest], 1).topk(count, 1, largest: false);
            knownIndices.copy_(cat([knownIndices, indices.Plus(_points + column)], 1).gather(1, order));
            knownSquares.copy_(merged);
        });
        _points += points.shape[0];
    }

    public void Dispose()
    {
        Squares.Dispose();
        Indices.Dispose();
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
        using var scope = new NoGradScope();
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
                Tensor squares = leftSquares.unsqueeze(1).Plus(rightSquares.unsqueeze(0));
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
        return (points, points.Square().sum(1) * Number(1 - Rounding));
    }
}
