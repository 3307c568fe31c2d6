using System.Diagnostics;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>From the options to the loss.</summary>
internal static class AdversarialLosses
{
    public static IAdversarialLoss Of(TrainingSettings settings)
    {
        IAdversarialLoss loss = Named(settings.Loss);
        return settings is { RealLabel: 1, LabelNoise: 0 } ? loss : new SmoothedLabels(loss, settings.RealLabel, settings.LabelNoise);
    }

    private static IAdversarialLoss Named(DcganLoss name) => name switch
    {
        DcganLoss.NonSaturating => new NonSaturatingLoss(),
        DcganLoss.Minimax => new MinimaxLoss(),
        DcganLoss.LeastSquares => new LeastSquaresLoss(),
        DcganLoss.Hinge => new HingeLoss(),
        DcganLoss.Wasserstein => new WassersteinLoss(),
        _ => throw new UnreachableException($"There is no loss {name}."),
    };
}
