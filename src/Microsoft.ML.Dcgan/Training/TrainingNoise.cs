using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>The noise that a generator trains on.</summary>
internal static class TrainingNoise
{
    /// <summary>Vectors [count, noise] on the CPU, of the network's distribution.</summary>
    public static Tensor Draw(NetworkShape shape, long count, torch.Generator random) => shape.NoiseDistribution switch
    {
        DcganNoise.Uniform => rand(count, shape.NoiseSize, generator: random).mul_(2).sub_(1),
        _ => randn(count, shape.NoiseSize, generator: random),
    };
}
