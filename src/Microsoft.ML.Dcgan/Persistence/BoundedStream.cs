using System;
using System.IO;

namespace Microsoft.ML.Dcgan.Persistence;

/// <summary>
/// Reads what a file claims to hold without believing it: memory grows with what is really there, so that a small file
/// that declares gigabytes costs little.
/// </summary>
internal static class BoundedStream
{
    private const int ChunkSize = 1 << 20;

    /// <exception cref="FormatException">There is more than <paramref name="limit"/> bytes.</exception>
    public static byte[] ReadToEnd(Stream stream, int limit, string name)
    {
        using var read = new MemoryStream();
        var chunk = new byte[ChunkSize];
        int count;
        while ((count = stream.Read(chunk)) > 0)
        {
            if (read.Length + count > limit)
                throw new FormatException($"{name} is larger than {limit} bytes, which no model's is: the file is damaged.");
            read.Write(chunk, 0, count);
        }
        return read.ToArray();
    }

    /// <exception cref="FormatException">The stream ends before.</exception>
    public static byte[] ReadExactly(Stream stream, long length, string name)
    {
        using var read = new MemoryStream();
        var chunk = new byte[ChunkSize];
        while (read.Length < length)
        {
            int count = stream.Read(chunk, 0, (int)Math.Min(chunk.Length, length - read.Length));
            if (count == 0)
                throw new FormatException($"{name} ends after {read.Length} of {length} bytes: the file is truncated.");
            read.Write(chunk, 0, count);
        }
        return read.ToArray();
    }
}
