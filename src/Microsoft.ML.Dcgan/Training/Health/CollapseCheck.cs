using System.Globalization;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Generated images hardly differ from one another, though real ones do.</summary>
internal sealed class CollapseCheck : IHealthCheck
{
    // Healthy trainings of Fashion-MNIST: see docs/health.md.
    private const double TooAlike = 0.1;

    // A new generator makes the same grey of any noise, and then images more and more different.
    private const long WarmUp = 10_000;

    public TrainingAlarm Alarm => TrainingAlarm.Collapsed;

    public int Looks => 2;

    public string? Symptom(HealthReading reading)
    {
        if (reading.Diversity is not double diversity)
            return null;
        bool grows = diversity > reading.GreatestDiversity;
        return !grows && diversity < TooAlike && reading.Images >= WarmUp ? Message(diversity) : null;
    }

    private static string Message(double diversity) => string.Create(CultureInfo.InvariantCulture,
        $"The generator collapsed: its images differ {diversity:P1} as much as training images do (mean squared difference), where {TooAlike:P0} or more is healthy. ") +
        "A lower LearningRate or DiscriminatorLearningRate, or another Seed, may help; or other losses and penalties.";
}
