using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan;

/// <summary>
/// Pictures of one size, side by side in one. It saves as PNG, and a notebook whose last line is a grid shows it.
/// </summary>
[TypeFormatterSource(typeof(NotebookPictures), PreferredMimeTypes = ["image/png"])]
public sealed class ImageGrid
{
    private const byte Background = 255;
    private const int BytesPerPixel = 4;

    // Bgra32.
    private readonly byte[] _pixels;

    /// <summary>Lays pictures out row by row. The grid keeps their pixels, not the pictures: they may be disposed afterwards.</summary>
    /// <param name="images">The pictures, all of one size.</param>
    /// <param name="columns">Pictures in a row. By default as many as make the grid as square as it can be.</param>
    /// <param name="padding">Pixels of white between pictures and around them.</param>
    /// <exception cref="ArgumentException">There are no pictures, or they differ in size.</exception>
    public ImageGrid(IEnumerable<MLImage> images, int? columns = null, int padding = 2)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (columns < 1)
            throw new ArgumentOutOfRangeException(nameof(columns), columns, "A grid has at least one column.");
        ArgumentOutOfRangeException.ThrowIfNegative(padding);

        MLImage[] all = images.ToArray();
        if (all.Length == 0)
            throw new ArgumentException("There are no images to lay out.", nameof(images));
        (int width, int height) = (all[0].Width, all[0].Height);

        Columns = columns ?? (int)Math.Ceiling(Math.Sqrt(all.Length));
        Rows = (all.Length + Columns - 1) / Columns;
        Width = padding + Columns * (width + padding);
        Height = padding + Rows * (height + padding);
        _pixels = new byte[Width * Height * BytesPerPixel];
        Array.Fill(_pixels, Background);

        for (int i = 0; i < all.Length; i++)
        {
            if (all[i].Width != width || all[i].Height != height)
            {
                throw new ArgumentException(
                    $"A grid holds images of one size: image {i} is {all[i].Width}x{all[i].Height}, the first is {width}x{height} (width x height). Resize them first.",
                    nameof(images));
            }
            Draw(all[i], padding + i % Columns * (width + padding), padding + i / Columns * (height + padding));
        }
    }

    /// <summary>Pictures in a row.</summary>
    public int Columns { get; }

    /// <summary>Rows of pictures.</summary>
    public int Rows { get; }

    /// <summary>Width of the whole grid in pixels.</summary>
    public int Width { get; }

    /// <summary>Height of the whole grid in pixels.</summary>
    public int Height { get; }

    /// <summary>The grid as a PNG file's bytes: the same pictures give the same bytes.</summary>
    public byte[] ToPng()
    {
        // An MLImage encodes to files only.
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".png");
        try
        {
            using MLImage image = MLImage.CreateFromPixels(Width, Height, MLPixelFormat.Bgra32, _pixels);
            image.Save(file);
            return File.ReadAllBytes(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Writes the grid as a PNG file. An older file of that name stays whole until the new one is complete.</summary>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string partial = path + ".partial";
        try
        {
            File.WriteAllBytes(partial, ToPng());
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <inheritdoc />
    public override string ToString() => $"{Rows} x {Columns} images, {Width}x{Height} pixels";

    private void Draw(MLImage image, int left, int top)
    {
        ReadOnlySpan<byte> pixels = image.Pixels;
        (int red, int blue) = image.PixelFormat == MLPixelFormat.Bgra32 ? (2, 0) : (0, 2);

        for (int y = 0; y < image.Height; y++)
        {
            int target = ((top + y) * Width + left) * BytesPerPixel;
            int source = y * image.Width * BytesPerPixel;
            for (int x = 0; x < image.Width; x++, target += BytesPerPixel, source += BytesPerPixel)
            {
                _pixels[target] = pixels[source + blue];
                _pixels[target + 1] = pixels[source + 1];
                _pixels[target + 2] = pixels[source + red];
            }
        }
    }
}
