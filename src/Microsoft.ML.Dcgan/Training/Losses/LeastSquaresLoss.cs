using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Half the squared distance of the logit to 1 or 0 (Mao et al. 2017, equation 9).</summary>
internal sealed class LeastSquaresLoss : IAdversarialLoss
{
    /// <summary>(D(x) - 1)^2 / 2.</summary>
    public Tensor OnReal(Tensor logits, TrainingMoment moment) => (logits - 1).square() / 2;

    /// <summary>D(G(z))^2 / 2.</summary>
    public Tensor OnGenerated(Tensor logits, TrainingMoment moment) => logits.square() / 2;

    /// <summary>(D(G(z)) - 1)^2 / 2.</summary>
    public Tensor OfGenerator(Tensor logits) => (logits - 1).square() / 2;
}
