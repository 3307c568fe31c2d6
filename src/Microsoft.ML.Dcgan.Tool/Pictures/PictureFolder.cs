using System.Globalization;
using Microsoft.ML.Dcgan.Tool.Training;

namespace Microsoft.ML.Dcgan.Tool.Pictures;

/// <summary>A row of the data: where a picture is, and of what class.</summary>
/// <param name="Path">The whole path.</param>
/// <param name="Label">The folder that it lies in; empty where classes are not asked for.</param>
internal sealed record Picture(string Path, string Label);

/// <summary>The pictures of a folder and those below, each real folder once, and what was passed over on the way.</summary>
internal sealed class PictureFolder
{
    private const int MostNamed = 5;

    // Hidden files are none of the user's pictures: on disks that a Mac has seen each picture has one.
    private static readonly EnumerationOptions _visible = new() { IgnoreInaccessible = false };

    private static readonly string[] _extensions = [".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".gif", ".webp"];

    private readonly string _root, _realRoot;
    private readonly string? _without;
    private readonly HashSet<string> _seen = [];
    private readonly List<string> _files = [];
    private readonly SortedDictionary<string, int> _otherFiles = new(StringComparer.Ordinal);
    private readonly List<string> _runs = [], _unreadable = [], _loops = [];

    private PictureFolder(string root, string? without)
    {
        (_root, _realRoot) = (root, Real(root));
        _without = without == null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(without));
        Walk(_root, _realRoot);
    }

    /// <summary>Whether it is by its name.</summary>
    public static bool IsPicture(string path) => _extensions.Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <param name="folder">Where to look.</param>
    /// <param name="note">Told what was passed over.</param>
    /// <param name="count">The most to take, null for all.</param>
    /// <param name="labels">Whether the folders right below are classes.</param>
    /// <param name="without">A folder to leave out: results of an earlier run are no training pictures.</param>
    /// <exception cref="UsageException">There are none.</exception>
    public static IReadOnlyList<Picture> Find(string folder, Action<string> note, int? count = null, bool labels = false,
        string? without = null)
    {
        if (folder.Length == 0)
            throw new UsageException("--images takes a folder of pictures, not ''");
        if (File.Exists(folder))
            throw new UsageException($"'{folder}' is a file, but a folder of pictures is expected");
        if (!Directory.Exists(folder))
            throw new UsageException($"there is no folder '{folder}'");

        var found = new PictureFolder(Path.GetFullPath(folder), without);
        foreach (string what in found.PassedOver())
            note(what);
        if (found._files.Count == 0)
            throw new UsageException($"there are no pictures ({string.Join(", ", _extensions)}) in '{folder}' or below");
        Picture[] pictures =
            [.. found._files.Order(StringComparer.Ordinal).Select(file => new Picture(file, labels ? found.Label(file) : ""))];
        return count < pictures.Length ? Some(pictures, count.Value) : pictures;
    }

    /// <summary>The folders right below one that all of its pictures lie in, where they may be classes; otherwise none.</summary>
    public static IReadOnlyList<string> PossibleClasses(string folder, IReadOnlyList<Picture> pictures)
    {
        string root = Path.GetFullPath(folder);
        string[][] parts = [.. pictures.Select(picture => Path.GetRelativePath(root, picture.Path).Split(Path.DirectorySeparatorChar))];
        if (parts.Any(part => part.Length == 1))
            return [];
        (string Name, int Count)[] below = [.. parts.CountBy(part => part[0]).Select(known => (known.Key, known.Value))];
        return below.Length > 1 && below.All(one => one.Count > 1) ? [.. below.Select(one => one.Name).Order(StringComparer.Ordinal)] : [];
    }

    // Each class keeps one at least.
    private static Picture[] Some(Picture[] pictures, int count)
    {
        new Random(1).Shuffle(pictures);
        Picture[] first = [.. pictures.DistinctBy(picture => picture.Label)];
        return first.Length <= count
            ? [.. first.Concat(pictures.Except(first)).Take(count)]
            : throw new UsageException($"--count {count} is less than there are classes, {first.Length}: each needs a picture");
    }

    private void Walk(string folder, string real)
    {
        if (!_seen.Add(real))
            return;
        string[] files;
        DirectoryInfo[] below;
        try
        {
            files = Directory.GetFiles(folder, "*", _visible);
            below = new DirectoryInfo(folder).GetDirectories("*", _visible);
        }
        catch (UnauthorizedAccessException) when (folder != _root)
        {
            _unreadable.Add(folder);
            return;
        }
        // Whoever asks for a folder with results means it.
        if (folder != _root && files.Any(file => Path.GetFileName(file) == RunFile.FileName))
        {
            _runs.Add(folder);
            return;
        }
        foreach (string file in files)
        {
            string extension = Path.GetExtension(file).ToLowerInvariant();
            if (IsPicture(file))
                _files.Add(file);
            else
                _otherFiles[extension] = _otherFiles.GetValueOrDefault(extension) + 1;
        }
        // Links last, so that pictures keep the name of the folder that they lie in.
        foreach (DirectoryInfo next in below.OrderBy(next => next.LinkTarget != null).ThenBy(next => next.Name, StringComparer.Ordinal))
        {
            if (next.FullName == _without)
                continue;
            string target = next.LinkTarget == null ? Path.Combine(real, next.Name) : Real(next.FullName);
            if (next.LinkTarget != null && (IsIn(target, _realRoot) || IsIn(_realRoot, target)))
                _loops.Add(next.FullName);
            else
                Walk(next.FullName, target);
        }
    }

    private static bool IsIn(string path, string folder) =>
        (path + Path.DirectorySeparatorChar)
            .StartsWith(folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // Without links on the way.
    private static string Real(string path)
    {
        string real = Path.GetPathRoot(path)!;
        foreach (string name in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = new DirectoryInfo(Path.Combine(real, name));
            real = next.ResolveLinkTarget(returnFinalTarget: false) is { } target ? Real(target.FullName) : next.FullName;
        }
        return real;
    }

    private IEnumerable<string> PassedOver()
    {
        if (_otherFiles.Count > 0)
        {
            IEnumerable<string> kinds = _otherFiles.OrderByDescending(kind => kind.Value)
                .Select(kind => $"{kind.Value} {(kind.Key.Length > 0 ? kind.Key : "without an ending")}");
            yield return $"passed over, as no pictures that can be read: {Named(kinds, _otherFiles.Count)}";
        }
        if (_unreadable.Count > 0)
            yield return $"passed over, as you have no permission to read them: {Named(_unreadable, _unreadable.Count)}";
        if (_runs.Count > 0)
            yield return $"passed over, as they are results of trainings: {Named(_runs, _runs.Count)}";
        if (_loops.Count > 0)
            yield return $"passed over, as they lead back to folders that are read anyway: {Named(_loops, _loops.Count)}";
    }

    private static string Named(IEnumerable<string> names, int count) =>
        string.Join(", ", names.Take(MostNamed)) + (count > MostNamed ? $" and {count - MostNamed} more" : "");

    private string Label(string file)
    {
        string[] parts = Path.GetRelativePath(_root, file).Split(Path.DirectorySeparatorChar);
        return parts.Length > 1
            ? parts[0]
            : throw new UsageException(
                $"with --label-from-folder each picture lies in a folder with the name of its class, but '{file}' lies in none");
    }
}

internal static class PictureSize
{
    // As the options ImageWidth and ImageHeight.
    public const int SmallestSide = 8;
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
