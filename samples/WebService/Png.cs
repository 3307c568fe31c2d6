using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>From pictures to the bytes of a PNG file.</summary>
internal static class Png
{
    private const int BytesPerPixel = 4;

    /// <summary>One picture, each of its pixels a square of so many, without blur.</summary>
    public static byte[] Of(GeneratedImage picture, int scale)
    {
        if (scale == 1)
            return picture.ToPng();
        using MLImage enlarged = Enlarged(picture, scale);
        return new ImageGrid([enlarged], columns: 1, padding: 0).ToPng();
    }

    /// <summary>Pictures side by side.</summary>
    public static byte[] Of(GeneratedImage[] pictures, int scale)
    {
        if (scale == 1)
            return new ImageGrid(pictures).ToPng();
        MLImage[] enlarged = Array.ConvertAll(pictures, picture => Enlarged(picture, scale));
        byte[] png = new ImageGrid(enlarged).ToPng();
        Array.ForEach(enlarged, picture => picture.Dispose());
        return png;
    }

    private static MLImage Enlarged(GeneratedImage picture, int scale)
    {
        int width = picture.Width * scale, height = picture.Height * scale;
        ReadOnlySpan<byte> small = picture.Pixels;
        var large = new byte[width * height * BytesPerPixel];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int from = (y / scale * picture.Width + x / scale) * BytesPerPixel;
                small.Slice(from, BytesPerPixel).CopyTo(large.AsSpan((y * width + x) * BytesPerPixel));
            }
        }
        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, large);
    }
}
