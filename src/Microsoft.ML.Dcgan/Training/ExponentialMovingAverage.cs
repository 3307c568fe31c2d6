using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// The exponential moving average of a network's weights and batch statistics over its training, whose images are better
/// than those of any one moment (Yazici et al. 2019). Its half-life is counted in images, and is short at first, so that
/// the first weights are soon forgotten (Karras et al. 2020).
/// </summary>
internal sealed class ExponentialMovingAverage : IDisposable
{
    private readonly DcganEstimator.Options _settings;
    private readonly (string Name, Tensor Live, Tensor Average)[] _tensors;

    /// <param name="network">The network, which starts as its own average.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="settings">The half-life.</param>
    public ExponentialMovingAverage(nn.Module network, FlatParameters weights, DcganEstimator.Options settings)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        _settings = settings;
        _tensors = network.named_buffers().Select(buffer => (buffer.name, buffer.buffer)).Append(("weights", weights.All))
            .Select(tensor => (tensor.Item1, tensor.Item2, tensor.Item2.detach().clone().DetachFromDisposeScope())).ToArray();
    }

    public IEnumerable<(string Name, Tensor Tensor)> State => _tensors.Select(tensor => (tensor.Name, tensor.Average));

    /// <summary>Moves the average towards the network as it is now.</summary>
    /// <param name="images">How many have been trained on.</param>
    /// <param name="since">How many of them since the last time.</param>
    public void Update(long images, long since)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        double halfLife = _settings.AverageRampUp > 0
            ? Math.Min(_settings.AverageHalfLife, images * _settings.AverageRampUp)
            : _settings.AverageHalfLife;
        double kept = Math.Pow(0.5, since / Math.Max(halfLife, 1e-8));
        foreach ((string name, Tensor live, Tensor average) in _tensors)
        {
            if (average.is_floating_point())
                average.mul_(kept).add_(live, alpha: 1 - kept);
            else
                average.copy_(live);
        }
    }

    /// <summary>The network becomes its average, and the average what the network was; a second time, all is as before.</summary>
    public void Swap()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach ((string name, Tensor live, Tensor average) in _tensors)
        {
            Tensor kept = live.detach().clone();
            live.copy_(average);
            average.copy_(kept);
        }
    }

    public void Dispose()
    {
        foreach ((string name, Tensor live, Tensor average) in _tensors)
            average.Dispose();
    }
}
