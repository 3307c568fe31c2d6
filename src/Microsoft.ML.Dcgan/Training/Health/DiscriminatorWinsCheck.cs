using System.Globalization;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>The discriminator tells nearly all images apart, look after look: the generator no longer gets anywhere.</summary>
internal sealed class DiscriminatorWinsCheck(TrainingSettings settings) : IHealthCheck
{
    // Of the minibatches between two looks. A single bad one is not to hide many sure ones, as it would in a mean.
    private const double Most = 2.0 / 3;

    public TrainingAlarm Alarm => TrainingAlarm.DiscriminatorWins;

    public int Looks => 2;

    public string? Symptom(HealthReading reading) =>
        reading.Mean.SureShare > Most
            ? string.Create(CultureInfo.InvariantCulture,
                $"The discriminator wins: in {reading.Mean.SureShare:P0} of the minibatches it is more than {DiscriminatorCertainty.TooSure:P0} sure (D(x) {reading.Mean.RealScore:F3}, D(G(z)) {reading.Mean.GeneratedScoreBefore:F3}, loss {reading.Mean.DiscriminatorLoss:G3}), ") +
                $"where less than {Most.ToString("P0", CultureInfo.InvariantCulture)} is healthy, and the generator learns little from it. {Advice}"
            : null;

    private string Advice => settings.DiscriminatorSteps > 1 ? "Fewer DiscriminatorSteps may help."
        : settings.DiscriminatorLearningRate is double rate && rate > settings.LearningRate ? "A lower DiscriminatorLearningRate may help."
        : "A lower DiscriminatorLearningRate, fewer DiscriminatorFeatureMaps, RealLabel 0.9 or InstanceNoise may help; with few images, Augmentation.";
}
