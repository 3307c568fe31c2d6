using System.Globalization;

namespace Microsoft.ML.Dcgan.Tool.Pictures;

/// <summary>A row of the data: where a picture is, and of what class.</summary>
/// <param name="Path">The whole path.</param>
/// <param name="Label">The folder that it lies in; empty where classes are not asked for.</param>
internal sealed record Picture(string Path, string Label);

/// <summary>The pictures of a folder and those below.</summary>
internal static class PictureFolder
{
    // Hidden files are none of the user's pictures: on disks that a Mac has seen each picture has one.
    private static readonly EnumerationOptions _everything = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };

    private static readonly string[] _extensions = [".png", ".jpg", ".jpeg", ".bmp", ".gif"];

    /// <param name="folder">Where to look.</param>
    /// <param name="count">The most to take, null for all.</param>
    /// <param name="labels">Whether the folders right below are classes.</param>
    /// <param name="without">A folder to leave out: results of an earlier run are no training pictures.</param>
    /// <exception cref="UsageException">There are none.</exception>
    public static IReadOnlyList<Picture> Find(string folder, int? count = null, bool labels = false, string? without = null)
    {
        if (File.Exists(folder))
            throw new UsageException($"'{folder}' is a file, but a folder of pictures is expected");
        if (!Directory.Exists(folder))
            throw new UsageException($"there is no folder '{folder}'");

        string root = Path.GetFullPath(folder);
        string[] files = Directory.EnumerateFiles(root, "*", _everything)
            .Where(file => _extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase) && !Lies(file, root, without))
            .Order(StringComparer.Ordinal)
            .ToArray();
        if (files.Length == 0)
            throw new UsageException($"there are no pictures ({string.Join(", ", _extensions)}) in '{folder}' or below");

        // Where folders are classes, the first so many files would be of one class.
        if (count < files.Length)
        {
            new Random(1).Shuffle(files);
            Array.Resize(ref files, count.Value);
        }
        return [.. files.Select(file => new Picture(file, labels ? Label(file, root) : ""))];
    }

    // Results may lie among the pictures, but pictures below the results are meant.
    private static bool Lies(string file, string root, string? without) =>
        without != null && Path.GetFullPath(without) + Path.DirectorySeparatorChar is var start
        && file.StartsWith(start, StringComparison.Ordinal)
        && !(root + Path.DirectorySeparatorChar).StartsWith(start, StringComparison.Ordinal);

    private static string Label(string file, string root)
    {
        string[] parts = Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar);
        return parts.Length > 1
            ? parts[0]
            : throw new UsageException(
                $"with --label-from-folder each picture lies in a folder with the name of its class, but '{file}' lies in none");
    }
}

internal static class PictureSize
{
    // As the options ImageWidth and ImageHeight.
    private const int SmallestSide = 8;
    private const int LargestSide = 4096;

    /// <param name="text">A side, or width x height.</param>
    /// <exception cref="UsageException">It is neither.</exception>
    public static (int Width, int Height) Parse(string text)
    {
        string[] sides = text.ToLowerInvariant().Split('x');
        int[] numbers =
            [.. sides.Select(side => int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        return numbers.Length <= 2 && numbers.All(number => number is >= SmallestSide and <= LargestSide)
            ? (numbers[0], numbers[^1])
            : throw new UsageException(
                $"--size takes a number of pixels from {SmallestSide} to {LargestSide}, or WIDTHxHEIGHT, not '{text}'");
    }
}
