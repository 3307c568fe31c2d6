using System.Collections.Generic;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>From the options to the views, in the order in which they apply.</summary>
internal static class Views
{
    public static IReadOnlyList<IView> Of(TrainingSettings settings) => [];
}
