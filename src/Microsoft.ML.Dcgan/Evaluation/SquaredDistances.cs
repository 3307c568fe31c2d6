using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>
/// Squared Euclidean distances between the rows of two sets, by blocked matrix products: |a|² + |b|² - 2ab. The products
/// are in double precision, about a point in the sets' midst, so that near neighbours of large features keep their
/// distances; these are then rounded to single, so that a pair's is the same whichever block it came in.
/// </summary>
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
        long blockRows = Math.Clamp(MostNumbers / rows.shape[1], 1, MostRows), blockColumns = Math.Clamp(MostNumbers / rows.shape[1], 1, MostColumns);
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
