using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tool;

namespace Microsoft.ML.Dcgan.Samples.Demo;

/// <summary>The training pictures of Fashion-MNIST, grey and 28x28, which come in one file.</summary>
internal static class FashionMnist
{
    /// <summary>Where Debian's package dataset-fashion-mnist has it.</summary>
    public const string DebianFolder = "/usr/share/datasets/fashion-mnist";

    private const string FileName = "train-images-idx3-ubyte";
    private const int Magic = 0x0803; // unsigned bytes, three dimensions
    private const int MostPixels = 1 << 20;

    /// <summary>So many pictures, or as many as there are. The caller disposes each.</summary>
    /// <exception cref="UsageException">The folder has no such file, or the file holds something else.</exception>
    public static IEnumerable<MLImage> Read(string folder, int count)
    {
        using Stream stream = Open(folder);
        if (ReadInt32(stream) != Magic)
            throw NoPictures();
        count = Math.Min(count, ReadInt32(stream));
        int height = ReadInt32(stream), width = ReadInt32(stream);
        if (height < 1 || width < 1 || (long)height * width > MostPixels)
            throw NoPictures();
        var grey = new byte[height * width];
        for (int i = 0; i < count; i++)
        {
            if (stream.ReadAtLeast(grey, grey.Length, throwOnEndOfStream: false) < grey.Length)
                throw NoPictures();
            yield return MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32,
                grey.SelectMany(level => (byte[])[level, level, level, 255]).ToArray());
        }

        UsageException NoPictures() => new($"{FileName} in '{folder}' is cut off, or no file of pictures in the IDX format");
    }

    private static Stream Open(string folder)
    {
        string path = Path.Combine(folder, FileName), packed = path + ".gz";
        return File.Exists(packed) ? new BufferedStream(new GZipStream(File.OpenRead(packed), CompressionMode.Decompress), 1 << 16)
            : File.Exists(path) ? File.OpenRead(path)
            : throw new UsageException(
                $"there is no {FileName}.gz in '{folder}'. Install Debian's dataset-fashion-mnist, or name the folder that has Fashion-MNIST's four files with --fashion-mnist DIR");
    }

    private static int ReadInt32(Stream stream)
    {
        Span<byte> bytes = stackalloc byte[4];
        return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length
            ? BinaryPrimitives.ReadInt32BigEndian(bytes) : 0;
    }
}
