using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// How surely the discriminator tells images apart, on a scale that all losses share but Wasserstein's, which knows no
/// certainty: 0 where it could as well guess, 1 where its loss is the least that its labels allow.
/// </summary>
internal static class DiscriminatorCertainty
{
    /// <summary>Healthy trainings of Fashion-MNIST are seldom so: see docs/health.md.</summary>
    public const double TooSure = 0.98;

    public static double? Of(TrainingSettings settings, double loss) => Scale(settings) is (double guessing, double least) ? (guessing - loss) / (guessing - least) : null;

    /// <summary>1 where a step's loss says that it is more than <see cref="TooSure"/> certain, 0 elsewhere, [as many as losses].</summary>
    public static Tensor? IsTooSure(TrainingSettings settings, Tensor losses) =>
        Scale(settings) is (double guessing, double least) ? losses.lt(guessing - TooSure * (guessing - least)).to(losses.dtype) : null;

    private static (double Guessing, double Least)? Scale(TrainingSettings settings)
    {
        if (settings.Loss == DcganLoss.Wasserstein)
            return null;

        // Labels as they are on average: some are not quite 1, and some are each other's.
        double real = settings.RealLabel * (1 - settings.LabelNoise);
        double generated = settings.RealLabel * settings.LabelNoise;
        double least = Least(real) + Least(generated);
        double guessing = 2 * Least((real + generated) / 2);
        return (guessing, least);

        double Least(double label) => settings.Loss switch
        {
            DcganLoss.LeastSquares => label * (1 - label) / 2,
            DcganLoss.Hinge => 2 * Math.Min(label, 1 - label),
            _ => -Logarithmic(label) - Logarithmic(1 - label),
        };
    }

    private static double Logarithmic(double share) => share > 0 ? share * Math.Log(share) : 0;
}
