using System.Diagnostics;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>What both networks minimise, as scalars of the discriminator's logits [n] of a minibatch's real images and of as many generated
/// ones; and what options and health checks must know of it. A new loss is one more in <see cref="Create"/>, and a name in
/// <see cref="DcganLoss"/>.</summary>
internal abstract class AdversarialLoss(bool hasLabels = false)
{
    /// <exception cref="ArgumentOutOfRangeException">It does not go with other options.</exception>
    public static AdversarialLoss Create(DcganEstimator.Options options)
    {
        AdversarialLoss loss = options.Loss switch
        {
            // -log D(x), -log(1 - D(G(z))) and -log D(G(z)) (Goodfellow et al. 2014, section 3), on logits: with D(x) = sigmoid(logit),
            // -log D(x) = softplus(-logit) and -log(1 - D(x)) = softplus(logit), which stay finite where the logarithms do not.
            DcganLoss.NonSaturating => new PointwiseLoss(options, logits => (-logits).Softplus(), logits => logits.Softplus(),
                logits => (-logits).Softplus(), PointwiseLoss.Entropy, hasLabels: true),

            // The game itself (Goodfellow et al. 2014, equation 1): the generator lowers log(1 - D(G(z))), which the discriminator raises.
            DcganLoss.Minimax => new PointwiseLoss(options, logits => (-logits).Softplus(), logits => logits.Softplus(),
                logits => -logits.Softplus(), PointwiseLoss.Entropy, hasLabels: true),

            // (D(x) - 1)^2 / 2, D(G(z))^2 / 2 and (D(G(z)) - 1)^2 / 2 (Mao et al. 2017, equation 9).
            DcganLoss.LeastSquares => new PointwiseLoss(options, logits => (logits - Number(1)).Square() / Number(2),
                logits => logits.Square() / Number(2), logits => (logits - Number(1)).Square() / Number(2),
                share => share * (1 - share) / 2, hasLabels: true),

            // max(0, 1 - D(x)), max(0, 1 + D(G(z))) and -D(G(z)) (Lim and Ye 2017; Miyato et al. 2018, equations 16 and 17).
            DcganLoss.Hinge => new PointwiseLoss(options, logits => (-logits).Plus(1).relu(), logits => logits.Plus(1).relu(),
                logits => -logits, share => 2 * Math.Min(share, 1 - share)),

            // -D(x), D(G(z)) and -D(G(z)): the Wasserstein distance for the best discriminator whose slope is at most 1 (Arjovsky et
            // al. 2017, section 3, equation 2; Gulrajani et al. 2017, equation 2).
            DcganLoss.Wasserstein => new PointwiseLoss(options, logits => -logits, logits => logits, logits => -logits, least: null),

            DcganLoss.Relativistic => new RelativisticLoss(),
            _ => throw new UnreachableException($"There is no loss {options.Loss}."),
        };
        bool isSlopeBounded = options.GradientPenalty > 0 || options.DiscriminatorNormalization == DcganNormalization.Spectral;
        options.Require(isSlopeBounded || loss.Bounds != null, nameof(options.Loss),
            "another one where there is neither a GradientPenalty nor Spectral DiscriminatorNormalization");
        options.Require(loss.HasLabels || options.RealLabel == 1, nameof(options.RealLabel),
            $"1 with the {options.Loss} loss, which knows no labels; NonSaturating does");
        options.Require(loss.HasLabels || options.LabelNoise == 0, nameof(options.LabelNoise),
            $"0 with the {options.Loss} loss, which knows no labels; NonSaturating does");
        return loss;
    }

    /// <summary>Whether the discriminator learns labels, which <c>RealLabel</c> and <c>LabelNoise</c> change.</summary>
    public bool HasLabels => hasLabels;

    /// <summary>Whether the generator's depends on the logits of real images, too.</summary>
    public virtual bool ComparesWithReal => false;

    /// <summary>What the discriminator's lies between, for health checks; null where it has no bounds, so that its slope must.</summary>
    public virtual LossBounds? Bounds => null;

    /// <summary>The discriminator's, of logits of real and of generated images, and what <see cref="DrawLabels"/> gave for each.</summary>
    public abstract Tensor Discriminator(Tensor real, Tensor generated, Tensor? realLabels = null, Tensor? generatedLabels = null);

    /// <summary>The generator's, of logits of generated images and, if it <see cref="ComparesWithReal"/>, of real ones.</summary>
    public abstract Tensor Generator(Tensor generated, Tensor? real);

    /// <summary>How far each image is to count as real, from 0 to 1, [n]; null where real ones do and generated ones do not.</summary>
    public virtual Tensor? DrawLabels(Tensor logits, bool areReal, StepContext context) => null;

