using System.Diagnostics;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// What both networks minimise, as scalars of the discriminator's logits [n] of a minibatch's real images and of as many
/// generated ones; and what options and health checks must know of it. A new loss is a class here, and a name in
/// <see cref="DcganLoss"/>.
/// </summary>
internal abstract class AdversarialLoss
{
    /// <exception cref="ArgumentOutOfRangeException">It does not go with other options.</exception>
    public static AdversarialLoss Create(DcganEstimator.Options options)
    {
        AdversarialLoss loss = options.Loss switch
        {
            DcganLoss.NonSaturating => new NonSaturatingLoss(options),
            DcganLoss.Minimax => new MinimaxLoss(options),
            DcganLoss.LeastSquares => new LeastSquaresLoss(options),
            DcganLoss.Hinge => new HingeLoss(options),
            DcganLoss.Wasserstein => new WassersteinLoss(options),
            DcganLoss.Relativistic => new RelativisticLoss(),
            _ => throw new UnreachableException($"There is no loss {options.Loss}."),
        };
        loss.Check(options);
        return loss;
    }

    /// <summary>Whether the discriminator learns labels, which <c>RealLabel</c> and <c>LabelNoise</c> change.</summary>
    public virtual bool HasLabels => false;

    /// <summary>Whether it is bounded only where the discriminator's slope is.</summary>
    public virtual bool NeedsBoundedSlope => false;

    /// <summary>Whether the generator's depends on the logits of real images, too.</summary>
    public virtual bool ComparesWithReal => false;

    /// <summary>What the discriminator's lies between, for health checks; null where that is not known.</summary>
    public virtual LossBounds? Bounds => null;

    /// <summary>The discriminator's.</summary>
    /// <param name="real">Logits of real images.</param>
    /// <param name="generated">Logits of generated images.</param>
    /// <param name="realLabels">What <see cref="DrawLabels"/> gave for the real ones.</param>
    /// <param name="generatedLabels">What it gave for the generated ones.</param>
    public abstract Tensor Discriminator(Tensor real, Tensor generated, Tensor? realLabels = null, Tensor? generatedLabels = null);

    /// <summary>The generator's.</summary>
    /// <param name="generated">Logits of generated images.</param>
    /// <param name="real">Logits of real images, if it <see cref="ComparesWithReal"/>; otherwise null.</param>
    public abstract Tensor Generator(Tensor generated, Tensor? real);

    /// <summary>How far each image is to count as real, from 0 to 1, [n]; null where real ones do and generated ones do not.</summary>
    public virtual Tensor? DrawLabels(Tensor logits, bool areReal, StepContext context) => null;

    /// <summary>How surely images are held to be real, from 0 to 1, [n].</summary>
    /// <param name="logits">Theirs.</param>
    /// <param name="others">Those of images of the other kind; null where the generator's loss has none.</param>
    public virtual Tensor Score(Tensor logits, Tensor? others) => logits.sigmoid();

    private void Check(DcganEstimator.Options options)
    {
        bool isSlopeBounded = options.GradientPenalty > 0 || options.DiscriminatorNormalization == DcganNormalization.Spectral;
        options.Require(isSlopeBounded || !NeedsBoundedSlope, nameof(options.Loss),
            "another one where there is neither a GradientPenalty nor Spectral DiscriminatorNormalization");
        options.Require(HasLabels || options.RealLabel == 1, nameof(options.RealLabel),
            $"1 with the {options.Loss} loss, which knows no labels");
        options.Require(HasLabels || options.LabelNoise == 0, nameof(options.LabelNoise),
            $"0 with the {options.Loss} loss, which knows no labels");
    }
}

