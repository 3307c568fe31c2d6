using Microsoft.ML.Dcgan.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>Noise vectors to pictures, with a trained generator. Any number of threads may do so at once.</summary>
internal static class ImageSynthesis
{
    /// <summary>The pictures of noise vectors that follow one another, as <see cref="PictureBytes.Bgra"/> has them.</summary>
    /// <param name="networks">The generator's.</param>
    /// <param name="noise">The vectors.</param>
    /// <param name="labels">The class of each, from 0, where the generator was trained on classes.</param>
    public static byte[] Render(GanNetworks networks, float[] noise, long[]? labels)
    {
        using var scope = NewDisposeScope();
        int count = noise.Length / networks.Shape.NoiseSize;
        Tensor vectors = tensor(noise, new long[] { count, networks.Shape.NoiseSize }).to(networks.Device);

        Tensor? classes = labels == null ? null : tensor(labels).to(networks.Device);
        return Render(networks, ClassLabels.Append(vectors, classes, networks.Shape.Classes));
    }

    /// <summary>The pictures of what the generator takes: noise and, with classes, these behind it; on its device.</summary>
    public static byte[] Render(GanNetworks networks, Tensor input)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();

        // [-1, 1] to the nearest byte.
        return PictureBytes.Bgra(networks.Generator.call(input).mul_(127.5).add_(128).to(ScalarType.Byte));
    }
}
