using System.IO.Compression;
using System.IO.Hashing;

namespace Microsoft.ML.Dcgan.Pictures;

/// <summary>Writes PNG files (W3C Portable Network Graphics, third edition), of one picture or, with several, animated. Pictures without
/// colours are written as grey ones. The same pictures give the same bytes.</summary>
internal static class PngEncoder
{
    private const byte Grey = 0, TrueColor = 2;
    private static readonly byte[] _signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Pictures of one size, one after the other. A reader that knows of no animations shows the first.</summary>
    /// <param name="frames">One or more; without an animation one.</param>
    /// <param name="milliseconds">How long each is shown, to 65,535; null without an animation.</param>
    /// <param name="plays">How often; 0: without end.</param>
    public static byte[] Encode(IReadOnlyList<PixelCanvas> frames, IReadOnlyList<int>? milliseconds = null, int plays = 0)
    {
        var file = new MemoryStream();
        bool grey = frames.All(PngRows.IsGrey);
        file.Write(_signature);
        Chunk(file, "IHDR", [.. Size(frames[0]), 8, grey ? Grey : TrueColor, 0, 0, 0]);
        if (milliseconds != null)
            Chunk(file, "acTL", [.. Number(frames.Count), .. Number(plays)]);
        int sequence = 0;
        for (int i = 0; i < frames.Count; i++)
        {
            if (milliseconds != null)
            {
                Chunk(file, "fcTL",
                    [.. Number(sequence++), .. Size(frames[i]), .. Number(0), .. Number(0), .. Delay(milliseconds[i]), 0, 0]);
            }
            byte[] pixels = PngRows.Compress(frames[i], grey);
            if (i == 0)
                Chunk(file, "IDAT", pixels);
            else
                Chunk(file, "fdAT", [.. Number(sequence++), .. pixels]);
        }
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    private static void Chunk(Stream file, string type, ReadOnlySpan<byte> content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. content];
        file.Write(Number(content.Length));
        file.Write(named);
        file.Write(Number((int)Crc32.HashToUInt32(named)));
    }

    // In thousandths of a second.
    private static byte[] Delay(int milliseconds) => [(byte)(milliseconds >> 8), (byte)milliseconds, 1000 >> 8, 1000 & 0xFF];

    private static byte[] Size(PixelCanvas picture) => [.. Number(picture.Width), .. Number(picture.Height)];

    private static byte[] Number(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}

/// <summary>A picture's rows as a PNG file has them: deflated, after the filter that leaves least of each.</summary>
internal static class PngRows
{
    private const int Filters = 5;

    // Where red, green and blue are the same.
    public static bool IsGrey(PixelCanvas picture) =>
        Enumerable.Range(0, picture.Count).Select(picture.ColorOf).All(color => color == (color & 0xFF) * 0x010101);

    public static byte[] Compress(PixelCanvas picture, bool grey)
    {
        int step = grey ? 1 : PixelCanvas.BytesPerPixel, width = picture.Width * step;
        byte[] row = new byte[width], above = new byte[width], best = new byte[width + 1], candidate = new byte[width + 1];
        var compressed = new MemoryStream();
        using (var deflate = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int y = 0; y < picture.Height; y++)
            {
                for (int x = 0; x < width; x++)
                    row[x] = picture.Rgb[y * picture.Width * PixelCanvas.BytesPerPixel + x * PixelCanvas.BytesPerPixel / step];
                long least = long.MaxValue;
                for (byte filter = 0; filter < Filters; filter++)
                {
                    long sum = Filter(filter, row, above, step, candidate);
                    if (sum >= least)
                        continue;
                    least = sum;
                    (best, candidate) = (candidate, best);
                }
                deflate.Write(best);
                (row, above) = (above, row);
            }
        }
        return compressed.ToArray();
    }

    // Returns the sum of what is left, the measure that the PNG specification advises (section 12.7).
    private static long Filter(byte filter, byte[] row, byte[] above, int step, byte[] filtered)
    {
        long sum = 0;
        filtered[0] = filter;
        for (int i = 0; i < row.Length; i++)
        {
            byte left = i >= step ? row[i - step] : (byte)0, aboveLeft = i >= step ? above[i - step] : (byte)0;
            byte rest = (byte)(row[i] - filter switch
            {
                1 => left,
                2 => above[i],
                3 => (left + above[i]) / 2,
                4 => Paeth(left, above[i], aboveLeft),
                _ => 0,
            });
            filtered[i + 1] = rest;
            sum += Math.Abs((int)(sbyte)rest);
        }
        return sum;
    }

    // Of left, above and above left, the one that is nearest to where they lead (section 9.4).
    private static int Paeth(int left, int above, int aboveLeft)
    {
        int fromLeft = Math.Abs(above - aboveLeft), fromAbove = Math.Abs(left - aboveLeft);
        int fromAboveLeft = Math.Abs(left + above - 2 * aboveLeft);
        return fromLeft <= fromAbove && fromLeft <= fromAboveLeft ? left : fromAbove <= fromAboveLeft ? above : aboveLeft;
    }
}
