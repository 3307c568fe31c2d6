namespace Microsoft.ML.Dcgan.Training;

/// <summary>A step's losses and scores, a few numbers in one tensor, summed on the device over the steps of a reporting interval, so that
/// the host waits for the device once an interval and not once a step. They are those of <see cref="TrainingProgress"/>, and the share of
/// the steps in which the discriminator was <see cref="TooSure"/>. Where the generator had none, its numbers are 0.</summary>
internal readonly record struct StepStatistics(
    double DiscriminatorLoss,
    double RealScore,
    double GeneratedScoreBefore,
    double GeneratorLoss,
    double GeneratedScoreAfter,
    double SureShare)
{
    /// <summary>The numbers, and how many steps of the discriminator and of the generator they are summed over.</summary>
    public const int Count = 8;

    /// <summary>The certainty (see <see cref="LossBounds"/>) that healthy trainings seldom have (docs/health-and-checkpoints.md).</summary>
    public const double TooSure = 0.98;

    /// <summary>Those of one step: from losses, which are scalars, and scores [n]; the last two are null where it was not the generator's
    /// turn.</summary>
    public static Tensor Measure(LossBounds? bounds, Tensor loss, Tensor realScores, Tensor generatedScores,
        Tensor? generatorLoss, Tensor? scoresAfter)
    {
        Tensor one = ones_like(loss), zero = zeros_like(loss);
        Tensor sure = bounds is { } scale ? loss.lt(Number(scale.Loss(TooSure))).to(loss.dtype) : zero;
        Tensor generatorSteps = generatorLoss is null ? zero : one;
        return stack([loss, realScores.mean(), generatedScores.mean(), generatorLoss ?? zero, scoresAfter?.mean() ?? zero, sure, one,
            generatorSteps]);
    }

    /// <summary>The means; waits for the device.</summary>
    public static StepStatistics Mean(Tensor sum)
    {
        float[] values = sum.to(ScalarType.Float32, CPU).data<float>().ToArray();
        float steps = values[6], generatorSteps = values[7] > 0 ? values[7] : 1;
        return new(values[0] / steps, values[1] / steps, values[2] / steps,
            values[3] / generatorSteps, values[4] / generatorSteps, values[5] / steps);
    }

    public bool AreFinite => double.IsFinite(DiscriminatorLoss + RealScore + GeneratedScoreBefore + GeneratorLoss + GeneratedScoreAfter);
}
