using System;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Data;

/// <summary>The functions of libImageStandin.so; where SkiaSharp is in the real library.</summary>
internal static unsafe partial class ImageCodec
{
    private const string Library = "ImageStandin";

    /// <summary>Reads a JPEG, PNG, BMP or GIF file into R, G, B, A bytes; false if it is none of these, or broken.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> file, out byte[] pixels, out int width, out int height, out bool hasAlpha)
    {
        bool decoded = image_decode(file, file.Length, out byte* block, out width, out height, out int alpha) != 0;
        pixels = decoded ? TakeOver(block, width * height * PixelBytes.PerPixel) : null;
        hasAlpha = alpha != 0;
        return decoded;
    }

    /// <summary>Writes a PNG file of the bytes R, G, B or R, G, B, A.</summary>
    public static byte[] EncodePng(ReadOnlySpan<byte> pixels, int width, int height, int channels)
        => Encode(pixels, width, height, channels, jpegQuality: 0);

    /// <summary>Writes a JPEG file, of the best quality, of the bytes R, G, B.</summary>
    public static byte[] EncodeJpeg(ReadOnlySpan<byte> pixels, int width, int height)
        => Encode(pixels, width, height, channels: 3, jpegQuality: 100);

    /// <summary>
    /// Fills a window of a picture, whose rows are <paramref name="stride"/> bytes apart, with a part of another picture.
    /// The part is given by its corners, as fractions of the source's size.
    /// </summary>
    public static void Resize(ReadOnlySpan<byte> source, int sourceWidth, int sourceHeight, Span<byte> window, int width, int height,
        int stride, (float X, float Y) topLeft, (float X, float Y) bottomRight)
    {
        if (image_resize(source, sourceWidth, sourceHeight, window, width, height, stride, topLeft.X, topLeft.Y, bottomRight.X, bottomRight.Y) == 0)
            throw new InvalidOperationException("Couldn't resize the image");
    }

    private static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height, int channels, int jpegQuality)
        => image_encode(pixels, width, height, channels, jpegQuality, out byte* block, out int length) != 0 ? TakeOver(block, length) : null;

    private static byte[] TakeOver(byte* block, int length)
    {
        try
        {
            return new ReadOnlySpan<byte>(block, length).ToArray();
        }
        finally
        {
            image_free(block);
        }
    }

    [LibraryImport(Library)]
    private static partial int image_decode(ReadOnlySpan<byte> file, int length, out byte* pixels, out int width, out int height, out int hasAlpha);

    [LibraryImport(Library)]
    private static partial int image_encode(ReadOnlySpan<byte> pixels, int width, int height, int channels, int jpegQuality, out byte* file, out int length);

    [LibraryImport(Library)]
    private static partial int image_resize(ReadOnlySpan<byte> source, int sourceWidth, int sourceHeight, Span<byte> target, int width, int height,
        int stride, float left, float top, float right, float bottom);

    [LibraryImport(Library)]
    private static partial void image_free(byte* block);
}
