using System.Buffers.Binary;
using System.IO.Hashing;
using SkiaSharp;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>Picture files, as viewers show them: turned as their camera was held (EXIF), transparent ones on a background, and whole.
/// ML.NET's LoadImages turns none, has black behind what is transparent, and fills up with black what is missing.</summary>
internal static class ImageFile
{
    private const int ShownBytes = 8;
    private const int OrientationTag = 0x112;

    // A decoder that can make a picture smaller leaves twice what is wanted, for a filter to be fine with.
    private const float Oversampling = 2;

    // 1 GiB in memory, and more than any camera's: some bytes can declare what takes all memory there is.
    private const long MostPixels = 1 << 28;

    private static readonly (string Format, byte[] Bytes)[] _beginnings =
        [("PNG", [0x89, .. "PNG"u8]), ("JPEG", [0xFF, 0xD8, 0xFF]), ("GIF", [.. "GIF8"u8]), ("BMP", [.. "BM"u8]), ("WebP", [.. "RIFF"u8])];

    /// <summary>Reads one. What it throws names it, and says what is wrong with it.</summary>
    /// <param name="name">What it is called: its path, in quotes, or anything to begin a message with.</param>
    /// <param name="bytes">The whole file.</param>
    /// <param name="background">What shows where the picture is transparent.</param>
    /// <param name="size">What it is made to fill, and cut to around its middle; null: it stays as large as it is.</param>
    /// <param name="isTransparent">Whether it is, anywhere.</param>
    /// <exception cref="InvalidOperationException">It is no picture, or not all of one.</exception>
    public static MLImage Read(string name, byte[] bytes, SKColor background, SKSizeI? size, out bool isTransparent)
    {
        if (bytes.Length == 0)
            throw new InvalidOperationException($"{name} is empty (0 bytes).");
        using SKData data = SKData.CreateCopy(bytes);
        using SKCodec? codec = SKCodec.Create(data);
        // The decoder takes what begins with two zeros for a WBMP.
        if (codec?.EncodedFormat is not (SKEncodedImageFormat.Png or SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Gif
            or SKEncodedImageFormat.Bmp or SKEncodedImageFormat.Webp))
        {
            throw NoPicture(name, bytes);
        }
        if ((long)codec.Info.Width * codec.Info.Height > MostPixels)
        {
            throw new InvalidOperationException($"{name} is of {codec.Info.Width}x{codec.Info.Height} pixels, but at most " +
                $"{MostPixels} are read: make it smaller, or leave it out.");
        }

        // In the file's own colours, as LoadImages has them.
        SKImageInfo info = codec.Info.WithAlphaType(codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Premul);
        info.ColorType = SKColorType.Bgra8888;
        SKEncodedOrigin origin = codec.EncodedOrigin;
        SKSizeI whole = info.Size;
        bool isWhole = codec.EncodedFormat switch
        {
            SKEncodedImageFormat.Png => IsWholePng(bytes, ref origin),
            SKEncodedImageFormat.Webp => bytes.Length - 8 >= BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)),
            _ => true,
        };
        if (size != null && Oversampling * Placed(whole, origin, size).Scale is <= 0.5f and var share)
            info = info.WithSize(codec.GetScaledDimensions(share));
        using var decoded = new SKBitmap();
        if (isWhole && !decoded.TryAllocPixels(info))
            throw new InvalidOperationException($"{name} is of {info.Width}x{info.Height} pixels, for which there is not enough memory.");
        if (!isWhole || codec.GetPixels(info, decoded.GetPixels()) != SKCodecResult.Success)
        {
            throw new InvalidOperationException($"{name} is cut short or damaged: its {bytes.Length} bytes are not all of a " +
                $"{codec.EncodedFormat} picture of {whole.Width}x{whole.Height} pixels. Copy or save it anew.");
        }

        isTransparent = info.AlphaType != SKAlphaType.Opaque && ImageFlaws.IsTransparent(decoded.GetPixelSpan());
        bool isUpright = origin is SKEncodedOrigin.TopLeft or SKEncodedOrigin.Default;
        if (!isTransparent && isUpright && (size is null || size == info.Size))
            return MLImage.CreateFromPixels(info.Width, info.Height, MLPixelFormat.Bgra32, decoded.GetPixelSpan());
        using SKBitmap shown = Draw(decoded, origin, background, size);
        return MLImage.CreateFromPixels(shown.Width, shown.Height, MLPixelFormat.Bgra32, shown.GetPixelSpan());
    }

    // Upright, how large a picture is, and how it is scaled and moved to fill a size; as ResizeImages has it.
    private static (SKSizeI Upright, float Scale, SKPointI Corner) Placed(SKSizeI picture, SKEncodedOrigin origin, SKSizeI? size)
    {
        SKSizeI upright = origin >= SKEncodedOrigin.LeftTop ? new(picture.Height, picture.Width) : picture;
        if (size is not { } wanted)
            return (upright, 1, default);
        float scale = Math.Max((float)wanted.Width / upright.Width, (float)wanted.Height / upright.Height);
        return (upright, scale,
            new((int)((wanted.Width - upright.Width * scale) / 2), (int)((wanted.Height - upright.Height * scale) / 2)));
    }

    private static SKBitmap Draw(SKBitmap decoded, SKEncodedOrigin origin, SKColor background, SKSizeI? size)
    {
        (int width, int height) = (decoded.Width, decoded.Height);
        (SKSizeI upright, float scale, SKPointI corner) = Placed(decoded.Info.Size, origin, size);
        SKSizeI drawn = size ?? upright;
        var shown = new SKBitmap(new SKImageInfo(drawn.Width, drawn.Height, SKColorType.Bgra8888, SKAlphaType.Premul, decoded.ColorSpace));
        using var canvas = new SKCanvas(shown);
        canvas.Clear(background);
        canvas.Translate(corner);
        canvas.Scale(scale);
        SKMatrix turn = origin switch
        {
            SKEncodedOrigin.TopRight => new SKMatrix(-1, 0, width, 0, 1, 0, 0, 0, 1),
            SKEncodedOrigin.BottomRight => new SKMatrix(-1, 0, width, 0, -1, height, 0, 0, 1),
            SKEncodedOrigin.BottomLeft => new SKMatrix(1, 0, 0, 0, -1, height, 0, 0, 1),
            SKEncodedOrigin.LeftTop => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightTop => new SKMatrix(0, -1, height, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightBottom => new SKMatrix(0, -1, height, -1, 0, width, 0, 0, 1),
            SKEncodedOrigin.LeftBottom => new SKMatrix(0, 1, 0, -1, 0, width, 0, 0, 1),
            _ => SKMatrix.Identity,
        };
        canvas.Concat(ref turn);
        using var paint = new SKPaint { FilterQuality = size == null ? SKFilterQuality.None : SKFilterQuality.High };
        canvas.DrawBitmap(decoded, 0, 0, paint);
        return shown;
    }

    // The decoder looks at no checksum, nor at the end, nor at how a PNG is to be turned.
    private static bool IsWholePng(ReadOnlySpan<byte> bytes, ref SKEncodedOrigin origin)
    {
        const int signature = 8, head = 8, checksum = 4;
        for (int at = signature; bytes.Length - at >= head + checksum;)
        {
            long length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            if (length > bytes.Length - at - head - checksum)
                return false;
            ReadOnlySpan<byte> name = bytes.Slice(at + 4, 4), data = bytes.Slice(at + head, (int)length);
            at += head + (int)length;
            if (Crc32.HashToUInt32(bytes[(at - (int)length - 4)..at]) != BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]))
                return false;
            if (name.SequenceEqual("IEND"u8))
                return true;
            if (name.SequenceEqual("eXIf"u8))
                origin = Orientation(data) ?? origin;
            at += checksum;
        }
        return false;
    }

    // Of TIFF's first directory: entries of 12 bytes, each a tag, a type, a count and a value.
    private static SKEncodedOrigin? Orientation(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
            return null;
        bool isLittle = tiff[0] == 'I';
        long directory = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory + 2 > tiff.Length)
            return null;
        long end = Math.Min(tiff.Length, directory + 2 + 12L * Number(tiff[(int)directory..]));
        for (long entry = directory + 2; entry + 12 <= end; entry += 12)
        {
            if (Number(tiff[(int)entry..]) == OrientationTag)
                return Number(tiff[((int)entry + 8)..]) is >= 1 and <= 8 and var value ? (SKEncodedOrigin)value : null;
        }
        return null;

        int Number(ReadOnlySpan<byte> at) =>
            isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);
    }

    private static InvalidOperationException NoPicture(string name, byte[] bytes) => new(
        _beginnings.FirstOrDefault(one => bytes.AsSpan().StartsWith(one.Bytes)).Format is { } format
            ? $"{name} is cut short or damaged: its {bytes.Length} bytes begin as a {format} picture's do. Copy or save it anew."
            : $"{name} is no picture that can be read: its {bytes.Length} bytes begin with " +
                $"{BitConverter.ToString(bytes, 0, Math.Min(ShownBytes, bytes.Length)).Replace('-', ' ')}. " +
                "PNG, JPEG, GIF, BMP and WebP can be.");
}
