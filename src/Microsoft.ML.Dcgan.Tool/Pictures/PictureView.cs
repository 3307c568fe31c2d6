using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Tool.Pictures;

/// <summary>Picture files as a view with a column of pictures of one size.</summary>
internal static class PictureView
{
    public const string ColumnName = "Image";

    /// <param name="ml">Where the transforms come from.</param>
    /// <param name="pictures">The files.</param>
    /// <param name="width">The pictures' width in pixels.</param>
    /// <param name="height">Their height.</param>
    /// <param name="channels">1: they are made grey.</param>
    /// <param name="read">Told how many have been read, each time that the view is.</param>
    public static IDataView Of(MLContext ml, IReadOnlyList<Picture> pictures, int width, int height, int channels, Action<int>? read = null)
    {
        IDataView files = ml.Data.LoadFromEnumerable(read == null ? pictures : Counted(pictures, read));
        var load = ml.Transforms.LoadImages(ColumnName, imageFolder: null, nameof(Picture.Path));
        var resize = ml.Transforms.ResizeImages(ColumnName, width, height);
        return channels == 1
            ? load.Append(ml.Transforms.ConvertToGrayscale(ColumnName)).Append(resize).Fit(files).Transform(files)
            : load.Append(resize).Fit(files).Transform(files);
    }

    /// <summary>Copies of a view's pictures, which the caller disposes, without unreadable ones where that is asked for.</summary>
    public static IReadOnlyList<MLImage> Read(IDataView view, int count, bool skipBad)
    {
        DataViewSchema.Column column = view.Schema[ColumnName];
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(column);
        var images = new List<MLImage>();
        while (images.Count < count && cursor.MoveNext())
        {
            // What a getter gives is good until the next row: loaders and resizers dispose the pictures that they hand on.
            MLImage image = null!;
            try
            {
                getter(ref image);
            }
            catch (Exception) when (skipBad)
            {
                continue;
            }
            images.Add(MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, image.Pixels));
        }
        return images;
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
