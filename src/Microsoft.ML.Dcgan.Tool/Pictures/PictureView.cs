using System.CommandLine;
using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tool.Output;

namespace Microsoft.ML.Dcgan.Tool.Pictures;

/// <summary>Picture files as a view with a column of pictures of one size.</summary>
internal static class PictureView
{
    public const string ColumnName = "Image";
    private const int MostNamed = 5;

    /// <param name="ml">Where the transforms come from.</param>
    /// <param name="pictures">The files.</param>
    /// <param name="width">The pictures' width in pixels.</param>
    /// <param name="height">Their height.</param>
    /// <param name="channels">1: they are made grey.</param>
    /// <param name="background">The colour behind what is transparent.</param>
    /// <param name="read">Told how many have been read, each time that the view is.</param>
    public static IDataView Of(MLContext ml, IReadOnlyList<Picture> pictures, int width, int height, int channels,
        string background, Action<int>? read = null)
    {
        IDataView files = ml.Data.LoadFromEnumerable(read == null ? pictures : Counted(pictures, read));
        var load = ml.Transforms.LoadDcganImages(ColumnName, imageFolder: null, nameof(Picture.Path), background, width, height);
        return channels == 1
            ? load.Append(ml.Transforms.ConvertToGrayscale(ColumnName)).Fit(files).Transform(files)
            : load.Fit(files).Transform(files);
    }

    /// <summary>Those that can be read, in their order.</summary>
    /// <param name="pictures">The files.</param>
    /// <param name="note">Told which cannot.</param>
    /// <exception cref="UsageException">None can.</exception>
    public static IReadOnlyList<Picture> Readable(IReadOnlyList<Picture> pictures, Action<string> note)
    {
        IDataView view = Of(new MLContext(), pictures, PictureSize.SmallestSide, PictureSize.SmallestSide, channels: 3, Background.Default);
        var readable = new List<Picture>();
        var bad = new List<string>();
        foreach ((Picture picture, (_, Exception? failure)) in pictures.Zip(Images(view)))
        {
            if (failure == null)
                readable.Add(picture);
            else
                bad.Add(ErrorMessage.Of(failure));
        }
        foreach (string text in bad.Take(MostNamed))
            note($"left out: {text}");
        if (bad.Count > MostNamed)
            note($"{bad.Count} of {pictures.Count} pictures are left out, as they cannot be read");
        return readable.Count > 0 ? readable : throw new UsageException($"none of the {pictures.Count} pictures can be read");
    }

    /// <summary>Copies of a view's pictures, which the caller disposes, without unreadable ones where that is asked for.</summary>
    public static IReadOnlyList<MLImage> Read(IDataView view, int count, bool skipBad)
    {
        var images = new List<MLImage>();
        foreach ((MLImage? image, Exception? failure) in Images(view))
        {
            if (failure != null && !skipBad)
                ExceptionDispatchInfo.Throw(failure);
            if (image != null)
                images.Add(MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, image.Pixels));
            if (images.Count == count)
                break;
        }
        return images;
    }

    /// <summary>Each row's picture, or why there is none. It is good until the next row: loaders and resizers dispose those that they
    /// hand on.</summary>
    public static IEnumerable<(MLImage? Image, Exception? Failure)> Images(IDataView view)
    {
        DataViewSchema.Column column = view.Schema[ColumnName];
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(column);
        while (cursor.MoveNext())
        {
            MLImage image = null!;
            Exception? failure = null;
            try
            {
                getter(ref image);
            }
            catch (Exception caught) when (caught is not OutOfMemoryException)
            {
                failure = caught;
            }
            yield return (failure == null ? image : null, failure);
        }
    }

    private static IEnumerable<Picture> Counted(IReadOnlyList<Picture> pictures, Action<int> read)
    {
        int count = 0;
        foreach (Picture picture in pictures)
        {
            yield return picture;
            read(Interlocked.Increment(ref count));
        }
    }
}

/// <summary>The colour behind what is transparent.</summary>
internal static class Background
{
    public const string Default = "#FFFFFF";

    public static Option<string?> Option() => new("--background")
    {
        Description = "The colour behind transparent pictures: two digits each, 00 to FF, of red, green and blue (default FFFFFF, white).",
        HelpName = "RRGGBB",
    };

    /// <exception cref="UsageException">It is no colour.</exception>
    public static string Parse(string? text)
    {
        // To a shell, what follows a number sign is a comment.
        string color = text == null ? Default : "#" + text.TrimStart('#');
        return color.Length == Default.Length && color.Skip(1).All(char.IsAsciiHexDigit)
            ? color.ToUpperInvariant()
            : throw new UsageException($"--background takes a colour such as FFFFFF (white) or 000000 (black), not '{text}'");
    }
}

internal static class PictureGrid
{
    /// <summary>Writes pictures side by side in a PNG file, and disposes them.</summary>
    public static void Save(IReadOnlyList<MLImage> images, string path, int? columns = null)
    {
        try
        {
            new ImageGrid(images, columns).Save(path);
        }
        finally
        {
            foreach (MLImage image in images)
                image.Dispose();
        }
    }
}
