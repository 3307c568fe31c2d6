using System.Text;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>
/// Writes a zip archive of entries as they are, not compressed. Each one's content begins at a multiple of 64 bytes, so that
/// it can be mapped into memory, as PyTorch has it.
/// </summary>
internal sealed class StoredZipWriter(Stream stream) : IDisposable
{
    private const int Alignment = 64;
    private const int HeaderLength = 30;
    private const int PaddingHeaderLength = 4;
    private const ushort Version = 20;
    private const ushort Utf8Names = 1 << 11;
    private const ushort FirstDay = 0x21;
    private readonly BinaryWriter _writer = new(stream, Encoding.UTF8, leaveOpen: true);
    private readonly MemoryStream _directory = new();
    private long _position;
    private ushort _count;

    /// <exception cref="NotSupportedException">The archive becomes larger than 4 GB.</exception>
    public void Add(string name, ReadOnlySpan<byte> content)
    {
        byte[] encoded = Encoding.UTF8.GetBytes(name);
        long start = _position;
        long unpadded = start + HeaderLength + encoded.Length + PaddingHeaderLength;
        int padding = (int)((Alignment - unpadded % Alignment) % Alignment);
        if (unpadded + padding + content.Length > uint.MaxValue)
            throw new NotSupportedException("The weights take more than 4 GB, the most that fits a file of this format here. Export safetensors, which has no limit.");

        byte[] description = Description(encoded.Length, content, PaddingHeaderLength + padding);
        _writer.Write("PK\x03\x04"u8);
        _writer.Write(description);
        _writer.Write(encoded);
        // An extra field of PyTorch's kind, of nothing.
        _writer.Write("FB"u8);
        _writer.Write((ushort)padding);
        _writer.Write(new byte[padding]);
        _writer.Write(content);
        _position = unpadded + padding + content.Length;

        // No extra field here.
        description.AsSpan(^2..).Clear();
        using var directory = new BinaryWriter(_directory, Encoding.UTF8, leaveOpen: true);
        directory.Write("PK\x01\x02"u8);
        directory.Write(Version);
        directory.Write(description);
        // No comment, disk 0, no attributes.
        directory.Write(new byte[10]);
        directory.Write((uint)start);
        directory.Write(encoded);
        _count++;
    }

    /// <summary>Completes the archive.</summary>
    public void Dispose()
    {
        _writer.Write(_directory.ToArray());
        _writer.Write("PK\x05\x06"u8);
        _writer.Write(0);
        _writer.Write(_count);
        _writer.Write(_count);
        _writer.Write((uint)_directory.Length);
        _writer.Write((uint)_position);
        _writer.Write((ushort)0);
        _writer.Dispose();
    }

    private static byte[] Description(int nameLength, ReadOnlySpan<byte> content, int extraLength)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Version);
        writer.Write(Utf8Names);
        // Stored, at no time.
        writer.Write((ushort)0);
        writer.Write((ushort)0);
        writer.Write(FirstDay);
        writer.Write(Crc32.Of(content));
        writer.Write((uint)content.Length);
        writer.Write((uint)content.Length);
        writer.Write((ushort)nameLength);
        writer.Write((ushort)extraLength);
        writer.Flush();
        return bytes.ToArray();
    }
}
