using System.Globalization;
using Microsoft.ML.Dcgan.Tool.Output;

namespace Microsoft.ML.Dcgan.Tool.Pictures;

/// <summary>What a generator makes of noise vectors, as files. However many there are, few are in memory at a time.</summary>
internal sealed class GeneratedPictures(DcganTransformer gan, IReadOnlyList<float[]> noise, IReadOnlyList<string>? labels,
    Action<JobProgress> report, CancellationToken cancellation)
{
    private const int AtOnce = 64;

    /// <summary>The class of each picture: one for all, or each in turn where none is asked for; null where there are none.</summary>
    public static IReadOnlyList<string>? Classes(DcganTransformer gan, int count, string? label) =>
        label != null ? [.. Enumerable.Repeat(label, count)]
        : gan.Classes.Count > 0 ? [.. Enumerable.Range(0, count).Select(i => gan.Classes[i % gan.Classes.Count])]
        : null;

    /// <summary>A file for each, in a folder that is made where it is missing.</summary>
    public string[] SaveIn(string folder)
    {
        Directory.CreateDirectory(folder);
        var files = new List<string>();
        foreach (GeneratedImage image in All())
        {
            files.Add(Path.Combine(folder, files.Count.ToString("00000", CultureInfo.InvariantCulture) + ".png"));
            image.Save(files[^1]);
        }
        return [.. files];
    }

    /// <summary>One file with the picture, or with all of them side by side.</summary>
    public string[] SaveAs(string file)
    {
        if (Path.GetDirectoryName(file) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        GeneratedImage[] images = [.. All()];
        if (images.Length > 1)
            new ImageGrid(images).Save(file);
        else
            images[0].Save(file);
        return [file];
    }

    /// <summary>Generates them as they are asked for.</summary>
    public IEnumerable<GeneratedImage> All()
    {
        int done = 0;
        foreach (float[][] some in noise.Chunk(AtOnce))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (GeneratedImage image in gan.Generate(some, labels?.Skip(done).Take(some.Length).ToArray()))
            {
                yield return image;
                report(new JobProgress("generating", (double)++done / noise.Count));
            }
        }
    }
}
