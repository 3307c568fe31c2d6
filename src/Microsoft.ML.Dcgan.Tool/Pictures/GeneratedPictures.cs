using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tool.Output;

namespace Microsoft.ML.Dcgan.Tool.Pictures;

/// <summary>What a generator makes of a view of noise, as files. However many there are, few are in memory at a time.</summary>
internal sealed class GeneratedPictures(DcganTransformer gan, IDataView noise, int count, Action<JobProgress> report, CancellationToken cancellation)
{
    /// <summary>A file for each, in a folder that is made where it is missing.</summary>
    public string[] SaveIn(string folder)
    {
        Directory.CreateDirectory(folder);
        var files = new string[count];
        int done = 0;
        foreach (MLImage image in All())
        {
            files[done] = Path.Combine(folder, done.ToString("00000", CultureInfo.InvariantCulture) + ".png");
            image.Save(files[done]);
            report(new JobProgress("generating", (double)++done / count));
        }
        return files;
    }

    /// <summary>One file with the picture, or with all of them side by side.</summary>
    public string[] SaveAs(string file)
    {
        if (Path.GetDirectoryName(file) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        IReadOnlyList<MLImage> kept = Copies();
        if (count > 1)
        {
            PictureGrid.Save(kept, file);
            return [file];
        }
        using (kept[0])
            kept[0].Save(file);
        return [file];
    }

    /// <summary>All of them in memory, for the caller to dispose.</summary>
    public IReadOnlyList<MLImage> Copies()
    {
        var kept = new List<MLImage>();
        foreach (MLImage image in All())
        {
            kept.Add(MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, image.Pixels));
            report(new JobProgress("generating", (double)kept.Count / count));
        }
        return kept;
    }

    private IEnumerable<MLImage> All()
    {
        IDataView generated = gan.Transform(noise);
        DataViewSchema.Column column = generated.Schema[gan.OutputColumnName];
        using DataViewRowCursor cursor = generated.GetRowCursor([column]);
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(column);
        MLImage image = null!;
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            getter(ref image);
            yield return image;
        }
    }
}
