using System.Globalization;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// The discriminator does worse than if it guessed, which its last layer alone could do: steps so large overshoot whatever
/// they aim at.
/// </summary>
internal sealed class OvershootCheck(TrainingSettings settings) : IHealthCheck
{
    // A discriminator that has learnt nothing yet does a little worse than guessing, too.
    private const double WorseThanGuessing = -0.25;

    // The first steps of all, which Adam takes at their full length, often overshoot, and are made good by those after them.
    private const int LeastSteps = 20;

    public TrainingAlarm Alarm => TrainingAlarm.Diverged;

    public int Looks => 1;

    public string? Symptom(HealthReading reading) =>
        reading.Step >= LeastSteps && DiscriminatorCertainty.Of(settings, reading.Mean.DiscriminatorLoss) is double certainty && certainty < WorseThanGuessing
            ? string.Create(CultureInfo.InvariantCulture,
                $"Training diverges: the discriminator does worse than if it guessed (loss {reading.Mean.DiscriminatorLoss:G3}, D(x) {reading.Mean.RealScore:F3}, D(G(z)) {reading.Mean.GeneratedScoreBefore:F3}; ") +
                $"better than that is healthy). Its steps are too large: lower {LearningRates.Named(settings)}."
            : null;
}
