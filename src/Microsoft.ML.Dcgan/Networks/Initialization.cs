using TorchSharp.Modules;

namespace Microsoft.ML.Dcgan.Networks;

/// <summary>Convolutions from N(0, 0.02) (Radford, Metz and Chintala 2015, section 4), but where nothing normalises what they make of that;
/// batch normalisation's scale from N(1, 0.02) and its shift 0, as the authors' code has it.</summary>
internal static class WeightInitialization
{
    public const double StandardDeviation = 0.02;

    public static void Apply(nn.Module network, torch.Generator random)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (nn.Module layer in network.modules())
        {
            switch (layer)
            {
                case Convolution convolution:
                    Draw(convolution.Weight, 0, convolution.InitialDeviation, random);
                    (convolution as SpectralConvolution)?.Start(random);
                    break;
                case BatchNorm2d normalization:
                    Draw(normalization.weight, 1, StandardDeviation, random);
                    normalization.bias!.zero_();
                    break;
            }
        }
    }

    /// <summary>The standard deviation that keeps the size of signals from layer to layer without normalisation (He et al. 2015, equation
    /// 15, for a leaky rectifier).</summary>
    public static double Preserving(double inputs, double leak) => Math.Sqrt(2 / ((1 + leak * leak) * inputs));

    // Not nn.init.normal_, which takes a generator but draws from the global one.
    private static void Draw(Tensor weight, double mean, double deviation, torch.Generator random) =>
        weight.copy_(randn(weight.shape, generator: random) * deviation + mean);
}
