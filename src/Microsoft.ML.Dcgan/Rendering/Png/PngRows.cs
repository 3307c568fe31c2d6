using System.IO.Compression;

namespace Microsoft.ML.Dcgan.Rendering;

/// <summary>A picture's rows as a PNG file has them: each as what differs from its neighbours, by the filter that leaves least, and deflated.</summary>
internal static class PngRows
{
    private const int Filters = 5;

    public static bool IsGrey(PixelCanvas picture)
    {
        byte[] rgb = picture.Rgb;
        for (int i = 0; i < rgb.Length; i += PixelCanvas.BytesPerPixel)
        {
            if (rgb[i] != rgb[i + 1] || rgb[i] != rgb[i + 2])
                return false;
        }
        return true;
    }

    public static byte[] Compress(PixelCanvas picture, bool grey)
    {
        int step = grey ? 1 : PixelCanvas.BytesPerPixel, width = picture.Width * step;
        byte[] row = new byte[width], above = new byte[width], best = new byte[width + 1], candidate = new byte[width + 1];
        var compressed = new MemoryStream();
        using (var deflate = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int y = 0; y < picture.Height; y++)
            {
                Read(picture, y, grey, row);
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

    private static void Read(PixelCanvas picture, int y, bool grey, Span<byte> row)
    {
        ReadOnlySpan<byte> pixels = picture.Rgb.AsSpan(y * picture.Width * PixelCanvas.BytesPerPixel, picture.Width * PixelCanvas.BytesPerPixel);
        if (!grey)
            pixels.CopyTo(row);
        else
            for (int x = 0; x < row.Length; x++)
                row[x] = pixels[x * PixelCanvas.BytesPerPixel];
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
        int fromLeft = Math.Abs(above - aboveLeft), fromAbove = Math.Abs(left - aboveLeft), fromAboveLeft = Math.Abs(left + above - 2 * aboveLeft);
        return fromLeft <= fromAbove && fromLeft <= fromAboveLeft ? left : fromAbove <= fromAboveLeft ? above : aboveLeft;
    }
}
