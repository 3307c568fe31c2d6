using System;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// How surely the discriminator tells images apart, on a scale that all losses share but Wasserstein's, which knows no
/// certainty: 0 where it could as well guess, 1 where its loss is the least that its labels allow.
/// </summary>
internal static class DiscriminatorCertainty
{
    public static double? Of(TrainingSettings settings, double loss) => Scale(settings) is (double guessing, double least) ? (guessing - loss) / (guessing - least) : null;

    /// <summary>The same of one step, but never below 0: a single bad step is not to hide many sure ones.</summary>
    public static Tensor? Of(TrainingSettings settings, Tensor loss) =>
        Scale(settings) is (double guessing, double least) ? ((guessing - loss) / (guessing - least)).clamp(min: 0) : null;

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
