using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// The exponential moving average of a network's weights and batch statistics over its training, whose images are better
/// than those of any one moment (Yazici et al. 2019). Its half-life is counted in images, and is short at first, so that
/// the first weights are soon forgotten (Karras et al. 2020).
/// </summary>
/// <param name="weights">Those of the network, which starts as its own average.</param>
/// <param name="settings">The half-life.</param>
internal sealed class ExponentialMovingAverage(FlatParameters weights, DcganEstimator.Options settings) : TensorSnapshot(weights.State)
{
    /// <summary>Moves the average towards the network as it is now.</summary>
    /// <param name="images">How many have been trained on.</param>
    /// <param name="since">How many of them since the last time.</param>
    public void Update(long images, long since)
    {
        double halfLife = settings.AverageRampUp > 0
            ? Math.Min(settings.AverageHalfLife, images * settings.AverageRampUp)
            : settings.AverageHalfLife;
        double kept = Math.Pow(0.5, since / Math.Max(halfLife, 1e-8));
        ForEach((live, average) => _ = average.is_floating_point()
            ? average.mul_(kept).add_(live, alpha: 1 - kept)
            : average.copy_(live));
    }

    /// <summary>The network becomes its average, and the average what the network was; a second time, all is as before.</summary>
    public void Swap() => ForEach((live, average) =>
    {
        Tensor kept = live.detach().clone();
        live.copy_(average);
        average.copy_(kept);
    });
}
