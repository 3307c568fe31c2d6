using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Samples.Demo;

/// <summary>A row of the training data: where a picture is.</summary>
internal sealed record ImageFile(string Path);

internal static class Pictures
{
    private static readonly string[] _extensions = [".png", ".jpg", ".jpeg", ".bmp", ".gif"];

    /// <summary>The pictures of a folder and those below, in a fixed order.</summary>
    public static IReadOnlyList<string> Find(string folder, int? count)
    {
        if (!Directory.Exists(folder))
            throw new UsageException($"there is no folder '{folder}'");

        string[] files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => _extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .ToArray();
        if (files.Length == 0)
            throw new UsageException($"there are no pictures ({string.Join(", ", _extensions)}) in '{folder}'");

        // Where folders are classes, the first so many files would be of one class.
        if (count < files.Length)
        {
            new Random(1).Shuffle(files);
            Array.Resize(ref files, count.Value);
        }
        return files;
    }

    /// <summary>Copies of the pictures in a view's column, which the caller disposes; without those that cannot be read, where that is asked for.</summary>
    public static IReadOnlyList<MLImage> Read(IDataView view, string columnName, bool skipBad = false)
    {
        DataViewSchema.Column column = view.Schema[columnName];
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(column);
        var images = new List<MLImage>();
        while (cursor.MoveNext())
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
}
