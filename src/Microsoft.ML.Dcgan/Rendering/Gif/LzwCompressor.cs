namespace Microsoft.ML.Dcgan.Rendering;

/// <summary>LZW as GIF files have it (GIF89a, appendix F): codes grow from a bit more than a pixel's to 12 bits, lowest bits first.</summary>
internal static class LzwCompressor
{
    private const int MostCodes = 4096;

    /// <param name="pixels">Each below 2 to the power of <paramref name="bits"/>.</param>
    /// <param name="bits">2 to 8.</param>
    public static byte[] Compress(ReadOnlySpan<byte> pixels, int bits)
    {
        int clear = 1 << bits, end = clear + 1, next = end + 1, size = bits + 1;
        var known = new Dictionary<int, int>();
        var codes = new BitStream();
        codes.Write(clear, size);
        int run = pixels[0];
        foreach (byte pixel in pixels[1..])
        {
            int longer = run << 8 | pixel;
            if (known.TryGetValue(longer, out int code))
            {
                run = code;
                continue;
            }
            codes.Write(run, size);
            run = pixel;
            if (next == MostCodes)
            {
                codes.Write(clear, size);
                known.Clear();
                (next, size) = (end + 1, bits + 1);
                continue;
            }
            // The reader learns each code one step later.
            if (next == 1 << size)
                size++;
            known[longer] = next++;
        }
        codes.Write(run, size);
        if (next == 1 << size && size < 12)
            size++;
        codes.Write(end, size);
        return codes.ToArray();
    }

    private sealed class BitStream
    {
        private readonly MemoryStream _bytes = new();
        private int _pending;
        private int _count;

        public void Write(int code, int size)
        {
            _pending |= code << _count;
            for (_count += size; _count >= 8; _count -= 8, _pending >>= 8)
                _bytes.WriteByte((byte)_pending);
        }

        public byte[] ToArray()
        {
            if (_count > 0)
                _bytes.WriteByte((byte)_pending);
            return _bytes.ToArray();
        }
    }
}
