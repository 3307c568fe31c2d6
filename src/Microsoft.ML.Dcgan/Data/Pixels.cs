using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>From a network's images, as bytes, to ML.NET's.</summary>
internal static class Pixels
{
    private const MLPixelFormat PixelFormat = MLPixelFormat.Bgra32;
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

    /// <summary>One of several images of one size.</summary>
    public static MLImage ToImage(byte[] bgra, int index, int height, int width)
    {
        int size = height * width * BytesPerPixel;
        return MLImage.CreateFromPixels(width, height, PixelFormat, bgra.AsSpan(index * size, size));
    }
}

/// <summary>
/// Reads the image of the current row as bytes [height, width, channels]. What it throws says what is wrong with the image; the
/// reader says which row it is.
/// </summary>
internal interface IPixelReader
{
    void Read(Span<byte> pixels);
}

internal static class PixelReader
{
    public static IPixelReader For(DataViewRow row, DataViewSchema.Column column, ImageFormat format) =>
        column.Type is VectorDataViewType
            ? new VectorPixelReader(row, column, format)
            : new ImagePixelReader(row, column, format);
}

/// <summary>
/// Pixels in [-1, 1], as ExtractPixels makes them with offset 127.5 and scale 1 / 127.5. Where there is no image it makes a
/// sparse vector without any numbers, which would be all grey.
/// </summary>
internal sealed class VectorPixelReader(DataViewRow row, DataViewSchema.Column column, ImageFormat format) : IPixelReader
{
    // 255 may come out of ExtractPixels a rounding error above 1.
    private const float Tolerance = 1e-4f;
    private readonly ValueGetter<VBuffer<float>> _getter = row.GetGetter<VBuffer<float>>(column);
    private readonly float[] _dense = new float[format.Size];
    private VBuffer<float> _values;

    public void Read(Span<byte> pixels)
    {
        _getter(ref _values);
        if (_values.Length != format.Size)
            throw new InvalidOperationException($"has {_values.Length} numbers, but {format.Size} are expected, for {format}.");
        if (!_values.IsDense && _values.GetValues().IsEmpty)
            throw ImagePixelReader.NoImage();

        // The vector has the red of all pixels first.
        _values.CopyTo(_dense);
        for (int channel = 0, i = 0; channel < format.Channels; channel++)
        {
            for (int to = channel; to < pixels.Length; to += format.Channels, i++)
            {
                float value = _dense[i];
                if (!(Math.Abs(value) <= 1 + Tolerance))
                    throw OutOfRange(value, i);
                pixels[to] = (byte)Math.Clamp(MathF.Round((value + 1) * 127.5f), 0, 255);
            }
        }
    }

    private static InvalidOperationException OutOfRange(float value, int index) =>
        new($"pixel {index} is {value}, but pixels must be numbers in [-1, 1]. " +
            "Extract them with ExtractPixels(..., offsetImage: 127.5f, scaleImage: 1 / 127.5f), or give the image column itself.");
}

/// <summary>Images, read as red, green and blue, or as grey. Transparency is ignored.</summary>
internal sealed class ImagePixelReader(DataViewRow row, DataViewSchema.Column column, ImageFormat format) : IPixelReader
{
    private readonly ValueGetter<MLImage> _getter = row.GetGetter<MLImage>(column);

    // The view may reuse or dispose it for the next one. The last one is not disposed: it may be the user's own.
    private MLImage? _image;

    public void Read(Span<byte> pixels)
    {
        _getter(ref _image!);
        Read(_image, format, pixels);
    }

    /// <summary>The same of an image by itself.</summary>
    public static void Read(MLImage? image, ImageFormat format, Span<byte> pixels)
    {
        if (image == null)
            throw NoImage();
        if (image.Height != format.Height || image.Width != format.Width)
        {
            throw new InvalidOperationException($"is an image of {image.Width}x{image.Height} pixels, " +
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
        Copy(image.Pixels, red, 2 - red, format.Channels == 1, pixels);
    }

    public static InvalidOperationException NoImage() => new("has no image: its path is empty, perhaps.");

    private static void Copy(ReadOnlySpan<byte> source, int red, int blue, bool isGrey, Span<byte> pixels)
    {
        int to = 0;
        for (; !source.IsEmpty; source = source[Pixels.BytesPerPixel..])
        {
            if (isGrey)
            {
                pixels[to++] = Luminance(source[red], source[1], source[blue]);
                continue;
            }
            pixels[to++] = source[red];
            pixels[to++] = source[1];
            pixels[to++] = source[blue];
        }
    }

    // Rec. 601, as ConvertToGrayscale.
    private static byte Luminance(byte red, byte green, byte blue) =>
        (byte)MathF.Round(0.3f * red + 0.59f * green + 0.11f * blue);
}
