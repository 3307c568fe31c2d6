namespace Microsoft.ML.Dcgan.Interop;

/// <summary>The checksum of zip archives: CRC-32 of the polynomial 0x04C11DB7, bits reversed.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[] _table = Enumerable.Range(0, 256).Select(value => Divide((uint)value)).ToArray();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint remainder = uint.MaxValue;
        foreach (byte value in bytes)
            remainder = _table[(byte)(remainder ^ value)] ^ remainder >> 8;
        return ~remainder;
    }

    private static uint Divide(uint value)
    {
        for (int bit = 0; bit < 8; bit++)
            value = (value & 1) == 0 ? value >> 1 : value >> 1 ^ Polynomial;
        return value;
    }
}
