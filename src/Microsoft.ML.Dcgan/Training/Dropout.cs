using System.Runtime.InteropServices;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Sets a share of a network's hidden features to 0 at random while it trains, and raises the others so that the mean stays
/// (Srivastava et al. 2014, section 10).</summary>
internal sealed class Dropout : IDisposable
{
    // A number of 16 bits decides a feature.
    private const int Levels = 1 << 16;

    private readonly nn.Module _network;
    private readonly int _dropped;

    /// <param name="network">Whose features.</param>
    /// <param name="rate">The share, 0 (nothing is done) to less than 1.</param>
    public Dropout(nn.Module network, double rate)
    {
        _network = network;
        _dropped = (int)Math.Min(Math.Round(rate * Levels), Levels - 1);
        if (_dropped > 0)
            Attach(Apply);
    }

    /// <summary>On the CPU: what is dropped depends on it alone, whatever the device.</summary>
    public torch.Generator? Random { get; set; }

    /// <summary>Features [n, maps, height, width], some of them dropped.</summary>
    public Tensor Apply(Tensor features)
    {
        using var scope = NewDisposeScope();
        long[] sizes = features.shape;
        Tensor levels = Draw(features.numel()).view(sizes[0], sizes[2], sizes[3], sizes[1]).permute(0, 3, 1, 2);
        Tensor kept = levels.to(features.device).ge(short.MinValue + _dropped).to(features.dtype);
        return features.mul(kept.mul_((double)Levels / (Levels - _dropped))).MoveToOuterDisposeScope();
    }

    public void Dispose() => Attach(null);

    private void Attach(Func<Tensor, Tensor>? dropout)
    {
        foreach (HiddenActivation activation in _network.modules().OfType<HiddenActivation>())
            activation.Dropout = dropout;
    }

    // Four of each SplitMix64 number: libtorch would draw them one by one.
    private Tensor Draw(long count)
    {
        Tensor levels = empty((count + 3) / 4 * 4, ScalarType.Int16);
        ulong state = (ulong)randint(long.MaxValue, [1], generator: Random).item<long>();
        foreach (ref ulong bits in MemoryMarshal.Cast<byte, ulong>(levels.bytes))
            bits = SplitMix64.Mix(state += SplitMix64.GoldenRatio);
        return levels.narrow(0, 0, count);
    }
}