/// <summary>The scale on which a discriminator's loss says how surely it tells images apart.</summary>
/// <param name="Guessing">The loss where it could as well guess.</param>
/// <param name="Least">The least that its labels allow.</param>
internal readonly record struct LossBounds(double Guessing, double Least)
{
    /// <summary>0 for <see cref="Guessing"/>, less for what is worse, to 1 for <see cref="Least"/>.</summary>
    public double Certainty(double loss) => (Guessing - loss) / (Guessing - Least);

    /// <summary>The loss of a <see cref="Certainty"/>.</summary>
    public double Loss(double certainty) => Guessing - certainty * (Guessing - Least);
}

/// <summary>
/// A loss in which each image counts by itself, the discriminator's as a mean over real images and one over generated ones.
/// Where it has labels these may be not quite sure: real images count as generated ones to a small part (one-sided label
/// smoothing: Salimans et al. 2016, section 3.4), and a few images have each other's label. With the logarithms this is the
/// cross-entropy with these labels.
/// </summary>
internal abstract class PointwiseLoss(DcganEstimator.Options options) : AdversarialLoss
{
    /// <summary>The discriminator's, of real images, [n].</summary>
    protected abstract Tensor OnReal(Tensor logits);

    /// <summary>The discriminator's, of generated images, [n].</summary>
    protected abstract Tensor OnGenerated(Tensor logits);

    /// <summary>The generator's, of its images, [n].</summary>
    protected abstract Tensor OfGenerator(Tensor logits);

    /// <summary>The discriminator's least mean on images that it cannot tell apart, this share of them real; null: there is none.</summary>
    protected virtual double? Least(double share) => null;

    public sealed override Tensor Discriminator(Tensor real, Tensor generated, Tensor? realLabels = null, Tensor? generatedLabels = null) =>
        (realLabels is null ? OnReal(real) : Labelled(real, realLabels)).mean() +
        (generatedLabels is null ? OnGenerated(generated) : Labelled(generated, generatedLabels)).mean();

    public sealed override Tensor Generator(Tensor generated, Tensor? real) => OfGenerator(generated).mean();

    public sealed override Tensor? DrawLabels(Tensor logits, bool areReal, StepContext context)
    {
        if (options is { RealLabel: 1, LabelNoise: 0 })
            return null;
        (double label, double wrongLabel) = areReal ? (options.RealLabel, 0.0) : (0.0, options.RealLabel);
        Tensor isWrong = rand(logits.shape, generator: context.Random).lt(options.LabelNoise).to(logits.device);
        return isWrong.to(logits.dtype) * (wrongLabel - label) + label;
    }

    public sealed override LossBounds? Bounds
    {
        get
        {
            // Labels as they are on average.
            double real = options.RealLabel * (1 - options.LabelNoise), generated = options.RealLabel * options.LabelNoise;
            return Least((real + generated) / 2) is double guessing
                ? new(2 * guessing, Least(real)!.Value + Least(generated)!.Value)
                : null;
        }
    }

    private Tensor Labelled(Tensor logits, Tensor labels) => labels * OnReal(logits) + (1 - labels) * OnGenerated(logits);
}

/// <summary>
/// The non-saturating losses of Goodfellow et al. 2014, section 3, on logits: with D(x) = sigmoid(logit),
/// -log D(x) = softplus(-logit) and -log(1 - D(x)) = softplus(logit), which stay finite where the logarithms do not.
/// </summary>
internal class NonSaturatingLoss(DcganEstimator.Options options) : PointwiseLoss(options)
{
    public sealed override bool HasLabels => true;

    /// <summary>-log D(x).</summary>
    protected sealed override Tensor OnReal(Tensor logits) => nn.functional.softplus(-logits);

    /// <summary>-log(1 - D(G(z))).</summary>
    protected sealed override Tensor OnGenerated(Tensor logits) => nn.functional.softplus(logits);

    /// <summary>-log D(G(z)).</summary>
    protected override Tensor OfGenerator(Tensor logits) => nn.functional.softplus(-logits);

    protected sealed override double? Least(double share) => -Logarithmic(share) - Logarithmic(1 - share);

