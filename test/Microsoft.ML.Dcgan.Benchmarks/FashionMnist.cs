using System.IO;
using System.IO.Compression;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>Fashion-MNIST's training set, as Debian's dataset-fashion-mnist has it: 60,000 grey pictures in ten classes.</summary>
internal static class FashionMnist
{
    public const int Side = 28;
    private const string Folder = "/usr/share/datasets/fashion-mnist";

    /// <summary>The pictures' bytes, one after the other.</summary>
    public static byte[] Pictures() => Read("train-images-idx3-ubyte.gz", header: 16);

    /// <summary>The pictures' classes, 0 to 9.</summary>
    public static byte[] Classes() => Read("train-labels-idx1-ubyte.gz", header: 8);

    private static byte[] Read(string name, int header)
    {
        using var file = new GZipStream(File.OpenRead(Path.Combine(Folder, name)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray()[header..];
    }
}
