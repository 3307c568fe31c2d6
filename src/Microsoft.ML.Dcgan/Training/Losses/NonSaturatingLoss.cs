using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// The non-saturating losses of Goodfellow et al. 2014, section 3, on logits: with D(x) = sigmoid(logit),
/// -log D(x) = softplus(-logit) and -log(1 - D(x)) = softplus(logit), which stay finite where the logarithms do not.
/// </summary>
internal sealed class NonSaturatingLoss : IAdversarialLoss
{
    /// <summary>-log D(x).</summary>
    public Tensor OnReal(Tensor logits, TrainingMoment moment) => nn.functional.softplus(-logits);

    /// <summary>-log(1 - D(G(z))).</summary>
    public Tensor OnGenerated(Tensor logits, TrainingMoment moment) => nn.functional.softplus(logits);

    /// <summary>-log D(G(z)).</summary>
    public Tensor OfGenerator(Tensor logits) => nn.functional.softplus(-logits);
}
