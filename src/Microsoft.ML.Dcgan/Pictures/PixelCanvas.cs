using Microsoft.ML.Dcgan.Data;

namespace Microsoft.ML.Dcgan.Pictures;

/// <summary>A white sheet, of red, green and blue, to lay pictures out on.</summary>
internal sealed class PixelCanvas
{
    public const int BytesPerPixel = 3;

    public PixelCanvas(int width, int height)
    {
        (Width, Height, Rgb) = (width, height, new byte[checked(width * height * BytesPerPixel)]);
        Array.Fill(Rgb, byte.MaxValue);
    }

    private PixelCanvas(ReadOnlySpan<byte> pixels, int width, int height, int red) : this(width, height) =>
        Pixels.ToRgb(pixels, red, Rgb);

    public int Width { get; }

    public int Height { get; }

    public byte[] Rgb { get; }

    /// <summary>How many pixels it has.</summary>
    public int Count => Width * Height;

    /// <summary>A picture by itself. Transparency is ignored, as it is in training.</summary>
    public static PixelCanvas From(MLImage image) =>
        new(image.Pixels, image.Width, image.Height, red: image.PixelFormat == MLPixelFormat.Bgra32 ? 2 : 0);

    /// <summary>A picture by itself.</summary>
    public static PixelCanvas From(GeneratedImage image) => new(image.Pixels, image.Width, image.Height, red: 2);

    /// <summary>A pixel's colour, red in the highest of three bytes. Pixels are counted row after row from the top left.</summary>
    public int ColorOf(int pixel)
    {
        int i = pixel * BytesPerPixel;
        return Rgb[i] << 16 | Rgb[i + 1] << 8 | Rgb[i + 2];
    }

    /// <summary>Fails where canvases, the argument of a name, differ in size. What takes them is such as "A grid holds".</summary>
    public static void RequireOneSize(PixelCanvas[] canvases, string what, string name)
    {
        PixelCanvas first = canvases[0];
        int other = Array.FindIndex(canvases, canvas => canvas.Width != first.Width || canvas.Height != first.Height);
        if (other >= 0)
        {
            throw new ArgumentException($"{what} images of one size: image {other} is {canvases[other].Width}x{canvases[other].Height}, "
                + $"the first is {first.Width}x{first.Height} (width x height). Resize them first.", name);
        }
    }

    /// <summary>Copies another sheet onto this one.</summary>
    public void Draw(PixelCanvas other, int left, int top)
    {
        int row = other.Width * BytesPerPixel;
        for (int y = 0; y < other.Height; y++)
            other.Rgb.AsSpan(y * row, row).CopyTo(Rgb.AsSpan(((top + y) * Width + left) * BytesPerPixel));
    }

    public void Darken(int x, int y) => Rgb.AsSpan((y * Width + x) * BytesPerPixel, BytesPerPixel).Clear();
}
