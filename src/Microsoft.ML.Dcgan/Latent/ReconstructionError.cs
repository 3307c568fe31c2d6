using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Latent;

/// <summary>How generated pictures differ from given ones.</summary>
internal static class ReconstructionError
{
    /// <summary>The mean squared error of pixels in [0, 1], of each picture.</summary>
    /// <param name="networks">The generator's.</param>
    /// <param name="pixels">The given pictures as bytes, planes first.</param>
    /// <param name="noise">As many noise vectors, one after another.</param>
    /// <param name="labels">The class of each, from 0, where there are classes.</param>
    public static double[] Of(GanNetworks networks, byte[] pixels, float[] noise, long[]? labels)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        long count = noise.Length / networks.Shape.NoiseSize;
        Tensor given = tensor(pixels, [count, pixels.Length / count]).to(ScalarType.Float64);
        Tensor generated = ImageSynthesis.Bytes(networks, noise, labels).cpu().contiguous().view(count, -1).to(ScalarType.Float64);
        return ((given - generated) / 255.0).square().mean([1]).data<double>().ToArray();
    }
}
