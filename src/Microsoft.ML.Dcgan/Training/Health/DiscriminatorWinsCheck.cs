using System;
using System.Globalization;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>The discriminator tells nearly all images apart, look after look: the generator no longer gets anywhere.</summary>
internal sealed class DiscriminatorWinsCheck(TrainingSettings settings) : IHealthCheck
{
    // Healthy trainings of Fashion-MNIST: see docs/health.md.
    private const double TooSure = 0.98;

    public TrainingAlarm Alarm => TrainingAlarm.DiscriminatorWins;

    public int Looks => 2;

    public string? Symptom(HealthReading reading) =>
        reading.Mean.Certainty > TooSure
            ? string.Create(CultureInfo.InvariantCulture,
                $"The discriminator wins: it is {reading.Mean.Certainty:P1} sure (D(x) {reading.Mean.RealScore:F3}, D(G(z)) {reading.Mean.GeneratedScoreBefore:F3}, loss {reading.Mean.DiscriminatorLoss:G3}), ") +
                $"where less than {TooSure.ToString("P0", CultureInfo.InvariantCulture)} is healthy, and the generator learns little from it. {Advice}"
            : null;

    private string Advice => settings.DiscriminatorSteps > 1 ? "Fewer DiscriminatorSteps may help."
        : settings.DiscriminatorLearningRate is double rate && rate > settings.LearningRate ? "A lower DiscriminatorLearningRate may help."
        : "A lower DiscriminatorLearningRate, fewer DiscriminatorFeatureMaps, RealLabel 0.9 or InstanceNoise may help; with few images, Augmentation.";
}
