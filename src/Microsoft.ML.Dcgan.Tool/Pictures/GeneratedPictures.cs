using System.Globalization;
using Microsoft.ML.Dcgan.Tool.Output;

namespace Microsoft.ML.Dcgan.Tool.Pictures;

/// <summary>What a generator makes of noise vectors, so many from a number on, as files. However many there are, few are in memory at a
/// time.</summary>
/// <param name="gan">The generator.</param>
/// <param name="noise">From a number on, so many vectors.</param>
/// <param name="label">The class of all, or null.</param>
/// <param name="first">The first vector's number.</param>
/// <param name="count">How many there are.</param>
/// <param name="report">How far it is.</param>
/// <param name="cancellation">Ends it.</param>
internal sealed class GeneratedPictures(DcganTransformer gan, Func<int, int, IReadOnlyList<float[]>> noise, string? label, int first,
    int count, Action<JobProgress> report, CancellationToken cancellation)
{
    private const int AtOnce = 64;

    /// <summary>The file of a picture in a folder.</summary>
    public static string FileOf(string folder, int number) =>
        Path.Combine(folder, number.ToString("00000", CultureInfo.InvariantCulture) + ".png");

    /// <summary>A file for each, in a folder that is made where it is missing.</summary>
    public void SaveIn(string folder)
    {
        Directory.CreateDirectory(folder);
        int number = first;
        foreach (GeneratedImage image in All())
            image.Save(FileOf(folder, number++));
    }

    /// <summary>One file with the picture, or with all of them side by side.</summary>
    public void SaveAs(string file)
    {
        if (Path.GetDirectoryName(file) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        GeneratedImage[] images = [.. All()];
        if (images.Length > 1)
            new ImageGrid(images).Save(file);
        else
            images[0].Save(file);
    }

    /// <summary>Generates them as they are asked for.</summary>
    public IEnumerable<GeneratedImage> All()
    {
        for (int done = 0; done < count;)
        {
            cancellation.ThrowIfCancellationRequested();
            int some = Math.Min(AtOnce, count - done), from = first + done;
            foreach (GeneratedImage image in gan.Generate(noise(from, some), Classes(from, some)))
            {
                yield return image;
                report(new JobProgress("generating", (double)++done / count));
            }
        }
    }

    // Of each picture: one for all, or each in turn where none is asked for; null where there are none.
    private string[]? Classes(int from, int some) => label != null ? [.. Enumerable.Repeat(label, some)]
        : gan.Classes.Count > 0 ? [.. Enumerable.Range(from, some).Select(i => gan.Classes[i % gan.Classes.Count])]
        : null;
}
