using System.Collections.Generic;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>From the options to the penalties.</summary>
internal static class Penalties
{
    public static IReadOnlyList<IPenalty> Of(TrainingSettings settings) => [];
}
