using System.Buffers;

namespace Microsoft.ML.Dcgan.Storage;

/// <summary>Reads what a file claims to hold without believing it: memory grows with what is really there, so that a small file that
/// declares gigabytes costs little.</summary>
internal static class BoundedStream
{
    private const int ChunkSize = 1 << 20;
    private const int FirstChunkSize = 1 << 16;

    /// <summary>All of it, in pieces, so that it is nowhere twice.</summary>
    /// <exception cref="FormatException">There is more than <paramref name="limit"/> bytes.</exception>
    public static ReadOnlySequence<byte> ReadToEnd(Stream stream, int limit, string name)
    {
        var first = new Piece(default, null);
        Piece last = first;
        var chunk = new byte[FirstChunkSize];
        int count;
        while ((count = stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false)) > 0)
        {
            last = new Piece(chunk.AsMemory(0, count), last);
            if (last.End > limit)
                throw new FormatException($"{name} is larger than {limit} bytes, which no model's is: the file is damaged.");
            chunk = new byte[ChunkSize];
        }
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    /// <exception cref="FormatException">The stream ends before.</exception>
    public static byte[] ReadExactly(Stream stream, long length, string name)
    {
        using var read = new MemoryStream();
        var chunk = new byte[Math.Min(ChunkSize, length)];
        while (read.Length < length)
        {
            int count = stream.Read(chunk, 0, (int)Math.Min(chunk.Length, length - read.Length));
            if (count == 0)
                throw new FormatException($"{name} ends after {read.Length} of {length} bytes: the file is truncated.");
            read.Write(chunk, 0, count);
        }
        return read.ToArray();
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> bytes, Piece? before)
        {
            Memory = bytes;
            RunningIndex = before?.End ?? 0;
            if (before != null)
                before.Next = this;
        }

        public long End => RunningIndex + Memory.Length;
    }
}
