using System.Runtime.InteropServices;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Sets a share of a network's hidden features to 0 at random while it trains, and raises the others so that the mean stays
/// (Srivastava et al. 2014, section 10).</summary>
internal static class Dropout
{
    // A number of 16 bits decides a feature.
    private const int Levels = 1 << 16;

    /// <summary>What a network does from now on, at a rate of 0 (nothing) to less than 1. What is dropped depends alone on the random
    /// numbers, drawn on the CPU whatever the device, and on which of a minibatch's images the network sees.</summary>
    public static void Set(nn.Module network, double rate, torch.Generator? random, MinibatchShare share = default)
    {
        foreach (HiddenActivation activation in network.modules().OfType<HiddenActivation>())
            activation.Dropout = random != null && Dropped(rate) > 0 ? features => Apply(features, rate, random, share) : null;
    }

    /// <summary>Features [n, maps, height, width], some of them dropped.</summary>
    public static Tensor Apply(Tensor features, double rate, torch.Generator random, MinibatchShare share = default)
    {
        using var scope = NewDisposeScope();
        long[] sizes = features.shape;
        Tensor levels = share.Draw(sizes[0], all => Draw(all * sizes[1] * sizes[2] * sizes[3], random)
            .view(all, sizes[2], sizes[3], sizes[1])).permute(0, 3, 1, 2);
        Tensor kept = levels.to(features.device).ge(Number(short.MinValue + Dropped(rate))).to(features.dtype);
        return features.mul(kept.mul_(Number((double)Levels / (Levels - Dropped(rate))))).MoveToOuterDisposeScope();
    }

    private static int Dropped(double rate) => (int)Math.Min(Math.Round(rate * Levels), Levels - 1);

    // Four of each SplitMix64 number: libtorch would draw them one by one.
    private static Tensor Draw(long count, torch.Generator random)
    {
        Tensor levels = empty((count + 3) / 4 * 4, ScalarType.Int16);
        ulong state = (ulong)randint(long.MaxValue, [1], generator: random).item<long>();
        foreach (ref ulong bits in MemoryMarshal.Cast<byte, ulong>(levels.bytes))
            bits = SplitMix64.Mix(state += SplitMix64.GoldenRatio);
        return levels.narrow(0, 0, count);
    }
}
