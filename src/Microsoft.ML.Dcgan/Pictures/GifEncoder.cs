using System.Numerics;

namespace Microsoft.ML.Dcgan.Pictures;

/// <summary>Writes animated GIF files (GIF89a). Where all pictures together have at most 256 colours, as grey ones do, every pixel is
/// exact; otherwise each picture has a palette of its own.</summary>
internal static class GifEncoder
{
    private const byte Extension = 0x21, Descriptor = 0x2C, Trailer = 0x3B, HasPalette = 0x80;

    /// <param name="frames">Of one size, of at most 65,535 pixels a side.</param>
    /// <param name="milliseconds">How long each is shown; the file says so in hundredths of a second.</param>
    /// <param name="plays">How often all are shown; 0: without end.</param>
    public static byte[] Animated(IReadOnlyList<PixelCanvas> frames, IReadOnlyList<int> milliseconds, int plays)
    {
        var file = new MemoryStream();
        Dictionary<int, int> colors = ColorQuantizer.Count(frames);
        ColorQuantizer? common = colors.Count <= ColorQuantizer.MostColors ? new ColorQuantizer(colors) : null;
        file.Write("GIF89a"u8);
        file.Write([.. Size(frames[0]), Flags(common), 0, 0, .. Table(common)]);
        if (plays != 1)
            file.Write([Extension, 0xFF, 11, .. Encoding.ASCII.GetBytes("NETSCAPE2.0"), 3, 1, .. Short(Math.Max(0, plays - 1)), 0]);

        for (int i = 0; i < frames.Count; i++)
        {
            // No pixel is transparent, and each picture stays until the next one is drawn over it.
            file.Write([Extension, 0xF9, 4, 1 << 2, .. Short((int)Math.Round(milliseconds[i] / 10.0)), 0, 0]);
            ColorQuantizer? own = common == null ? new ColorQuantizer(ColorQuantizer.Count([frames[i]])) : null;
            file.Write([Descriptor, 0, 0, 0, 0, .. Size(frames[i]), Flags(own), .. Table(own)]);
            ColorQuantizer palette = own ?? common!;
            int bits = Math.Max(2, Bits(palette));
            file.WriteByte((byte)bits);
            foreach (byte[] block in LzwEncoder.Compress(palette.Map(frames[i]), bits).Chunk(byte.MaxValue))
                file.Write([(byte)block.Length, .. block]);
            file.WriteByte(0);
        }
        file.WriteByte(Trailer);
        return file.ToArray();
    }

    // Whether a table follows, and of how many colours.
    private static byte Flags(ColorQuantizer? palette) => (byte)(palette == null ? 0 : HasPalette | Bits(palette) - 1);

    // A table has 2, 4, 8 and so on to 256 colours.
    private static int Bits(ColorQuantizer palette) => BitOperations.Log2((uint)palette.Colors.Count - 1) + 1;

    private static byte[] Table(ColorQuantizer? palette)
    {
        if (palette == null)
            return [];
        byte[] table = [.. palette.Colors.SelectMany(color => new[] { (byte)(color >> 16), (byte)(color >> 8), (byte)color })];
        Array.Resize(ref table, 3 << Bits(palette));
        return table;
    }

    private static byte[] Size(PixelCanvas frame) => [.. Short(frame.Width), .. Short(frame.Height)];

    private static byte[] Short(int value) => [(byte)value, (byte)(value >> 8)];
}

/// <summary>LZW as GIF files have it (GIF89a, appendix F): codes of up to 12 bits, lowest bits first.</summary>
internal static class LzwEncoder
{
    private const int MostCodes = 4096;

    /// <param name="pixels">Each below 2 to the power of <paramref name="bits"/>.</param>
    /// <param name="bits">2 to 8.</param>
    public static byte[] Compress(ReadOnlySpan<byte> pixels, int bits)
    {
        int clear = 1 << bits, end = clear + 1, next = end + 1, size = bits + 1;
        int pending = 0, count = 0;
        var known = new Dictionary<int, int>();
        var bytes = new MemoryStream();
        Write(clear);
        int run = pixels[0];
        foreach (byte pixel in pixels[1..])
        {
            int longer = run << 8 | pixel;
            if (known.TryGetValue(longer, out int code))
            {
                run = code;
                continue;
            }
            Write(run);
            run = pixel;
            if (next == MostCodes)
            {
                Write(clear);
                known.Clear();
                (next, size) = (end + 1, bits + 1);
                continue;
            }
            // The reader learns each code one step later.
            if (next == 1 << size)
                size++;
            known[longer] = next++;
        }
        Write(run);
        if (next == 1 << size && size < 12)
            size++;
        Write(end);
        if (count > 0)
            bytes.WriteByte((byte)pending);
        return bytes.ToArray();

        void Write(int code)
        {
            pending |= code << count;
            for (count += size; count >= 8; count -= 8, pending >>= 8)
                bytes.WriteByte((byte)pending);
        }
    }
}
