using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Tests.WebService;

/// <summary>What is in a PNG file.</summary>
internal static class Decoded
{
    /// <summary>Blue, green, red, opacity, pixel by pixel.</summary>
    public static byte[] Png(byte[] png)
    {
        using MLImage image = MLImage.CreateFromStream(new MemoryStream(png));
        byte[] pixels = image.Pixels.ToArray();
        if (image.PixelFormat == MLPixelFormat.Rgba32)
        {
            for (int i = 0; i < pixels.Length; i += 4)
                (pixels[i], pixels[i + 2]) = (pixels[i + 2], pixels[i]);
        }
        return pixels;
    }
}
