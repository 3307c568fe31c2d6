using System.Text;

namespace Microsoft.ML.Dcgan.Rendering;

/// <summary>
/// Writes animated GIF files (GIF89a). Where all pictures together have at most 256 colours, as grey ones do, every pixel is
/// exact; otherwise each picture has a palette of its own.
/// </summary>
internal static class GifWriter
{
    private const byte Extension = 0x21, Descriptor = 0x2C, Trailer = 0x3B, HasPalette = 0x80;

    /// <param name="frames">Of one size, of at most 65,535 pixels a side.</param>
    /// <param name="milliseconds">How long each is shown; the file says so in hundredths of a second.</param>
    /// <param name="plays">How often all are shown; 0: without end.</param>
    public static byte[] Animated(IReadOnlyList<PixelCanvas> frames, IReadOnlyList<int> milliseconds, int plays)
    {
        var file = new MemoryStream();
        Dictionary<int, int> colors = ColorPalette.Count(frames);
        ColorPalette? common = colors.Count <= ColorPalette.MostColors ? new ColorPalette(colors) : null;
        file.Write("GIF89a"u8);
        file.Write([.. Short(frames[0].Width), .. Short(frames[0].Height), (byte)(common == null ? 0 : HasPalette | Bits(common) - 1), 0, 0]);
        if (common != null)
            file.Write(Table(common));
        if (plays != 1)
            file.Write([Extension, 0xFF, 11, .. Encoding.ASCII.GetBytes("NETSCAPE2.0"), 3, 1, .. Short(Math.Max(0, plays - 1)), 0]);

        for (int i = 0; i < frames.Count; i++)
        {
            // No pixel is transparent, and each picture stays until the next one is drawn over it.
            file.Write([Extension, 0xF9, 4, 1 << 2, .. Short((int)Math.Round(milliseconds[i] / 10.0)), 0, 0]);
            WriteFrame(file, frames[i], common);
        }
        file.WriteByte(Trailer);
        return file.ToArray();
    }

    private static void WriteFrame(Stream file, PixelCanvas frame, ColorPalette? common)
    {
        ColorPalette palette = common ?? new ColorPalette(ColorPalette.Count([frame]));
        file.Write([Descriptor, 0, 0, 0, 0, .. Short(frame.Width), .. Short(frame.Height), (byte)(common == null ? HasPalette | Bits(palette) - 1 : 0)]);
        if (common == null)
            file.Write(Table(palette));

        int bits = Math.Max(2, Bits(palette));
        file.WriteByte((byte)bits);
        foreach (byte[] block in LzwCompressor.Compress(palette.Map(frame), bits).Chunk(byte.MaxValue))
        {
            file.WriteByte((byte)block.Length);
            file.Write(block);
        }
        file.WriteByte(0);
    }

    // A table has 2, 4, 8 and so on to 256 colours.
    private static int Bits(ColorPalette palette)
    {
        int bits = 1;
        while (1 << bits < palette.Colors.Count)
            bits++;
        return bits;
    }

    private static byte[] Table(ColorPalette palette)
    {
        var table = new byte[(1 << Bits(palette)) * 3];
        for (int i = 0; i < palette.Colors.Count; i++)
        {
            int color = palette.Colors[i];
            (table[3 * i], table[3 * i + 1], table[3 * i + 2]) = ((byte)(color >> 16), (byte)(color >> 8), (byte)color);
        }
        return table;
    }

    private static byte[] Short(int value) => [(byte)value, (byte)(value >> 8)];
}
