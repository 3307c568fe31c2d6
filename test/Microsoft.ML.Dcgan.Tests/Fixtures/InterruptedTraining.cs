namespace Microsoft.ML.Dcgan.Tests;

/// <summary>A training that was cancelled, and left checkpoints.</summary>
internal static class InterruptedTraining
{
    public static IDataView Images(MLContext ml) => Pictures.View(ml, 8, 8, 8, 1);

    /// <summary>Trains until the fourth of five epochs; returns the options to go on with.</summary>
    public static DcganEstimator.Options Run(MLContext ml, string checkpoints)
    {
        using var stop = new CancellationTokenSource();
        DcganEstimator.Options options = Pictures.SmallOptions(epochs: 5) with { CheckpointFolder = checkpoints, CheckpointInterval = 8 };
        ml.Transforms.Dcgan(options with
        {
            ProgressInterval = 1,
            Progress = progress =>
            {
                if (progress.Epoch == 4)
                    stop.Cancel();
            },
            CancellationToken = stop.Token,
        }).Fit(Images(ml)).Dispose();
        return options with { Resume = true };
    }
}
