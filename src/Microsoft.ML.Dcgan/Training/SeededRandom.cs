namespace Microsoft.ML.Dcgan.Training;

/// <summary>The random numbers of a training, as a function of its seed, of what they are for, and of when: whoever continues from a step
/// draws what an uninterrupted training draws there. All are drawn on the CPU, so that a seed means the same on every device.</summary>
internal sealed class SeededRandom(int seed) : IDisposable
{
    private readonly torch.Generator _generator = new(0, CPU);

    /// <summary>The one generator, seeded anew: what was drawn from it before has no influence.</summary>
    public torch.Generator At(RandomPurpose purpose, long index = 0)
    {
        ulong ofPurpose = SplitMix64.Mix((uint)seed + SplitMix64.GoldenRatio * (ulong)purpose);
        return _generator.manual_seed((long)SplitMix64.Mix(ofPurpose + SplitMix64.GoldenRatio * (ulong)index));
    }

    public void Dispose() => _generator.Dispose();
}

/// <summary>What random numbers are for.</summary>
internal enum RandomPurpose
{
    /// <summary>The first weights.</summary>
    Weights = 1,

    /// <summary>The order of the images in an epoch.</summary>
    Order = 2,

    /// <summary>The noise, and all else that a step draws.</summary>
    Step = 3,

    /// <summary>What the training's health is judged by.</summary>
    Health = 4,

    /// <summary>The noise of the samples that are looked at on the way.</summary>
    Samples = 5,

    /// <summary>The noise of <see cref="BatchStatistics"/>.</summary>
    Statistics = 6,
}

/// <summary>A mixing of 64 bits in which each depends on all (Steele, Lea and Flood 2014).</summary>
internal static class SplitMix64
{
    /// <summary>What consecutive states lie apart.</summary>
    public const ulong GoldenRatio = 0x9E3779B97F4A7C15;

    public static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
