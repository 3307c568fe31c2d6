using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Pictures;

/// <summary>A white sheet, of red, green and blue, to lay pictures out on.</summary>
internal sealed class PixelCanvas
{
    public const int BytesPerPixel = 3;

    public PixelCanvas(int width, int height)
    {
        Width = width;
        Height = height;
        Rgb = new byte[checked(width * height * BytesPerPixel)];
        Array.Fill(Rgb, byte.MaxValue);
    }

    public int Width { get; }

    public int Height { get; }

    public byte[] Rgb { get; }

    /// <summary>A picture by itself.</summary>
    public static PixelCanvas Of(MLImage image)
    {
        var canvas = new PixelCanvas(image.Width, image.Height);
        canvas.Draw(image, 0, 0);
        return canvas;
    }

    /// <summary>Draws a picture. Transparency is ignored, as it is in training.</summary>
    public void Draw(MLImage image, int left, int top)
    {
        const int SourceBytes = 4;
        ReadOnlySpan<byte> pixels = image.Pixels;
        (int red, int blue) = image.PixelFormat == MLPixelFormat.Bgra32 ? (2, 0) : (0, 2);
        int width = image.Width, height = image.Height;
        for (int y = 0; y < height; y++)
        {
            int target = ((top + y) * Width + left) * BytesPerPixel, source = y * width * SourceBytes;
            for (int x = 0; x < width; x++, target += BytesPerPixel, source += SourceBytes)
            {
                Rgb[target] = pixels[source + red];
                Rgb[target + 1] = pixels[source + 1];
                Rgb[target + 2] = pixels[source + blue];
            }
        }
    }

    /// <summary>Copies another sheet onto this one.</summary>
    public void Draw(PixelCanvas other, int left, int top)
    {
        int row = other.Width * BytesPerPixel;
        for (int y = 0; y < other.Height; y++)
            other.Rgb.AsSpan(y * row, row).CopyTo(Rgb.AsSpan(((top + y) * Width + left) * BytesPerPixel));
    }

    public void Darken(int x, int y) => Rgb.AsSpan((y * Width + x) * BytesPerPixel, BytesPerPixel).Clear();

    /// <summary>As a picture of ML.NET's, which the caller disposes.</summary>
    public MLImage ToImage()
    {
        var rgba = new byte[Width * Height * 4];
        for (int from = 0, to = 0; from < Rgb.Length; from += BytesPerPixel, to += 4)
        {
            Rgb.AsSpan(from, BytesPerPixel).CopyTo(rgba.AsSpan(to));
            rgba[to + 3] = byte.MaxValue;
        }
        return MLImage.CreateFromPixels(Width, Height, MLPixelFormat.Rgba32, rgba);
    }
}

/// <summary>Some of many, evenly: the first, the last, and as many between as there may be.</summary>
internal static class EvenChoice
{
    public static IReadOnlyList<T> Of<T>(IReadOnlyList<T> all, int most) => all.Count <= most
        ? all
        : Enumerable.Range(0, most).Select(i => all[(int)((long)i * (all.Count - 1) / (most - 1))]).ToArray();
}
