using System;
using System.Collections.Generic;
using System.IO;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Data;

public sealed partial class MLImage
{
    private const ImagePixelExtractingEstimator.ColorBits Red = ImagePixelExtractingEstimator.ColorBits.Red;
    private const ImagePixelExtractingEstimator.ColorBits Green = ImagePixelExtractingEstimator.ColorBits.Green;
    private const ImagePixelExtractingEstimator.ColorBits Blue = ImagePixelExtractingEstimator.ColorBits.Blue;
    private const ImagePixelExtractingEstimator.ColorBits Alpha = ImagePixelExtractingEstimator.ColorBits.Alpha;

    // The extensions that the real library knows. It writes none of those without an encoder here; but it does write WebP.
    private static readonly Dictionary<string, Func<MLImage, byte[]>> _encoders = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = image => image.EncodePng(),
        [".jpg"] = image => image.EncodeJpeg(),
        [".jpeg"] = image => image.EncodeJpeg(),
        [".webp"] = _ => throw new NotSupportedException("The stand-in for Microsoft.ML.ImageAnalytics writes no WebP files."),
        [".bmp"] = null,
        [".gif"] = null,
        [".ico"] = null,
        [".astc"] = null,
        [".avif"] = null,
        [".dng"] = null,
        [".heif"] = null,
        [".ktx"] = null,
        [".pkm"] = null,
        [".wbmp"] = null,
    };

    public void Save(string imagePath)
    {
        MLImage image = Alive;
        string extension = Path.GetExtension(imagePath);
        if (!_encoders.TryGetValue(extension, out Func<MLImage, byte[]> encode))
            throw new ArgumentException("Path has invalid image file extension.", nameof(imagePath));

        byte[] file = encode?.Invoke(image) ?? throw new ArgumentException(
            $"Saving image with the format '{extension}' is not supported. Try save it with `Jpeg`, `Png`, or `Webp` format.", nameof(imagePath));
        using var stream = new FileStream(imagePath, FileMode.Create, FileAccess.Write);
        stream.Write(file);
    }

    private byte[] EncodePng() => _opaque
        ? ImageCodec.EncodePng(ToBytes([Red, Green, Blue], unpremultiply: false), _width, _height, channels: 3)
        : ImageCodec.EncodePng(ToBytes([Red, Green, Blue, Alpha], unpremultiply: true), _width, _height, channels: 4);

    // On black where the picture is transparent.
    private byte[] EncodeJpeg() => ImageCodec.EncodeJpeg(ToBytes([Red, Green, Blue], unpremultiply: false), _width, _height);

    private byte[] ToBytes(ReadOnlySpan<ImagePixelExtractingEstimator.ColorBits> colors, bool unpremultiply)
    {
        Span<int> offsets = stackalloc int[colors.Length];
        for (int i = 0; i < colors.Length; i++)
            offsets[i] = _format.OffsetOf(colors[i]);

        var bytes = new byte[_width * _height * colors.Length];
        int at = 0;
        for (int pixel = 0; pixel < _pixels.Length; pixel += PixelBytes.PerPixel)
        {
            byte alpha = unpremultiply ? _pixels[pixel + PixelBytes.Alpha] : byte.MaxValue;
            foreach (int offset in offsets)
            {
                byte value = _pixels[pixel + offset];
                bytes[at++] = offset == PixelBytes.Alpha ? value : PixelBytes.Unpremultiply(value, alpha);
            }
        }
        return bytes;
    }
}
