using System.IO.Compression;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Samples.Symptoms;

/// <summary>A picture of Fashion-MNIST.</summary>
internal sealed class Picture
{
    public const int Side = 28;

    private const int Header = 16;

    /// <summary>-1 is black and 1 is white; a plane of grey, or what a mistake made of it.</summary>
    public float[] Pixels { get; set; } = [];

    /// <param name="folder">Where the files of Fashion-MNIST are.</param>
    /// <param name="count">How many of them.</param>
    public static IReadOnlyList<Picture> Read(string folder, int count)
    {
        using var file = new GZipStream(File.OpenRead(Path.Combine(folder, "train-images-idx3-ubyte.gz")), CompressionMode.Decompress);
        var bytes = new byte[Header + count * Side * Side];
        file.ReadExactly(bytes);
        return bytes.Skip(Header).Chunk(Side * Side)
            .Select(picture => new Picture { Pixels = picture.Select(value => value / 127.5f - 1).ToArray() }).ToList();
    }

    /// <summary>A grey picture of them side by side.</summary>
    public static MLImage Beside(params IReadOnlyList<Picture> pictures)
    {
        int width = pictures.Count * Side;
        var bgra = new byte[width * Side * 4];
        for (int i = 0; i < bgra.Length; i++)
        {
            int x = i / 4 % width, y = i / 4 / width;
            bgra[i] = i % 4 == 3 ? byte.MaxValue : (byte)((pictures[x / Side].Pixels[y * Side + x % Side] + 1) * 127.5f);
        }
        return MLImage.CreateFromPixels(width, Side, MLPixelFormat.Bgra32, bgra);
    }
}
