using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>From a network's images, as bytes, to ML.NET's.</summary>
internal static class PictureBytes
{
    private const MLPixelFormat PixelFormat = MLPixelFormat.Bgra32;
    public const int BytesPerPixel = 4;

    /// <summary>Bytes [n, channels, height, width], on any device, to blue, green, red and full opacity, image after image.</summary>
    public static byte[] Bgra(Tensor images)
    {
        // Four bytes a pixel are made here and not on the device, where it would take many small calls.
        using var scope = NewDisposeScope();
        Span<byte> pixels = images.permute(0, 2, 3, 1).contiguous().cpu().bytes;
        int channels = (int)images.shape[1], blue = channels - 1, green = channels / 2;
        var bgra = new byte[pixels.Length / channels * BytesPerPixel];
        bgra.AsSpan().Fill(byte.MaxValue);
        for (int to = 0, from = 0; to < bgra.Length; to += BytesPerPixel, from += channels)
        {
            bgra[to] = pixels[from + blue];
            bgra[to + 1] = pixels[from + green];
            bgra[to + 2] = pixels[from];
        }
        return bgra;
    }

    /// <summary>One of several images of one size.</summary>
    public static MLImage Image(byte[] bgra, int index, int height, int width)
    {
        int size = height * width * BytesPerPixel;
        return MLImage.CreateFromPixels(width, height, PixelFormat, bgra.AsSpan(index * size, size));
    }
}
