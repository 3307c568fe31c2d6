using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>What both networks minimise, from the discriminator's logits [n]: a number an image, [n], whose mean counts.</summary>
internal interface IAdversarialLoss
{
    /// <summary>The discriminator's, of real images.</summary>
    Tensor OnReal(Tensor logits, StepContext context);

    /// <summary>The discriminator's, of generated images.</summary>
    Tensor OnGenerated(Tensor logits, StepContext context);

    /// <summary>The generator's, of its images.</summary>
    Tensor OfGenerator(Tensor logits);
}

/// <summary>From the options to the loss.</summary>
internal static class AdversarialLosses
{
    public static IAdversarialLoss Of(DcganEstimator.Options settings)
    {
        IAdversarialLoss loss = Named(settings.Loss);
        return settings is { RealLabel: 1, LabelNoise: 0 } ? loss : new SmoothedLabels(loss, settings.RealLabel, settings.LabelNoise);
    }

    private static IAdversarialLoss Named(DcganLoss name) => name switch
    {
        DcganLoss.NonSaturating => new NonSaturatingLoss(),
        DcganLoss.Minimax => new MinimaxLoss(),
        DcganLoss.LeastSquares => new LeastSquaresLoss(),
        DcganLoss.Hinge => new HingeLoss(),
        DcganLoss.Wasserstein => new WassersteinLoss(),
        _ => throw new UnreachableException($"There is no loss {name}."),
    };
}

/// <summary>
/// The non-saturating losses of Goodfellow et al. 2014, section 3, on logits: with D(x) = sigmoid(logit),
/// -log D(x) = softplus(-logit) and -log(1 - D(x)) = softplus(logit), which stay finite where the logarithms do not.
/// </summary>
internal sealed class NonSaturatingLoss : IAdversarialLoss
{
    /// <summary>-log D(x).</summary>
    public Tensor OnReal(Tensor logits, StepContext context) => nn.functional.softplus(-logits);

    /// <summary>-log(1 - D(G(z))).</summary>
    public Tensor OnGenerated(Tensor logits, StepContext context) => nn.functional.softplus(logits);

    /// <summary>-log D(G(z)).</summary>
    public Tensor OfGenerator(Tensor logits) => nn.functional.softplus(-logits);
}

/// <summary>
/// The two-player game itself (Goodfellow et al. 2014, equation 1), on logits: the generator lowers what the discriminator
/// raises.
/// </summary>
internal sealed class MinimaxLoss : IAdversarialLoss
{
    /// <summary>-log D(x).</summary>
    public Tensor OnReal(Tensor logits, StepContext context) => nn.functional.softplus(-logits);

    /// <summary>-log(1 - D(G(z))).</summary>
    public Tensor OnGenerated(Tensor logits, StepContext context) => nn.functional.softplus(logits);

    /// <summary>log(1 - D(G(z))).</summary>
    public Tensor OfGenerator(Tensor logits) => -nn.functional.softplus(logits);
}

/// <summary>Half the squared distance of the logit to 1 or 0 (Mao et al. 2017, equation 9).</summary>
internal sealed class LeastSquaresLoss : IAdversarialLoss
{
    /// <summary>(D(x) - 1)^2 / 2.</summary>
    public Tensor OnReal(Tensor logits, StepContext context) => (logits - 1).square() / 2;

    /// <summary>D(G(z))^2 / 2.</summary>
    public Tensor OnGenerated(Tensor logits, StepContext context) => logits.square() / 2;

    /// <summary>(D(G(z)) - 1)^2 / 2.</summary>
    public Tensor OfGenerator(Tensor logits) => (logits - 1).square() / 2;
}

/// <summary>The discriminator's logits count only within a margin of 1 (Lim and Ye 2017; Miyato et al. 2018, equations 16 and 17).</summary>
internal sealed class HingeLoss : IAdversarialLoss
{
    /// <summary>max(0, 1 - D(x)).</summary>
    public Tensor OnReal(Tensor logits, StepContext context) => nn.functional.relu(1 - logits);

    /// <summary>max(0, 1 + D(G(z))).</summary>
    public Tensor OnGenerated(Tensor logits, StepContext context) => nn.functional.relu(1 + logits);

    /// <summary>-D(G(z)).</summary>
    public Tensor OfGenerator(Tensor logits) => -logits;
}

/// <summary>
/// The difference of the logits, which is the Wasserstein distance for the best discriminator whose slope is at most 1
/// (Arjovsky et al. 2017, section 3, equation 2; Gulrajani et al. 2017, equation 2).
/// </summary>
internal sealed class WassersteinLoss : IAdversarialLoss
{
    /// <summary>-D(x).</summary>
    public Tensor OnReal(Tensor logits, StepContext context) => -logits;

    /// <summary>D(G(z)).</summary>
    public Tensor OnGenerated(Tensor logits, StepContext context) => logits;

    /// <summary>-D(G(z)).</summary>
    public Tensor OfGenerator(Tensor logits) => -logits;
}

/// <summary>
/// A loss whose discriminator is told labels that are not quite sure: real images count as generated ones to a small part
/// (one-sided label smoothing: Salimans et al. 2016, section 3.4), and a few images have each other's label. With the
/// logarithms this is the cross-entropy with these labels.
/// </summary>
/// <param name="loss">What an image of either label adds.</param>
/// <param name="realLabel">The label of real images, of which 1 - label is how much they count as generated.</param>
/// <param name="noise">The share of images under the wrong label.</param>
internal sealed class SmoothedLabels(IAdversarialLoss loss, double realLabel, double noise) : IAdversarialLoss
{
    private const double GeneratedLabel = 0;

    public Tensor OnReal(Tensor logits, StepContext context) => Labelled(logits, realLabel, GeneratedLabel, context);

    public Tensor OnGenerated(Tensor logits, StepContext context) => Labelled(logits, GeneratedLabel, realLabel, context);

    public Tensor OfGenerator(Tensor logits) => loss.OfGenerator(logits);

    private Tensor Labelled(Tensor logits, double label, double wrongLabel, StepContext context)
    {
        Tensor isWrong = rand(logits.shape, generator: context.Random).lt(noise).to(logits.device);
        Tensor labels = isWrong.to(logits.dtype) * (wrongLabel - label) + label;
        return labels * loss.OnReal(logits, context) + (1 - labels) * loss.OnGenerated(logits, context);
    }
}
