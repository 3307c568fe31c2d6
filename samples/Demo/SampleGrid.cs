using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Samples.Demo;

/// <summary>The pictures of a view's column side by side in a PNG file.</summary>
internal static class SampleGrid
{
    /// <summary>How many pictures a grid shows, at most.</summary>
    public const int Pictures = 64;

    private const int Columns = 8;
    private const int Padding = 2;

    public static void Save(IDataView view, string column, string path) =>
        new ImageGrid(view.GetColumn<MLImage>(column), Columns, Padding).Save(path);

    /// <summary>How two files' grids differ, for people; null where each pixel is equal.</summary>
    /// <param name="expected">A grid.</param>
    /// <param name="found">A grid that should be equal.</param>
    /// <param name="width">The width of a picture in them.</param>
    /// <param name="height">The height of a picture in them.</param>
    public static string? Difference(string expected, string found, int width, int height)
    {
        using MLImage one = MLImage.CreateFromFile(expected), other = MLImage.CreateFromFile(found);
        if ((one.Width, one.Height) != (other.Width, other.Height))
            return $"it is {other.Width}x{other.Height} pixels, but {one.Width}x{one.Height} were expected";

        // The largest difference in each picture.
        var differences = new int[Pictures];
        for (int i = 0; i < one.Pixels.Length; i++)
        {
            int column = i / 4 % one.Width / (width + Padding), row = i / 4 / one.Width / (height + Padding),
                picture = Math.Min(row * Columns + column, Pictures - 1);
            differences[picture] = Math.Max(differences[picture], Math.Abs(one.Pixels[i] - other.Pixels[i]));
        }
        int count = differences.Count(difference => difference > 0), worst = Array.IndexOf(differences, differences.Max());
        return count == 0 ? null
            : $"{count} of {Pictures} pictures differ, most of all the one in row {worst / Columns + 1}, column {worst % Columns + 1}: by up to {differences[worst]} levels, of 256";
    }
}
