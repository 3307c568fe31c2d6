using System.IO.Hashing;

namespace Microsoft.ML.Dcgan.Storage;

/// <summary>Passes bytes on, and knows the CRC-32 of those that have passed. It neither seeks nor closes what it passes them to.</summary>
internal sealed class ChecksumStream(Stream inner) : Stream
{
    private readonly Crc32 _crc = new();

    public uint Checksum => _crc.GetCurrentHashAsUInt32();

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => throw new NotSupportedException();
    }

    /// <summary>Lets a reader have all of a stream, and what it left as well pass.</summary>
    /// <exception cref="FormatException">The bytes are not those of that checksum, or there is none.</exception>
    public static T Read<T>(Stream stream, uint? checksum, string name, Func<Stream, T> read)
    {
        using var passing = new ChecksumStream(stream);
        T result = read(passing);
        passing.CopyTo(Stream.Null);
        string expected = checksum?.ToString("x8", CultureInfo.InvariantCulture) ?? "none";
        return passing.Checksum == checksum ? result
            : throw new FormatException($"{name} is damaged: its checksum is {passing.Checksum:x8}, but {expected} is expected.");
    }

    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        _crc.Append(buffer[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        _crc.Append(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

/// <summary>Memory grows with what is really there, so that a small file that declares gigabytes costs little.</summary>
internal static class BoundedStream
{
    private const int PieceSize = 1 << 18;

    /// <exception cref="FormatException">There is more than <paramref name="limit"/> bytes.</exception>
    public static byte[] ReadToEnd(Stream stream, int limit, string name) => Read(stream, limit + 1L, length => length <= limit ? null
        : $"{name} is larger than {limit} bytes, which no model's is: the file is damaged.");

    /// <exception cref="FormatException">The stream ends before.</exception>
    public static byte[] ReadExactly(Stream stream, long length, string name) => Read(stream, length, there => there == length ? null
        : $"{name} ends after {there} of {length} bytes: the file is truncated.");

    // In pieces, which are put together once it is known that they are as many as they should be.
    private static byte[] Read(Stream stream, long most, Func<long, string?> error)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        long length = 0;
        int count;
        do
        {
            var piece = new byte[Math.Min(PieceSize, most - length)];
            count = stream.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false);
            pieces.Add(piece.AsMemory(0, count));
            length += count;
        }
        while (count == PieceSize);
        if (error(length) is { } message)
            throw new FormatException(message);

        var all = new byte[length];
        Memory<byte> rest = all;
        foreach (ReadOnlyMemory<byte> piece in pieces)
        {
            piece.CopyTo(rest);
            rest = rest[piece.Length..];
        }
        return all;
    }
}
