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

    public int Width { get; }

    public int Height { get; }

    public byte[] Rgb { get; }

    /// <summary>A picture by itself. Transparency is ignored, as it is in training.</summary>
    public static PixelCanvas From(MLImage image) =>
        From(image.Pixels, image.Width, image.Height, red: image.PixelFormat == MLPixelFormat.Bgra32 ? 2 : 0);

    /// <summary>A picture by itself.</summary>
    public static PixelCanvas From(GeneratedImage image) => From(image.Pixels, image.Width, image.Height, red: 2);

    private static PixelCanvas From(ReadOnlySpan<byte> pixels, int width, int height, int red)
    {
        const int SourceBytes = 4;
        var canvas = new PixelCanvas(width, height);
        for (int target = 0, source = 0; target < canvas.Rgb.Length; target += BytesPerPixel, source += SourceBytes)
        {
            canvas.Rgb[target] = pixels[source + red];
            canvas.Rgb[target + 1] = pixels[source + 1];
            canvas.Rgb[target + 2] = pixels[source + 2 - red];
        }
        return canvas;
    }

    /// <param name="canvases">One or more.</param>
    /// <param name="what">What takes them, such as "A grid holds".</param>
    /// <param name="name">Of the argument that they come from.</param>
    /// <exception cref="ArgumentException">They differ in size.</exception>
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
