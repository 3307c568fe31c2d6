using System.Runtime.CompilerServices;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>From a network's images, as bytes, to ML.NET's.</summary>
internal static class Pixels
{
    public const int BytesPerPixel = 4;

    /// <summary>Bytes [n, height, width, channels], on any device, to blue, green, red and full opacity, image after image.</summary>
    public static byte[] ToBgra(Tensor images)
    {
        // Four bytes a pixel are made here and not on the device, where it would take many small calls.
        using var scope = NewDisposeScope();
        Span<byte> pixels = images.cpu().bytes;
        int channels = (int)images.shape[3], blue = channels - 1, green = channels / 2;
        var bgra = new byte[pixels.Length / channels * BytesPerPixel];
        bgra.AsSpan().Fill(byte.MaxValue);
        for (int to = 0, from = 0; to < bgra.Length; to += BytesPerPixel, from += channels)
        {
            bgra[to] = pixels[from + blue];
            bgra[to + 1] = pixels[from + green];
            bgra[to + 2] = pixels[from];
        }
        return bgra;
    }

    /// <summary>Four bytes a pixel, to red, green and blue. Transparency is ignored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToRgb(ReadOnlySpan<byte> pixels, int red, Span<byte> rgb)
    {
        for (int to = 0, from = 0; to < rgb.Length; to += 3, from += BytesPerPixel)
        {
            rgb[to] = pixels[from + red];
            rgb[to + 1] = pixels[from + 1];
            rgb[to + 2] = pixels[from + 2 - red];
        }
    }

    /// <summary>One of several images of one size.</summary>
    public static MLImage ToImage(byte[] bgra, int index, int height, int width)
    {
        int size = height * width * BytesPerPixel;
        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, bgra.AsSpan(index * size, size));
    }
}

/// <summary>Reads the image of a row's current position as bytes [height, width, channels]. What it throws says what is wrong.</summary>
internal static class PixelReader
{
    // 255 may come out of ExtractPixels a rounding error above 1.
    private const float Tolerance = 1e-4f;

    public static RowReader<byte> For(DataViewRow row, DataViewSchema.Column column, ImageFormat format, ImageFlaws? flaws = null) =>
        column.Type is VectorDataViewType ? OfVectors(row, column, format) : OfImages(row, column, format, flaws);

    public static InvalidOperationException NoImage() => new("has no image: its path is empty, perhaps.");

    // Pixels in [-1, 1], as ExtractPixels makes them with offset 127.5 and scale 1 / 127.5. Where there is no image it makes a
    // sparse vector without any numbers, which would be all grey.
    private static RowReader<byte> OfVectors(DataViewRow row, DataViewSchema.Column column, ImageFormat format)
    {
        ValueGetter<VBuffer<float>> getter = row.GetGetter<VBuffer<float>>(column);
        var dense = new float[format.Size];
        VBuffer<float> values = default;
        return pixels =>
        {
            getter(ref values);
            if (values.Length != format.Size)
                throw new InvalidOperationException($"has {values.Length} numbers, but {format.Size} are expected, for {format}.");
            if (!values.IsDense && values.GetValues().IsEmpty)
                throw NoImage();

            // The vector has the red of all pixels first.
            values.CopyTo(dense);
            for (int channel = 0, i = 0; channel < format.Channels; channel++)
            {
                for (int to = channel; to < pixels.Length; to += format.Channels, i++)
                {
                    if (!(Math.Abs(dense[i]) <= 1 + Tolerance))
                        throw OutOfRange(dense[i], i);
                    pixels[to] = (byte)Math.Clamp(MathF.Round((dense[i] + 1) * 127.5f), 0, 255);
                }
            }
        };
    }

    private static InvalidOperationException OutOfRange(float value, int index) =>
        new($"pixel {index} is {value}, but pixels must be numbers in [-1, 1]. " +
            "Extract them with ExtractPixels(..., offsetImage: 127.5f, scaleImage: 1 / 127.5f), or give the image column itself.");

    // Red, green and blue, or grey. Transparency is ignored.
    private static RowReader<byte> OfImages(DataViewRow row, DataViewSchema.Column column, ImageFormat format, ImageFlaws? flaws)
    {
        ValueGetter<MLImage> getter = row.GetGetter<MLImage>(column);

        // The view may reuse or dispose it for the next one. The last one is not disposed: it may be the user's own.
        MLImage? image = null;
        return pixels =>
        {
            getter(ref image!);
            Read(image ?? throw NoImage(), format, pixels);
            flaws?.Look(image);
        };
    }

    // Compiled well at once: a set is half read by the time that the runtime would find out how often this is called.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Read(MLImage image, ImageFormat format, Span<byte> pixels)
    {
        if (image.Height != format.Height || image.Width != format.Width)
        {
            throw new ImageSizeException($"is an image of {image.Width}x{image.Height} pixels, " +
                $"but {format.Width}x{format.Height} are expected (width x height). " +
                "Resize all images to that size first, with ResizeImages.");
        }

        int red = image.PixelFormat switch
        {
            MLPixelFormat.Rgba32 => 0,
            MLPixelFormat.Bgra32 => 2,
            _ => throw new InvalidOperationException(
                $"is an image of pixel format {image.PixelFormat}, but {MLPixelFormat.Bgra32} or {MLPixelFormat.Rgba32} is expected."),
        };
        ReadOnlySpan<byte> source = image.Pixels;
        if (format.Channels == 3)
        {
            Pixels.ToRgb(source, red, pixels);
            return;
        }
        // Rec. 601, as ConvertToGrayscale.
        for (int i = 0, at = 0; i < pixels.Length; i++, at += Pixels.BytesPerPixel)
            pixels[i] = (byte)MathF.Round(0.3f * source[at + red] + 0.59f * source[at + 1] + 0.11f * source[at + 2 - red]);
    }
}

/// <summary>An image that nothing is wrong with, but whose size is not that of the others.</summary>
internal sealed class ImageSizeException(string message) : InvalidOperationException(message);
