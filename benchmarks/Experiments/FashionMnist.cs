using System.IO.Compression;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>Fashion-MNIST with a black border of 2 pixels, as Debian's dataset-fashion-mnist has it.</summary>
internal static class FashionMnist
{
    public const int Side = 32;
    public const string Training = "train";
    public const string Test = "t10k";
    private const string Folder = "/usr/share/datasets/fashion-mnist";
    private const int PictureHeader = 16;
    private const int LabelHeader = 8;
    private const int StoredSide = 28;
    private const int Border = (Side - StoredSide) / 2;

    /// <summary>The first pictures of a part as bytes, [count, 1, 32, 32].</summary>
    public static Tensor Pictures(string part, int count = int.MaxValue)
    {
        using var scope = NewDisposeScope();
        byte[] pixels = Read($"{part}-images-idx3-ubyte.gz", PictureHeader, (long)count * StoredSide * StoredSide);
        Tensor stored = tensor(pixels, [pixels.Length / (StoredSide * StoredSide), 1, StoredSide, StoredSide]);
        Tensor bordered = zeros([stored.shape[0], 1, Side, Side], ScalarType.Byte);
        bordered.narrow(2, Border, StoredSide).narrow(3, Border, StoredSide).copy_(stored);
        return bordered.MoveToOuterDisposeScope();
    }

    /// <summary>The first labels of a part, 0 to 9.</summary>
    public static byte[] Labels(string part, int count = int.MaxValue) => Read($"{part}-labels-idx1-ubyte.gz", LabelHeader, count);

    private static byte[] Read(string name, int header, long length)
    {
        using var file = new GZipStream(File.OpenRead(Path.Combine(Folder, name)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray().Skip(header).Take((int)Math.Min(length, int.MaxValue)).ToArray();
    }
}
