using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>
/// Count, mean and covariance of features that come block by block, in one pass and double precision. Each block is taken
/// about its own mean and then joined (Chan, Golub and LeVeque 1983, equation 2.1), so that features far from 0 lose nothing.
/// </summary>
internal sealed class FeatureMoments : IDisposable
{
    private readonly Device _device;
    private readonly Tensor _mean;

    // The sum of the outer products of what the features differ from their mean by.
    private readonly Tensor _scatter;

    public FeatureMoments(long featureSize, Device device)
    {
        _device = device;
        _mean = zeros([featureSize], ScalarType.Float64, device).DetachFromDisposeScope();
        _scatter = zeros([featureSize, featureSize], ScalarType.Float64, device).DetachFromDisposeScope();
    }

    public long Count { get; private set; }

    /// <summary>[size]; it belongs to this object.</summary>
    public Tensor Mean => _mean;

    /// <summary>Adds features [n, size].</summary>
    public void Add(Tensor block)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Tensor features = block.to(ScalarType.Float64, _device);
        Tensor mean = features.mean(new long[] { 0 });
        Tensor deviations = features - mean;
        _scatter.addmm_(deviations.T, deviations);
        Join(block.shape[0], mean);
    }

    /// <summary>Adds all that another one has seen.</summary>
    public void Add(FeatureMoments other)
    {
        using var scope = NewDisposeScope();
        _scatter.add_(other._scatter.to(_device));
        Join(other.Count, other._mean.to(_device));
    }

    /// <summary>The unbiased covariance [size, size] of at least two samples.</summary>
    public Tensor Covariance() => _scatter / (double)(Count - 1);

    public void Dispose()
    {
        _mean.Dispose();
        _scatter.Dispose();
    }

    private void Join(long count, Tensor mean)
    {
        if (count == 0)
            return;
        long total = Count + count;
        Tensor apart = (mean - _mean).unsqueeze(1);
        _scatter.addmm_(apart * ((double)Count / total * count), apart.T);
        _mean.add_(apart.squeeze(1), (double)count / total);
        Count = total;
    }
}
