using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>The discriminator's logits count only within a margin of 1 (Lim and Ye 2017; Miyato et al. 2018, equations 16 and 17).</summary>
internal sealed class HingeLoss : IAdversarialLoss
{
    /// <summary>max(0, 1 - D(x)).</summary>
    public Tensor OnReal(Tensor logits, TrainingMoment moment) => nn.functional.relu(1 - logits);

    /// <summary>max(0, 1 + D(G(z))).</summary>
    public Tensor OnGenerated(Tensor logits, TrainingMoment moment) => nn.functional.relu(1 + logits);

    /// <summary>-D(G(z)).</summary>
    public Tensor OfGenerator(Tensor logits) => -logits;
}
