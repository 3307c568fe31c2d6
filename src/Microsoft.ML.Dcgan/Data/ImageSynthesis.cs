using System;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>Noise vectors to pictures, with a trained generator. Any number of threads may do so at once.</summary>
internal static class ImageSynthesis
{
    public const MLPixelFormat PixelFormat = MLPixelFormat.Bgra32;
    private const int BytesPerPixel = 4;

    /// <summary>The size of one picture in bytes.</summary>
    public static int BytesPerImage(NetworkShape shape) => shape.Height * shape.Width * BytesPerPixel;

    /// <summary>The pictures of noise vectors that follow one another, each in <see cref="PixelFormat"/> and of full opacity, likewise.</summary>
    public static byte[] Render(GanNetworks networks, float[] noise)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        int count = noise.Length / networks.Shape.NoiseSize;
        Tensor vectors = tensor(noise, new long[] { count, networks.Shape.NoiseSize }).to(networks.Device);

        // [-1, 1] to bytes, to the nearest, and planes to pixels.
        Tensor bytes = networks.Generator.call(vectors).mul_(127.5).add_(128).to(ScalarType.Byte).permute(0, 2, 3, 1);
        return ToBgra(bytes.cpu().contiguous().bytes, networks.Shape.Channels);
    }

    public static MLImage ToImage(NetworkShape shape, ReadOnlySpan<byte> pixels) =>
        MLImage.CreateFromPixels(shape.Width, shape.Height, PixelFormat, pixels);

    // Here and not on the device, where these would be many small calls, and a third more to bring back.
    private static byte[] ToBgra(ReadOnlySpan<byte> pixels, int channels)
    {
        var bgra = new byte[pixels.Length / channels * BytesPerPixel];
        bgra.AsSpan().Fill(byte.MaxValue);
        int blue = channels - 1, green = channels / 2;
        for (int to = 0, from = 0; to < bgra.Length; to += BytesPerPixel, from += channels)
        {
            bgra[to] = pixels[from + blue];
            bgra[to + 1] = pixels[from + green];
            bgra[to + 2] = pixels[from];
        }
        return bgra;
    }
}
