namespace Microsoft.ML.Dcgan.Storage;

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
