namespace Microsoft.ML.Dcgan.Rendering;

/// <summary>The checksum of a PNG file's chunks: CRC-32 (ISO 3309).</summary>
internal static class PngChecksum
{
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[] _table = Enumerable.Range(0, 256).Select(Entry).ToArray();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
            sum = _table[(byte)(sum ^ value)] ^ sum >> 8;
        return ~sum;
    }

    private static uint Entry(int index)
    {
        uint value = (uint)index;
        for (int bit = 0; bit < 8; bit++)
            value = (value & 1) != 0 ? Polynomial ^ value >> 1 : value >> 1;
        return value;
    }
}
