using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.Dcgan.Persistence;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>
/// Reads a zip archive whose entries are stored as they are, which is how PyTorch writes them. A compressed entry is
/// refused, and no entry is larger than what is really there, so there is nothing to unpack that a small file could hide.
/// </summary>
internal sealed class StoredZip
{
    private const int EndLength = 22;
    private const int LongestComment = ushort.MaxValue;
    private const int EntryLength = 46;
    private const int LargestDirectory = 1 << 20;
    private readonly Stream _stream;
    private readonly string _name;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <param name="stream">Can seek; the caller disposes it.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="FormatException">It is damaged, or holds what no file of weights does.</exception>
    public StoredZip(Stream stream, string name)
    {
        _stream = stream;
        _name = name;
        ReadDirectory(Directory());
    }

    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Bytes of an entry, or null where there is none.</summary>
    public long? SizeOf(string entry) => _entries.TryGetValue(entry, out Entry found) ? found.Size : null;

    /// <exception cref="FormatException">There is no such entry, it is larger than <paramref name="limit"/>, or damaged.</exception>
    public byte[] Read(string entry, long limit)
    {
        if (!_entries.TryGetValue(entry, out Entry found))
            throw Damaged($"has no '{entry}'");
        if (found.Size > limit)
            throw Damaged($"has '{entry}' of {found.Size} bytes, but at most {limit} are expected");
        byte[] bytes = Bytes(ContentOffset(entry, found), found.Size, entry);
        if (Crc32.Of(bytes) != found.Checksum)
            throw Damaged($"has '{entry}' with a wrong checksum");
        return bytes;
    }

    // The last 22 bytes, unless a comment follows them.
    private byte[] Directory()
    {
        long length = Math.Min(_stream.Length, EndLength + LongestComment);
        byte[] tail = Bytes(_stream.Length - length, length, "its end");
        int end = tail.AsSpan().LastIndexOf("PK\x05\x06"u8);
        if (end < 0 || tail.Length - end < EndLength)
            throw Damaged("has no zip directory at its end, so it is truncated");
        ReadOnlySpan<byte> record = tail.AsSpan(end);
        uint size = UInt32(record, 12), offset = UInt32(record, 16);
        if (size > LargestDirectory)
            throw Damaged($"has a zip directory of {size} bytes, but at most {LargestDirectory} are expected");
        return Bytes(offset, size, "its directory");
    }

    private void ReadDirectory(ReadOnlySpan<byte> directory)
    {
        while (!directory.IsEmpty)
        {
            if (directory.Length < EntryLength || !directory.StartsWith("PK\x01\x02"u8))
                throw Damaged("has a zip directory that makes no sense");
            int nameLength = UInt16(directory, 28);
            int length = EntryLength + nameLength + UInt16(directory, 30) + UInt16(directory, 32);
            if (length > directory.Length)
                throw Damaged("has a zip directory that ends early");
            Add(Encoding.UTF8.GetString(directory.Slice(EntryLength, nameLength)), directory);
            directory = directory[length..];
        }
    }

    private void Add(string entry, ReadOnlySpan<byte> header)
    {
        if (entry.StartsWith('/') || entry.Contains('\\') || entry.Contains(':') || Array.IndexOf(entry.Split('/'), "..") >= 0)
            throw Damaged($"has an entry named '{entry}', which points out of the archive");
        int method = UInt16(header, 10);
        uint size = UInt32(header, 24), stored = UInt32(header, 20), offset = UInt32(header, 42);
        if (method != 0 || size != stored)
            throw Damaged($"has '{entry}' compressed by method {method}, but PyTorch stores entries as they are (a model of ML.NET is loaded with mlContext.Model.Load)");
        if ((long)offset + size > _stream.Length)
            throw Damaged($"has '{entry}' of {size} bytes, but is itself of {_stream.Length} bytes");
        if (!_entries.TryAdd(entry, new Entry(offset, size, UInt32(header, 16))))
            throw Damaged($"has two entries named '{entry}'");
    }

    private long ContentOffset(string entry, Entry found)
    {
        const int localLength = 30;
        byte[] header = Bytes(found.Offset, localLength, entry);
        if (!header.AsSpan().StartsWith("PK\x03\x04"u8))
            throw Damaged($"has no '{entry}' where its directory says");
        return found.Offset + localLength + UInt16(header, 26) + UInt16(header, 28);
    }

    private byte[] Bytes(long offset, long length, string what)
    {
        if (offset + length > _stream.Length)
            throw Damaged($"ends within {(what.StartsWith("its") ? what : $"'{what}'")}, so it is truncated");
        _stream.Position = offset;
        return BoundedStream.ReadExactly(_stream, length, _name);
    }

    private FormatException Damaged(string what) => new($"{_name} {what}: it is damaged, or no file that PyTorch saved.");

    private static ushort UInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint UInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private readonly record struct Entry(long Offset, long Size, uint Checksum);
}
