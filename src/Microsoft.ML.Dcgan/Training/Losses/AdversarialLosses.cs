using System.Diagnostics;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>From the option to the loss.</summary>
internal static class AdversarialLosses
{
    public static IAdversarialLoss Of(TrainingSettings settings) => settings.Loss switch
    {
        DcganLoss.NonSaturating => new NonSaturatingLoss(),
        _ => throw new UnreachableException($"There is no loss {settings.Loss}."),
    };
}
