using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>
/// Noise as a function of a seed and a row's id, so that any row's can be drawn at any time and in any order:
/// <see cref="SplitMix64"/> for the bits, Box and Muller 1958 for the normal distribution.
/// </summary>
internal static class RowNoise
{
    public static void Fill(Span<float> noise, int seed, DataViewRowId row, DcganNoise distribution = DcganNoise.Normal)
    {
        ulong state = SplitMix64.Mix(SplitMix64.Mix(SplitMix64.Mix((uint)seed + SplitMix64.GoldenRatio) ^ row.Low) ^ BitOperations.RotateLeft(row.High, 32));
        if (distribution == DcganNoise.Uniform)
            FillUniform(noise, ref state);
        else
            FillNormal(noise, ref state);
    }

    // In [-1, 1), of as many random bits as a float has room for.
    private static void FillUniform(Span<float> noise, ref ulong state)
    {
        foreach (ref float number in noise)
            number = (SplitMix64.Mix(state += SplitMix64.GoldenRatio) >> 40) * (1f / (1 << 23)) - 1;
    }

    private static void FillNormal(Span<float> noise, ref ulong state)
    {
        for (int i = 0; i < noise.Length; i += 2)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - NextUniform(ref state)));
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * NextUniform(ref state));
            noise[i] = (float)(radius * cosine);
            if (i + 1 < noise.Length)
                noise[i + 1] = (float)(radius * sine);
        }
    }

    // In [0, 1), of 53 random bits.
    private static double NextUniform(ref ulong state) => (SplitMix64.Mix(state += SplitMix64.GoldenRatio) >> 11) * (1.0 / (1UL << 53));
}
