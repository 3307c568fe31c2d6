using System;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Data;

public sealed partial class MLImage
{
    internal MLImage CloneWithResizing(int width, int height, ImageResizeMode mode) => mode switch
    {
        ImageResizeMode.Fill => Alive.Stretch(width, height),
        ImageResizeMode.Pad => Alive.Fit(width, height, Math.Min((float)width / _width, (float)height / _height), mode),
        _ => Alive.Fit(width, height, Math.Max((float)width / _width, (float)height / _height), mode),
    };

    internal MLImage CloneWithGrayscale()
    {
        ReadOnlySpan<byte> source = Pixels;
        int red = _format.OffsetOf(Red), green = _format.OffsetOf(Green), blue = _format.OffsetOf(Blue);
        var pixels = new byte[source.Length];
        for (int i = 0; i < pixels.Length; i += PixelBytes.PerPixel)
        {
            float gray = 0.3f * source[i + red] + 0.59f * source[i + green] + 0.11f * source[i + blue];
            pixels.AsSpan(i, PixelBytes.Alpha).Fill((byte)(gray + 0.5f));
            pixels[i + PixelBytes.Alpha] = source[i + PixelBytes.Alpha];
        }
        return new MLImage(_width, _height, MLPixelFormat.Bgra32, opaque: true, pixels);
    }

    /// <summary>Takes the nearest pixel, as the real library does in this mode alone: shrunk pictures look jagged.</summary>
    private MLImage Stretch(int width, int height)
    {
        var source = MemoryMarshal.Cast<byte, int>(_pixels.AsSpan());
        var pixels = new byte[width * height * PixelBytes.PerPixel];
        var target = MemoryMarshal.Cast<byte, int>(pixels.AsSpan());
        for (int y = 0; y < height; y++)
        {
            int row = Nearest(y, height, _height) * _width;
            for (int x = 0; x < width; x++)
                target[y * width + x] = source[row + Nearest(x, width, _width)];
        }
        return new MLImage(width, height, _format, _opaque, pixels);
    }

    private static int Nearest(int at, int size, int sourceSize) => (int)((2L * at + 1) * sourceSize / (2L * size));

    /// <summary>Draws this picture, scaled, on a black one; what does not fit is cut off, away from the anchor.</summary>
    private MLImage Fit(int width, int height, float scale, ImageResizeMode anchor)
    {
        // Whole numbers are made as in the real library: cut, not rounded. So a thin black edge may stay.
        int scaledWidth = (int)(_width * scale);
        int scaledHeight = (int)(_height * scale);
        int x = Place(width - _width * scale, anchor, ImageResizeMode.CropAnchorLeft, ImageResizeMode.CropAnchorRight);
        int y = Place(height - _height * scale, anchor, ImageResizeMode.CropAnchorTop, ImageResizeMode.CropAnchorBottom);

        var pixels = new byte[width * height * PixelBytes.PerPixel];
        int left = Math.Max(x, 0), right = Math.Min(x + scaledWidth, width);
        int top = Math.Max(y, 0), bottom = Math.Min(y + scaledHeight, height);
        if (left < right && top < bottom)
        {
            ImageCodec.Resize(_pixels, _width, _height,
                pixels.AsSpan((top * width + left) * PixelBytes.PerPixel), right - left, bottom - top, width * PixelBytes.PerPixel,
                ((float)(left - x) / scaledWidth, (float)(top - y) / scaledHeight),
                ((float)(right - x) / scaledWidth, (float)(bottom - y) / scaledHeight));
        }
        if (_format == MLPixelFormat.Rgba32)
            PixelBytes.SwapRedAndBlue(pixels);
        return new MLImage(width, height, MLPixelFormat.Bgra32, opaque: true, pixels);
    }

    private static int Place(float spare, ImageResizeMode anchor, ImageResizeMode atStart, ImageResizeMode atEnd)
        => anchor == atStart ? 0 : (int)(anchor == atEnd ? spare : spare / 2);
}
