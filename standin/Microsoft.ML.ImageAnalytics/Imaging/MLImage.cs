using System;
using System.IO;

namespace Microsoft.ML.Data;

/// <summary>
/// A picture in memory. Its colours are multiplied by alpha, as in the real library, and an opaque picture's alpha
/// means nothing.
/// </summary>
public sealed partial class MLImage : IDisposable
{
    private readonly int _width;
    private readonly int _height;
    private readonly MLPixelFormat _format;
    private readonly bool _opaque;
    private byte[] _pixels;
    private string _tag;

    private MLImage(int width, int height, MLPixelFormat format, bool opaque, byte[] pixels)
    {
        _width = width;
        _height = height;
        _format = format;
        _opaque = opaque;
        _pixels = pixels;
    }

    public int Width => Alive._width;

    public int Height => Alive._height;

    public int BitsPerPixel
    {
        get
        {
            _ = Alive;
            return 8 * PixelBytes.PerPixel;
        }
    }

    public MLPixelFormat PixelFormat => Alive._format;

    public ReadOnlySpan<byte> Pixels => Alive._pixels;

    /// <summary>The colours without alpha, three bytes a pixel; a method in all but name.</summary>
    public byte[] GetBGRPixels => Alive.ToBytes([Blue, Green, Red], unpremultiply: !_opaque);

    public string Tag
    {
        get => Alive._tag;
        set => Alive._tag = value;
    }

    private MLImage Alive => _pixels is not null ? this : throw new InvalidOperationException("Object is disposed.");

    public static MLImage CreateFromFile(string imagePath)
    {
        ArgumentNullException.ThrowIfNull(imagePath);
        return TryRead(imagePath, out byte[] file) && Decode(file) is { } image ? image : throw new ArgumentException("Invalid path", nameof(imagePath));
    }

    public static MLImage CreateFromStream(Stream imageStream)
    {
        ArgumentNullException.ThrowIfNull(imageStream);
        var file = new MemoryStream();
        imageStream.CopyTo(file);
        return Decode(file.GetBuffer().AsSpan(0, (int)file.Length))
            ?? throw new ArgumentException("Invalid input stream contents", nameof(imageStream));
    }

    public static MLImage CreateFromPixels(int width, int height, MLPixelFormat pixelFormat, ReadOnlySpan<byte> imagePixelData)
    {
        if (pixelFormat is not (MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32))
            throw new ArgumentException("Unsupported pixel format", nameof(pixelFormat));
        if (width <= 0)
            throw new ArgumentException("Invalid width value.", nameof(width));
        if (height <= 0)
            throw new ArgumentException("Invalid height value.", nameof(height));
        if (imagePixelData.Length != width * height * PixelBytes.PerPixel)
            throw new ArgumentException($"Invalid {nameof(imagePixelData)} buffer size.");

        return new MLImage(width, height, pixelFormat, opaque: false, imagePixelData.ToArray());
    }

    public void Dispose() => _pixels = null;

    // What kept a file from being read is not told, as in the real library.
    private static bool TryRead(string path, out byte[] file)
    {
        try
        {
            file = File.ReadAllBytes(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            file = null;
            return false;
        }
    }

    private static MLImage Decode(ReadOnlySpan<byte> file)
    {
        if (!ImageCodec.TryDecode(file, out byte[] pixels, out int width, out int height, out bool hasAlpha))
            return null;
        PixelBytes.SwapRedAndBlue(pixels);
        if (hasAlpha)
            PixelBytes.Premultiply(pixels);
        return new MLImage(width, height, MLPixelFormat.Bgra32, opaque: !hasAlpha, pixels);
    }
}
