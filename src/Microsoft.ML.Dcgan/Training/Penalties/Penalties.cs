namespace Microsoft.ML.Dcgan.Training;

/// <summary>From the options to the penalties.</summary>
internal static class Penalties
{
    public static IReadOnlyList<IPenalty> Of(TrainingSettings settings)
    {
        var penalties = new List<IPenalty>();
        if (settings.R1Penalty > 0)
            penalties.Add(new R1Penalty(settings.R1Penalty, settings.R1Interval));
        if (settings.GradientPenalty > 0)
            penalties.Add(new GradientPenalty(settings.GradientPenalty));
        return penalties;
    }
}
