using System.Runtime.InteropServices;
using SkiaSharp;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>What a viewer would show otherwise than a pipeline has it, counted: ML.NET's LoadImages turns no picture, and has black behind
/// what is transparent. Any number of cursors may look at once.</summary>
internal sealed class ImageFlaws(string columnName)
{
    private const uint Opaque = 0xFF00_0000;

    // Of formats that cameras write.
    private static readonly string[] _exif = [".jpg", ".jpeg", ".jpe", ".jfif", ".webp"];

    private long _turned, _transparent;

    /// <summary>What is worth saying, with counts.</summary>
    public IEnumerable<string> Warnings =>
        from flaw in new[]
        {
            (Count: _turned, Text: "not turned as viewers show them: their files say how (EXIF), and LoadImages does not look. " +
                "Load them with LoadDcganImages, which does."),
            (Count: _transparent, Text: "transparent, at least in part, which is ignored: those of LoadImages are black there. " +
                "Load them with LoadDcganImages, which has a background behind them."),
        }
        where flaw.Count > 0
        select $"{flaw.Count} of the pictures in column '{columnName}' are {flaw.Text}";

    public void Look(MLImage image)
    {
        if (IsTransparent(image.Pixels))
            Interlocked.Increment(ref _transparent);
        // LoadImages says which file it was.
        if (image.Tag is { Length: > 0 } path && _exif.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)
            && File.Exists(path))
        {
            using SKCodec? codec = SKCodec.Create(path);
            if (codec is { EncodedOrigin: not (SKEncodedOrigin.TopLeft or SKEncodedOrigin.Default) })
                Interlocked.Increment(ref _turned);
        }
    }

    /// <summary>Whether any of the pixels, of four bytes with opacity last, is not opaque.</summary>
    public static bool IsTransparent(ReadOnlySpan<byte> pixels)
    {
        uint all = Opaque;
        foreach (uint pixel in MemoryMarshal.Cast<byte, uint>(pixels))
            all &= pixel;
        return all != Opaque;
    }
}
