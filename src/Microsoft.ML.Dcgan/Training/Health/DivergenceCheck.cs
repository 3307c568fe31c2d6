using System.Globalization;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Weights, losses or images are no longer numbers. There is no way back from that.</summary>
internal sealed class DivergenceCheck(TrainingSettings settings) : IHealthCheck
{
    public TrainingAlarm Alarm => TrainingAlarm.Diverged;

    public int Looks => 1;

    public string? Symptom(HealthReading reading) => reading.IsFinite
        ? null
        : string.Create(CultureInfo.InvariantCulture,
            $"Training diverged: {What(reading)} are not numbers by minibatch {reading.Step} (discriminator's loss {reading.Mean.DiscriminatorLoss:G3}, generator's {reading.Mean.GeneratorLoss:G3}). ") +
            $"Lower {LearningRates.Named(settings)}.";

    private static string What(HealthReading reading) =>
        !reading.Mean.AreFinite ? "the losses" : !reading.WeightsAreFinite ? "the weights" : "generated images";
}
