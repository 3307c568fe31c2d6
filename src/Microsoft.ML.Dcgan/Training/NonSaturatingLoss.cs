using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// The non-saturating losses of Goodfellow et al. 2014, section 3, on logits: with D(x) = sigmoid(logit),
/// -log D(x) = softplus(-logit) and -log(1 - D(x)) = softplus(logit), which stay finite where the logarithms do not.
/// </summary>
internal static class NonSaturatingLoss
{
    /// <summary>-log D(x), the mean over real images.</summary>
    public static Tensor DiscriminatorOnReal(Tensor logits) => nn.functional.softplus(-logits).mean();

    /// <summary>-log(1 - D(G(z))), the mean over generated images.</summary>
    public static Tensor DiscriminatorOnGenerated(Tensor logits) => nn.functional.softplus(logits).mean();

    /// <summary>-log D(G(z)), the mean over generated images.</summary>
    public static Tensor Generator(Tensor logits) => nn.functional.softplus(-logits).mean();
}
