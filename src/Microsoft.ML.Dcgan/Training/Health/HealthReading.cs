namespace Microsoft.ML.Dcgan.Training;

/// <summary>What a look at a training in progress found.</summary>
/// <param name="Step">Minibatches trained on so far.</param>
/// <param name="Images">Images trained on so far.</param>
/// <param name="Mean">The measures of the steps since the look before.</param>
/// <param name="WeightsAreFinite">Whether all weights of both networks are numbers.</param>
/// <param name="Diversity">How much generated images differ from one another, over how much real ones do; null where that was not measured.</param>
/// <param name="GreatestDiversity">The greatest at the looks before.</param>
internal readonly record struct HealthReading(long Step, long Images, StepMeasures Mean, bool WeightsAreFinite, double? Diversity, double GreatestDiversity = 0)
{
    /// <summary>Before the first step.</summary>
    public static HealthReading Before { get; } = new(0, 0, default, WeightsAreFinite: true, null);

    /// <summary>Whether there is anything to go on with.</summary>
    public bool IsFinite => Mean.AreFinite && WeightsAreFinite && double.IsFinite(Diversity ?? 0);
}
