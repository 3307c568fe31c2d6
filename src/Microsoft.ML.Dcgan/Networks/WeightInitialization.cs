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
        using var _ = no_grad();
        foreach (nn.Module layer in network.modules())
        {
            switch (layer)
            {
                case Conv2d convolution:
                    nn.init.normal_(convolution.weight, 0, StandardDeviation, random);
                    break;
                case ConvTranspose2d convolution:
                    nn.init.normal_(convolution.weight, 0, StandardDeviation, random);
                    break;
                case BatchNorm2d normalization:
                    nn.init.normal_(normalization.weight, 1, StandardDeviation, random);
                    nn.init.zeros_(normalization.bias);
                    break;
            }
        }
    }
}
