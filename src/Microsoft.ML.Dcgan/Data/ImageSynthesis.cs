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
        Tensor images = networks.Generator.call(vectors);

        // [-1, 1] to bytes, planes to pixels, red-green-blue or grey to blue-green-red-alpha.
        Tensor bytes = images.add(1).mul(127.5).round().clamp(0, 255).to(ScalarType.Byte).permute(0, 2, 3, 1);
        Tensor colors = bytes.shape[3] == 1 ? bytes.expand(-1, -1, -1, 3) : bytes.flip(3);
        Tensor alpha = full(new long[] { count, networks.Shape.Height, networks.Shape.Width, 1 }, byte.MaxValue, ScalarType.Byte, networks.Device);
        return cat(new[] { colors, alpha }, 3).cpu().contiguous().bytes.ToArray();
    }

    public static MLImage ToImage(NetworkShape shape, ReadOnlySpan<byte> pixels) =>
        MLImage.CreateFromPixels(shape.Width, shape.Height, PixelFormat, pixels);
}
