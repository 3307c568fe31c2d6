using System.Buffers.Binary;

namespace Microsoft.ML.Dcgan.Tests.Fuzzing;

/// <summary>Makes a file that is nearly one that is known, the same of the same seed.</summary>
internal static class Mutation
{
    private const int MostChanges = 4;
    private const int LongestRange = 64;

    // Where lengths, offsets and counts go wrong.
    private static readonly long[] _numbers = [0, 1, -1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0xFFFF_FFFF, long.MaxValue, long.MinValue];

    public static byte[] Of(byte[] known, byte[] other, Random random)
    {
        byte[] bytes = known;
        for (int changes = random.Next(1, MostChanges + 1); changes > 0; changes--)
            bytes = Changed(bytes, other, random);
        return bytes;
    }

    private static byte[] Changed(byte[] bytes, byte[] other, Random random)
    {
        if (bytes.Length == 0)
            return [(byte)random.Next(256)];
        int at = random.Next(bytes.Length), end = Math.Min(bytes.Length, at + 1 + random.Next(LongestRange));
        switch (random.Next(8))
        {
            case 0:
                return bytes[..at];
            case 1:
                return [.. bytes[..at], .. bytes[end..]];
            case 2:
                return [.. bytes[..end], .. bytes[at..]];
            case 3:
                var noise = new byte[end - at];
                random.NextBytes(noise);
                return [.. bytes[..at], .. noise, .. bytes[at..]];
            case 4 when other.Length > 0:
                int from = random.Next(other.Length);
                return [.. bytes[..at], .. other[from..Math.Min(other.Length, from + end - at)], .. bytes[end..]];
            case 5:
                return [.. bytes[..at], .. new byte[end - at], .. bytes[end..]];
            case 6:
                return WithNumber(bytes, at, random);
            default:
                byte[] flipped = [.. bytes];
                flipped[at] ^= (byte)(1 << random.Next(8));
                return flipped;
        }
    }

    private static byte[] WithNumber(byte[] bytes, int at, Random random)
    {
        byte[] changed = [.. bytes];
        int size = 1 << random.Next(4);
        var number = new byte[sizeof(long)];
        long value = _numbers[random.Next(_numbers.Length)];
        BinaryPrimitives.WriteInt64LittleEndian(number, value);
        if (random.Next(2) == 0)
            Array.Reverse(number, 0, size);
        for (int i = 0; i < size && at + i < changed.Length; i++)
            changed[at + i] = number[i];
        return changed;
    }
}
