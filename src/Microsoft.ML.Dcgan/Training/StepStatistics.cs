using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// A step's losses and scores, a few numbers in one tensor, summed on the device over the steps of a reporting interval,
/// so that the host waits for the device once an interval and not once a step. Where the interval had no step of the
/// generator, the generator's are 0.
/// </summary>
internal readonly record struct StepStatistics(
    double DiscriminatorLoss,
    double RealScore,
    double GeneratedScoreBefore,
    double GeneratorLoss,
    double GeneratedScoreAfter,
    double SureShare)
{
    /// <summary>The measures, and how many steps of the discriminator and of the generator they are summed over.</summary>
    public const int Count = 8;

    /// <param name="realLoss">The discriminator's on real images.</param>
    /// <param name="generatedLoss">The discriminator's on generated images.</param>
    /// <param name="realLogits">Of real images.</param>
    /// <param name="generatedLogits">Of generated images.</param>
    /// <param name="generatorLoss">The generator's, or null where it was not its turn.</param>
    /// <param name="judgedLogits">Of generated images after the discriminator's update, likewise.</param>
    /// <param name="settings">How the losses are to be read.</param>
    public static Tensor Of(Tensor realLoss, Tensor generatedLoss, Tensor realLogits, Tensor generatedLogits,
        Tensor? generatorLoss, Tensor? judgedLogits, DcganEstimator.Options settings)
    {
        using var _ = no_grad();
        Tensor loss = realLoss.detach() + generatedLoss.detach(), one = ones_like(loss), zero = zeros_like(loss);
        Tensor[] discriminator = [loss, Score(realLogits), Score(generatedLogits)];
        Tensor sure = DiscriminatorCertainty.IsTooSure(settings, loss) ?? zero;
        return stack(generatorLoss is null || judgedLogits is null
            ? [.. discriminator, zero, zero, sure, one, zero]
            : [.. discriminator, generatorLoss.detach(), Score(judgedLogits), sure, one, one]);
    }

    /// <summary>The means; waits for the device.</summary>
    public static StepStatistics Mean(Tensor sum)
    {
        float[] values = sum.cpu().data<float>().ToArray();
        float steps = values[6], generatorSteps = values[7] > 0 ? values[7] : 1;
        return new(values[0] / steps, values[1] / steps, values[2] / steps,
            values[3] / generatorSteps, values[4] / generatorSteps, values[5] / steps);
    }

    public bool AreFinite => double.IsFinite(DiscriminatorLoss + RealScore + GeneratedScoreBefore + GeneratorLoss + GeneratedScoreAfter);

    private static Tensor Score(Tensor logits) => logits.detach().sigmoid().mean();
}
