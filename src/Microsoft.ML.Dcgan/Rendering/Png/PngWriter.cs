using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.Dcgan.Rendering;

/// <summary>
/// Writes PNG files (W3C Portable Network Graphics, third edition), of one picture or, with several, animated. Pictures
/// without colours are written as grey ones. The same pictures give the same bytes.
/// </summary>
internal static class PngWriter
{
    private const byte Grey = 0, TrueColor = 2;
    private static readonly byte[] _signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A picture as a file.</summary>
    public static byte[] Still(PixelCanvas picture)
    {
        var file = new MemoryStream();
        bool grey = PngRows.IsGrey(picture);
        Begin(file, picture, grey);
        Chunk(file, "IDAT", PngRows.Compress(picture, grey));
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>Pictures of one size, one after the other. A reader that knows of no animations shows the first.</summary>
    /// <param name="frames">One or more.</param>
    /// <param name="milliseconds">How long each is shown, to 65,535.</param>
    /// <param name="plays">How often; 0: without end.</param>
    public static byte[] Animated(IReadOnlyList<PixelCanvas> frames, IReadOnlyList<int> milliseconds, int plays)
    {
        var file = new MemoryStream();
        bool grey = frames.All(PngRows.IsGrey);
        Begin(file, frames[0], grey);
        Chunk(file, "acTL", [.. Number(frames.Count), .. Number(plays)]);
        int sequence = 0;
        for (int i = 0; i < frames.Count; i++)
        {
            Chunk(file, "fcTL", [.. Number(sequence++), .. Number(frames[i].Width), .. Number(frames[i].Height), .. Number(0), .. Number(0), .. Delay(milliseconds[i]), 0, 0]);
            byte[] pixels = PngRows.Compress(frames[i], grey);
            if (i == 0)
                Chunk(file, "IDAT", pixels);
            else
                Chunk(file, "fdAT", [.. Number(sequence++), .. pixels]);
        }
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    private static void Begin(Stream file, PixelCanvas picture, bool grey)
    {
        file.Write(_signature);
        Chunk(file, "IHDR", [.. Number(picture.Width), .. Number(picture.Height), 8, grey ? Grey : TrueColor, 0, 0, 0]);
    }

    private static void Chunk(Stream file, string type, ReadOnlySpan<byte> content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. content];
        file.Write(Number(content.Length));
        file.Write(named);
        file.Write(Number((int)PngChecksum.Of(named)));
    }

    // In thousandths of a second.
    private static byte[] Delay(int milliseconds) => [(byte)(milliseconds >> 8), (byte)milliseconds, 1000 >> 8, 1000 & 0xFF];

    private static byte[] Number(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
