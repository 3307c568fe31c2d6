using Microsoft.ML.Dcgan.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>Noise vectors to pictures, with a trained generator. Any number of threads may do so at once.</summary>
internal static class ImageSynthesis
{
    /// <summary>The pictures of noise vectors that follow one another, as <see cref="Pixels.ToBgra"/> has them.</summary>
    /// <param name="networks">The generator's.</param>
    /// <param name="noise">The vectors.</param>
    /// <param name="labels">The class of each, from 0, where the generator was trained on classes.</param>
    public static byte[] Render(GanNetworks networks, float[] noise, long[]? labels)
    {
        using var scope = NewDisposeScope();
        return Pixels.ToBgra(Bytes(networks, noise, labels));
    }

    /// <summary>The pictures of what the generator takes: noise and, with classes, these behind it; on its device.</summary>
    public static byte[] Render(GanNetworks networks, Tensor input)
    {
        using var scope = NewDisposeScope();
        return Pixels.ToBgra(Bytes(networks, input));
    }

    /// <summary>The same as a tensor of bytes [n, height, width, channels], on the networks' device.</summary>
    public static Tensor Bytes(GanNetworks networks, float[] noise, long[]? labels)
    {
        using var scope = NewDisposeScope();
        return Bytes(networks, Input(networks.Shape, noise, labels, networks.Device)).MoveToOuterDisposeScope();
    }

    private static Tensor Bytes(GanNetworks networks, Tensor input)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return ImageBytes.Quantize(networks.Generator.call(input)).MoveToOuterDisposeScope();
    }

    private static Tensor Input(NetworkShape shape, float[] noise, long[]? labels, Device device)
    {
        Tensor vectors = tensor(noise, new long[] { noise.Length / shape.NoiseSize, shape.NoiseSize }).to(device);
        Tensor? classes = labels == null ? null : tensor(labels).to(device);
        return ClassLabels.Append(vectors, classes, shape.Classes);
    }
}
