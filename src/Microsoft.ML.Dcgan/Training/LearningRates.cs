namespace Microsoft.ML.Dcgan.Training;

/// <summary>Learning rates over a training.</summary>
internal static class LearningRates
{
    /// <summary>The options that set them, and what they are, for messages.</summary>
    public static string Named(TrainingSettings settings) => settings.DiscriminatorLearningRate is double discriminator
        ? FormattableString.Invariant($"LearningRate, which is {settings.LearningRate}, or DiscriminatorLearningRate, which is {discriminator}")
        : FormattableString.Invariant($"LearningRate, which is {settings.LearningRate}");

    /// <param name="context">When.</param>
    /// <param name="settings">The schedule.</param>
    /// <param name="initial">The rate at the start; null: the generator's.</param>
    public static double At(StepContext context, TrainingSettings settings, double? initial = null)
    {
        double start = settings.LearningRateDecayStart;
        double fall = Math.Clamp((context.Progress - start) / (1 - start), 0, 1);
        return (initial ?? settings.LearningRate) * settings.LearningRateSchedule switch
        {
            DcganSchedule.Linear => 1 - fall,
            DcganSchedule.Cosine => (1 + Math.Cos(Math.PI * fall)) / 2,
            _ => 1,
        };
    }
}
