namespace Microsoft.ML.Dcgan.Tests;

/// <summary>Options for the training loop by itself: the paper's, with what changes or watches it off.</summary>
internal static class LoopOptions
{
    public static DcganEstimator.Options Create(int batch, int epochs = 1, double rate = 2e-4, int seed = 1, int progressInterval = 1) =>
        DcganEstimator.Options.Paper() with
        {
            BatchSize = batch,
            Epochs = epochs,
            LearningRate = rate,
            Seed = seed,
            ProgressInterval = progressInterval,
            HealthInterval = 0,
            LearningRateDecayStart = 0,
            AverageRampUp = 0,
            R1Interval = 1,
            AdaptiveAugmentation = false,
        };
}
