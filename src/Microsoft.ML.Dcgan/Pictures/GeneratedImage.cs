using Microsoft.ML.Dcgan.Pictures;
using Microsoft.ML.Dcgan.Storage;
using SkiaSharp;

namespace Microsoft.ML.Dcgan;

/// <summary>A picture that a generator made. Its pixels are in managed memory, so there is nothing to dispose. It saves as PNG, JPEG or
/// WebP, and a notebook whose last line is one shows it.</summary>
public sealed partial class GeneratedImage
{
    private const int BestQuality = 100;
    private readonly byte[] _bgra;

    private GeneratedImage(byte[] bgra, int width, int height) => (_bgra, Width, Height) = (bgra, width, height);

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Four bytes a pixel, row after row from the top left: blue, green, red, and an opacity of 255
    /// (<see cref="MLPixelFormat.Bgra32"/>). In grey pictures the first three are the same.</summary>
    public ReadOnlySpan<byte> Pixels => _bgra;

    /// <summary>As a PNG file's bytes: the same picture gives the same bytes.</summary>
    public byte[] ToPng() => PngEncoder.Encode([PixelCanvas.From(this)]);

    /// <summary>As an image of ML.NET's, in native memory, which the caller disposes.</summary>
    public MLImage ToMLImage() => MLImage.CreateFromPixels(Width, Height, MLPixelFormat.Bgra32, _bgra);

    /// <summary>Writes a file. An older one of that name stays whole until the new one is complete.</summary>
    /// <param name="path">Its ending says what it becomes: .png, .jpg, .jpeg or .webp.</param>
    /// <exception cref="ArgumentException">The path has no such ending.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => ToPng(),
            ".jpg" or ".jpeg" => Encode(SKEncodedImageFormat.Jpeg),
            ".webp" => Encode(SKEncodedImageFormat.Webp),
            string extension => throw new ArgumentException(
                $"'{path}' ends in '{extension}', but a picture is saved as .png, .jpg, .jpeg or .webp.", nameof(path)),
        });
    }

    private byte[] Encode(SKEncodedImageFormat format)
    {
        using var image = SKImage.FromPixelCopy(new SKImageInfo(Width, Height, SKColorType.Bgra8888, SKAlphaType.Opaque), _bgra);
        using SKData encoded = image.Encode(format, BestQuality);
        return encoded.ToArray();
    }

    /// <inheritdoc />
    public override string ToString() => $"{Width}x{Height} pixels";

    /// <summary>Pictures of one size, from blue, green, red and opacity, picture after picture.</summary>
    internal static IEnumerable<GeneratedImage> Split(byte[] bgra, int width, int height) =>
        bgra.Chunk(width * height * Data.Pixels.BytesPerPixel).Select(pixels => new GeneratedImage(pixels, width, height));
}

public sealed partial class TrainingSamples
{
    // As many classes as a grid shows well side by side.
    private const int MostClassColumns = 24;
    private readonly int _classes;

    internal TrainingSamples(IReadOnlyList<GeneratedImage> pictures, int classes) => (Pictures, _classes) = (pictures, classes);

    /// <summary>Picture i comes from the same noise each time and, with classes, is of class i modulo their number.</summary>
    public IReadOnlyList<GeneratedImage> Pictures { get; }

    /// <summary>The pictures side by side. With classes, of which they take turns, a column a class where there are at most 24.</summary>
    public ImageGrid ToGrid() =>
        new(Pictures, _classes is > 1 and <= MostClassColumns && _classes <= Pictures.Count ? _classes : null);
}
