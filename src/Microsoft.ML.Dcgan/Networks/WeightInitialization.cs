using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Networks;

/// <summary>
/// Convolutions from N(0, 0.02) (Radford, Metz and Chintala 2015, section 4); batch normalisation's scale from N(1, 0.02)
/// and its shift 0, as the authors' code has it.
/// </summary>
internal static class WeightInitialization
{
    private const double StandardDeviation = 0.02;

    public static void Apply(nn.Module network, torch.Generator random)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (nn.Module layer in network.modules())
        {
            switch (layer)
            {
                case Convolution convolution:
                    Draw(convolution.Weight, 0, random);
                    break;
                case BatchNorm2d normalization:
                    Draw(normalization.weight, 1, random);
                    normalization.bias!.zero_();
                    break;
            }
        }
    }

    // Not nn.init.normal_, which takes a generator but draws from the global one.
    private static void Draw(Tensor weight, double mean, torch.Generator random) =>
        weight.copy_(randn(weight.shape, generator: random) * StandardDeviation + mean);
}
