using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tool;

namespace Microsoft.ML.Dcgan.Samples.Demo;

/// <summary>Writes Fashion-MNIST's training pictures, which come in one file, as the PNG files that a user would have.</summary>
internal static class FashionMnist
{
    private const string FileName = "train-images-idx3-ubyte.gz";
    private const int Magic = 0x0803; // unsigned bytes, three dimensions

    /// <summary>Leaves so many files in the folder. Those of an earlier run are kept, but for what they are more.</summary>
    public static void Unpack(string source, string folder, int count, Action<int, int> progress)
    {
        string archive = Path.Combine(source, FileName);
        if (!File.Exists(archive))
        {
            throw new UsageException(
                $"there is no {FileName} in '{source}'. Install Debian's dataset-fashion-mnist, name its folder with --fashion-mnist, or train on pictures of your own with --images");
        }

        Directory.CreateDirectory(folder);
        using var stream = new BufferedStream(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress), 1 << 16);
        if (ReadInt32(stream) != Magic)
            throw new UsageException($"'{archive}' is not a file of pictures in the IDX format");
        count = Math.Min(count, ReadInt32(stream));
        int height = ReadInt32(stream), width = ReadInt32(stream);

        var grey = new byte[height * width];
        for (int i = 0; i < count; i++)
        {
            stream.ReadExactly(grey);
            string file = Path.Combine(folder, $"{i:D5}.png");
            if (!File.Exists(file))
                Write(grey, width, height, file);
            progress(i + 1, count);
        }
        foreach (string surplus in Directory.GetFiles(folder, "*.png").Order(StringComparer.Ordinal).Skip(count))
            File.Delete(surplus);
    }

    private static void Write(ReadOnlySpan<byte> grey, int width, int height, string path)
    {
        var rgba = new byte[grey.Length * 4];
        for (int i = 0; i < grey.Length; i++)
        {
            rgba.AsSpan(i * 4, 3).Fill(grey[i]);
            rgba[i * 4 + 3] = 255;
        }
        using MLImage image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, rgba);

        // A run that is stopped half-way leaves no half file under the final name, nor one that is taken for a picture.
        string partial = Path.Combine(Path.GetDirectoryName(path)!, ".partial.png");
        image.Save(partial);
        File.Move(partial, path, overwrite: true);
    }

    private static int ReadInt32(Stream stream)
    {
        Span<byte> bytes = stackalloc byte[4];
        stream.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }
}
