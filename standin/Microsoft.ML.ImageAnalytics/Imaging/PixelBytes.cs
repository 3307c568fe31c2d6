using System;
using static Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator;

namespace Microsoft.ML.Data;

/// <summary>Where the colours of a pixel lie, and how alpha is woven into them.</summary>
internal static class PixelBytes
{
    public const int PerPixel = 4;

    public const int Alpha = 3;

    public static int OffsetOf(this MLPixelFormat format, ColorBits color) => (format, color) switch
    {
        (MLPixelFormat.Bgra32, ColorBits.Blue) or (MLPixelFormat.Rgba32, ColorBits.Red) => 0,
        (_, ColorBits.Green) => 1,
        (MLPixelFormat.Bgra32, ColorBits.Red) or (MLPixelFormat.Rgba32, ColorBits.Blue) => 2,
        (_, ColorBits.Alpha) => Alpha,
        _ => throw new InvalidOperationException("Image pixel format is not supported"),
    };

    public static void SwapRedAndBlue(Span<byte> pixels)
    {
        for (int i = 0; i + PerPixel <= pixels.Length; i += PerPixel)
            (pixels[i], pixels[i + 2]) = (pixels[i + 2], pixels[i]);
    }

    /// <summary>Multiplies each colour by its pixel's alpha.</summary>
    public static void Premultiply(Span<byte> pixels)
    {
        for (int i = 0; i + PerPixel <= pixels.Length; i += PerPixel)
        {
            int alpha = pixels[i + Alpha];
            if (alpha == byte.MaxValue)
                continue;
            for (int color = i; color < i + Alpha; color++)
                pixels[color] = (byte)((pixels[color] * alpha + 127) / byte.MaxValue);
        }
    }

    /// <summary>A colour as it was before it was multiplied by alpha.</summary>
    public static byte Unpremultiply(byte color, byte alpha) => alpha switch
    {
        0 => 0,
        byte.MaxValue => color,
        _ => (byte)Math.Min(byte.MaxValue, (color * byte.MaxValue + alpha / 2) / alpha),
    };
}
