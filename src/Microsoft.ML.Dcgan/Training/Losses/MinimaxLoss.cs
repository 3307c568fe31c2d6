using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// The two-player game itself (Goodfellow et al. 2014, equation 1), on logits: the generator lowers what the discriminator
/// raises.
/// </summary>
internal sealed class MinimaxLoss : IAdversarialLoss
{
    /// <summary>-log D(x).</summary>
    public Tensor OnReal(Tensor logits, TrainingMoment moment) => nn.functional.softplus(-logits);

    /// <summary>-log(1 - D(G(z))).</summary>
    public Tensor OnGenerated(Tensor logits, TrainingMoment moment) => nn.functional.softplus(logits);

    /// <summary>log(1 - D(G(z))).</summary>
    public Tensor OfGenerator(Tensor logits) => -nn.functional.softplus(logits);
}