    /// <summary>How surely images are held to be real, from 0 to 1, [n], by their logits and those of images of the other kind, which are
    /// null where the generator's loss has none.</summary>
    public virtual Tensor Score(Tensor logits, Tensor? others) => logits.sigmoid();
}

/// <summary>The scale on which a discriminator's loss says how surely it tells images apart: from where it could as well guess to the least
/// that its labels allow.</summary>
internal readonly record struct LossBounds(double Guessing, double Least)
{
    /// <summary>0 for <see cref="Guessing"/>, less for what is worse, to 1 for <see cref="Least"/>.</summary>
    public double Certainty(double loss) => (Guessing - loss) / (Guessing - Least);

    /// <summary>The loss of a <see cref="Certainty"/>.</summary>
    public double Loss(double certainty) => Guessing - certainty * (Guessing - Least);
}

/// <summary>A loss in which each image counts by itself, the discriminator's as a mean over real images and one over generated ones. Where
/// it has labels these may be not quite sure: real images count as generated ones to a small part (one-sided label smoothing: Salimans et
/// al. 2016, section 3.4), and a few images have each other's label. With the logarithms this is their cross-entropy.</summary>
/// <param name="options">The labels.</param>
/// <param name="onReal">The discriminator's, of the logits of real images, [n].</param>
/// <param name="onGenerated">The discriminator's, of those of generated images, [n].</param>
/// <param name="ofGenerator">The generator's, of those of its images, [n].</param>
/// <param name="least">The discriminator's least mean on images that it cannot tell apart, by the share of them that is real; null: there
/// is none.</param>
/// <param name="hasLabels">See <see cref="AdversarialLoss.HasLabels"/>.</param>
internal sealed class PointwiseLoss(DcganEstimator.Options options, Func<Tensor, Tensor> onReal, Func<Tensor, Tensor> onGenerated,
    Func<Tensor, Tensor> ofGenerator, Func<double, double>? least, bool hasLabels = false)
    : AdversarialLoss(hasLabels)
{
    /// <summary>The least cross-entropy.</summary>
    public static double Entropy(double share) => -Logarithmic(share) - Logarithmic(1 - share);

    public override Tensor Discriminator(Tensor real, Tensor generated, Tensor? realLabels = null, Tensor? generatedLabels = null) =>
        (realLabels is null ? onReal(real) : Labelled(real, realLabels)).mean().Plus(
            (generatedLabels is null ? onGenerated(generated) : Labelled(generated, generatedLabels)).mean());

    public override Tensor Generator(Tensor generated, Tensor? real) => ofGenerator(generated).mean();

    public override Tensor? DrawLabels(Tensor logits, bool areReal, StepContext context)
    {
        if (options is { RealLabel: 1, LabelNoise: 0 })
            return null;
        (double label, double wrongLabel) = areReal ? (options.RealLabel, 0.0) : (0.0, options.RealLabel);
        Tensor isWrong = context.Draw(logits.shape[0], all => rand(all, WeightType, generator: context.Random))
            .lt(Number(options.LabelNoise)).to(logits.device);
        return (isWrong.to(logits.dtype) * Number(wrongLabel - label)).Plus(label);
    }

    // By the labels as they are on average.
    public override LossBounds? Bounds => least == null ? null : new(2 * least(options.RealLabel / 2),
        least(options.RealLabel * (1 - options.LabelNoise)) + least(options.RealLabel * options.LabelNoise));

    private Tensor Labelled(Tensor logits, Tensor labels) => (labels * onReal(logits)).Plus((-labels).Plus(1) * onGenerated(logits));

    private static double Logarithmic(double share) => share > 0 ? share * Math.Log(share) : 0;
}

/// <summary>Each real image against the generated one beside it: with D(a, b) = sigmoid(logit of a - logit of b), how surely a is the more
/// real of the two (Jolicoeur-Martineau 2019; pairs within the minibatch as in Huang et al. 2024, section 2).</summary>
internal sealed class RelativisticLoss : AdversarialLoss
{
    public override bool ComparesWithReal => true;

    public override LossBounds? Bounds => new(Guessing: Math.Log(2), Least: 0);

    /// <summary>-log D(x, G(z)).</summary>
    public override Tensor Discriminator(Tensor real, Tensor generated, Tensor? realLabels = null, Tensor? generatedLabels = null) =>
        (generated - real).Softplus().mean();

    /// <summary>-log D(G(z), x).</summary>
    public override Tensor Generator(Tensor generated, Tensor? real) => (real! - generated).Softplus().mean();

    public override Tensor Score(Tensor logits, Tensor? others) => (logits - others!).sigmoid();
}
