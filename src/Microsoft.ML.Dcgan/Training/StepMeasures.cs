using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// A step's losses and scores: five numbers in one tensor, summed on the device over the steps of a reporting interval,
/// so that the host waits for the device once an interval and not once a step.
/// </summary>
internal readonly record struct StepMeasures(
    double DiscriminatorLoss,
    double GeneratorLoss,
    double RealScore,
    double GeneratedScoreBefore,
    double GeneratedScoreAfter)
{
    public const int Count = 5;

    public static Tensor Of(Tensor realLoss, Tensor generatedLoss, Tensor generatorLoss,
        Tensor realLogits, Tensor generatedLogits, Tensor judgedLogits)
    {
        using var _ = no_grad();
        return stack(new[]
        {
            realLoss.detach() + generatedLoss.detach(),
            generatorLoss.detach(),
            realLogits.detach().sigmoid().mean(),
            generatedLogits.detach().sigmoid().mean(),
            judgedLogits.detach().sigmoid().mean(),
        });
    }

    /// <summary>The mean over <paramref name="steps"/> steps; waits for the device.</summary>
    public static StepMeasures Mean(Tensor sum, int steps)
    {
        float[] values = sum.cpu().data<float>().ToArray();
        return new(values[0] / steps, values[1] / steps, values[2] / steps, values[3] / steps, values[4] / steps);
    }

    public bool AreFinite => double.IsFinite(DiscriminatorLoss + GeneratorLoss + RealScore + GeneratedScoreBefore + GeneratedScoreAfter);
}
