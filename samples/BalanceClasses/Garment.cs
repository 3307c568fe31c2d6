using System.IO.Compression;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Samples.BalanceClasses;

/// <summary>A picture of Fashion-MNIST, with a black border of 2 pixels, and what is on it.</summary>
internal sealed class Garment
{
    public const int Side = 32;

    public static readonly string[] Kinds =
        ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    private const int StoredSide = 28;
    private const int Border = (Side - StoredSide) / 2;
    private const int PictureHeader = 16;
    private const int LabelHeader = 8;

    /// <summary>-1 is black and 1 is white.</summary>
    [VectorType(1, Side, Side)]
    public float[] Pixels { get; set; } = [];

    public string Kind { get; set; } = "";

    /// <param name="folder">Where the files of Fashion-MNIST are.</param>
    /// <param name="part">"train" or "t10k".</param>
    public static IReadOnlyList<Garment> Read(string folder, string part)
    {
        byte[] pictures = Unzip(Path.Combine(folder, $"{part}-images-idx3-ubyte.gz")),
            labels = Unzip(Path.Combine(folder, $"{part}-labels-idx1-ubyte.gz"));
        return labels.Skip(LabelHeader).Select((label, i) => new Garment
        {
            Kind = Kinds[label],
            Pixels = Bordered(pictures.AsSpan(PictureHeader + i * StoredSide * StoredSide, StoredSide * StoredSide)),
        }).ToList();
    }

    private static float[] Bordered(ReadOnlySpan<byte> stored)
    {
        var pixels = new float[Side * Side];
        Array.Fill(pixels, -1);
        for (int i = 0; i < stored.Length; i++)
            pixels[(i / StoredSide + Border) * Side + i % StoredSide + Border] = stored[i] / 127.5f - 1;
        return pixels;
    }

    private static byte[] Unzip(string path)
    {
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }
}
