using System;

namespace Microsoft.ML;

internal static class RandomUtils
{
    public static Random Create(int? seed) => seed is int value ? new Random(value) : new Random();

    /// <summary>A generator that depends on the state of another, and advances it.</summary>
    public static Random Create(Random seed) => new(seed.Next());
}