    private static double Logarithmic(double share) => share > 0 ? share * Math.Log(share) : 0;
}

/// <summary>
/// The two-player game itself (Goodfellow et al. 2014, equation 1), on logits: the generator lowers what the discriminator
/// raises.
/// </summary>
internal sealed class MinimaxLoss(DcganEstimator.Options options) : NonSaturatingLoss(options)
{
    /// <summary>log(1 - D(G(z))).</summary>
    protected override Tensor OfGenerator(Tensor logits) => -nn.functional.softplus(logits);
}

/// <summary>Half the squared distance of the logit to 1 or 0 (Mao et al. 2017, equation 9).</summary>
internal sealed class LeastSquaresLoss(DcganEstimator.Options options) : PointwiseLoss(options)
{
    public override bool HasLabels => true;

    /// <summary>(D(x) - 1)^2 / 2.</summary>
    protected override Tensor OnReal(Tensor logits) => (logits - 1).square() / 2;

    /// <summary>D(G(z))^2 / 2.</summary>
    protected override Tensor OnGenerated(Tensor logits) => logits.square() / 2;

    /// <summary>(D(G(z)) - 1)^2 / 2.</summary>
    protected override Tensor OfGenerator(Tensor logits) => (logits - 1).square() / 2;

    protected override double? Least(double share) => share * (1 - share) / 2;
}

/// <summary>Logits count only within a margin of 1 (Lim and Ye 2017; Miyato et al. 2018, equations 16 and 17).</summary>
internal sealed class HingeLoss(DcganEstimator.Options options) : PointwiseLoss(options)
{
    /// <summary>max(0, 1 - D(x)).</summary>
    protected override Tensor OnReal(Tensor logits) => nn.functional.relu(1 - logits);

    /// <summary>max(0, 1 + D(G(z))).</summary>
    protected override Tensor OnGenerated(Tensor logits) => nn.functional.relu(1 + logits);

    /// <summary>-D(G(z)).</summary>
    protected override Tensor OfGenerator(Tensor logits) => -logits;

    protected override double? Least(double share) => 2 * Math.Min(share, 1 - share);
}

/// <summary>
/// The difference of the logits, which is the Wasserstein distance for the best discriminator whose slope is at most 1
/// (Arjovsky et al. 2017, section 3, equation 2; Gulrajani et al. 2017, equation 2).
/// </summary>
internal sealed class WassersteinLoss(DcganEstimator.Options options) : PointwiseLoss(options)
{
    public override bool NeedsBoundedSlope => true;

    /// <summary>-D(x).</summary>
    protected override Tensor OnReal(Tensor logits) => -logits;

    /// <summary>D(G(z)).</summary>
    protected override Tensor OnGenerated(Tensor logits) => logits;

    /// <summary>-D(G(z)).</summary>
    protected override Tensor OfGenerator(Tensor logits) => -logits;
}

/// <summary>
/// Each real image against the generated one beside it: with D(a, b) = sigmoid(logit of a - logit of b), how surely a is the
/// more real of the two (Jolicoeur-Martineau 2019; pairs within the minibatch as in Huang et al. 2024, section 2).
/// </summary>
internal sealed class RelativisticLoss : AdversarialLoss
{
    public override bool ComparesWithReal => true;

    public override LossBounds? Bounds => new(Guessing: Math.Log(2), Least: 0);

    /// <summary>-log D(x, G(z)).</summary>
    public override Tensor Discriminator(Tensor real, Tensor generated, Tensor? realLabels = null, Tensor? generatedLabels = null) =>
        nn.functional.softplus(generated - real).mean();

    /// <summary>-log D(G(z), x).</summary>
    public override Tensor Generator(Tensor generated, Tensor? real) => nn.functional.softplus(real! - generated).mean();

    public override Tensor Score(Tensor logits, Tensor? others) => (logits - others!).sigmoid();
}
