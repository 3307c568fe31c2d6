using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// The difference of the logits, which is the Wasserstein distance for the best discriminator whose slope is at most 1
/// (Arjovsky et al. 2017, section 3, equation 2; Gulrajani et al. 2017, equation 2).
/// </summary>
internal sealed class WassersteinLoss : IAdversarialLoss
{
    /// <summary>-D(x).</summary>
    public Tensor OnReal(Tensor logits, TrainingMoment moment) => -logits;

    /// <summary>D(G(z)).</summary>
    public Tensor OnGenerated(Tensor logits, TrainingMoment moment) => logits;

    /// <summary>-D(G(z)).</summary>
    public Tensor OfGenerator(Tensor logits) => -logits;
}
