using Microsoft.ML.Dcgan.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>Noise vectors to pictures, with a trained generator. Any number of threads may do so at once.</summary>
internal static class ImageSynthesis
{
    /// <summary>The pictures of noise vectors that follow one another, as <see cref="PictureBytes.Bgra"/> has them.</summary>
    public static byte[] Render(GanNetworks networks, float[] noise)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        int count = noise.Length / networks.Shape.NoiseSize;
        Tensor vectors = tensor(noise, new long[] { count, networks.Shape.NoiseSize }).to(networks.Device);

        // [-1, 1] to the nearest byte.
        return PictureBytes.Bgra(networks.Generator.call(vectors).mul_(127.5).add_(128).to(ScalarType.Byte));
    }
}
