using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tool.Output;
using SkiaSharp;

namespace Microsoft.ML.Dcgan.Tool.Pictures;

/// <summary>What pictures usually are, by some of them, spread over all: a size to train at, and whether in colour.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Channels">1 where all are grey.</param>
internal sealed record PictureSurvey(int Width, int Height, int Channels)
{
    private const int MostRead = 100;

    // Of larger ones a training takes hours.
    private const int LargestSide = 64;

    // Other shapes are cropped to the middle.
    private const double LikeShaped = 0.9;
    private const int SideMultiple = 4;

    // A grey picture's JPEG may be off by as much, of 255.
    private const int GreyTolerance = 3;
    private const int ColorSide = 32;

    public static PictureSurvey Of(IReadOnlyList<Picture> pictures, string background)
    {
        Picture[] some = [.. Enumerable.Range(0, Math.Min(MostRead, pictures.Count))
            .Select(i => pictures[(int)((long)i * pictures.Count / Math.Min(MostRead, pictures.Count))])];
        (int width, int height) = UsualSize([.. some.Select(picture => Size(picture.Path)).OfType<(int, int)>()]);
        return new PictureSurvey(width, height, IsGrey(some, background) ? 1 : 3);
    }

    /// <summary>The size of most where they are of one shape, or a square that the smaller half fills; neither side above 64.</summary>
    public static (int Width, int Height) UsualSize(IReadOnlyList<(int Width, int Height)> sizes)
    {
        if (sizes.Count == 0)
            return (LargestSide, LargestSide);
        (int Width, int Height)[] byShape = [.. sizes.OrderBy(size => (double)size.Width / size.Height)];
        (int Width, int Height) middle = byShape[byShape.Length / 2];
        double shape = (double)middle.Width / middle.Height;
        (int Width, int Height)[] alike = [.. sizes.OrderBy(size => size.Height)
            .Where(size => Math.Abs(size.Width - (size.Height * shape)) <= Math.Max(1, size.Width * 0.01))];
        if (alike.Length < sizes.Count * LikeShaped)
        {
            int[] sides = [.. sizes.Select(size => Math.Min(size.Width, size.Height)).Order()];
            int side = Math.Clamp(sides[(sides.Length - 1) / 2], PictureSize.SmallestSide, LargestSide);
            return (side, side);
        }
        (int width, int height) = alike[(alike.Length - 1) / 2];
        double scale = (double)LargestSide / Math.Max(width, height);
        return scale >= 1 ? (Math.Max(width, PictureSize.SmallestSide), Math.Max(height, PictureSize.SmallestSide))
            : (Scaled(width), Scaled(height));

        int Scaled(int side) =>
            Math.Max(PictureSize.SmallestSide, (int)Math.Round(side * scale / SideMultiple) * SideMultiple);
    }

    // As its camera was held; null where it cannot be read, which the training tells more of.
    private static (int, int)? Size(string path)
    {
        using SKCodec? codec = SKCodec.Create(path);
        return codec == null ? null
            : codec.EncodedOrigin >= SKEncodedOrigin.LeftTop ? (codec.Info.Height, codec.Info.Width)
            : (codec.Info.Width, codec.Info.Height);
    }

    private static bool IsGrey(IReadOnlyList<Picture> pictures, string background)
    {
        IDataView view = PictureView.Of(new MLContext(), pictures, ColorSide, ColorSide, channels: 3, background);
        bool any = false;
        foreach (MLImage image in PictureView.Images(view).Select(row => row.Image).OfType<MLImage>())
        {
            any = true;
            ReadOnlySpan<byte> pixels = image.Pixels;
            for (int at = 0; at < pixels.Length; at += 4)
            {
                (byte first, byte second, byte third) = (pixels[at], pixels[at + 1], pixels[at + 2]);
                if (Math.Max(Math.Max(first, second), third) - Math.Min(Math.Min(first, second), third) > GreyTolerance)
                    return false;
            }
        }
        return any;
    }
}
