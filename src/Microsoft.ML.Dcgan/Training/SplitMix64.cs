namespace Microsoft.ML.Dcgan.Training;

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
