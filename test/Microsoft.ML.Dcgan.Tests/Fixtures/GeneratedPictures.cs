using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tests.Pipelines;

namespace Microsoft.ML.Dcgan.Tests;

/// <summary>The pixels of generated pictures, and when two of them are the same.</summary>
internal static class GeneratedPictures
{
    internal static byte[][] Generated(IDataView view) =>
        new MLContext().Data.CreateEnumerable<GeneratedRow>(view, reuseRowObject: false).Select(row => Bytes(row.Generated!)).ToArray();

    internal static byte[][] Generated(DcganTransformer gan, int count) => gan.Generate(count).Select(Bytes).ToArray();

    internal static void CheckSame(byte[][] expected, byte[][] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            CollectionAssert.AreEqual(expected[i], actual[i], $"picture {i}");
    }

    // Minibatches of other sizes may round differently, in the last bit of a float.
    internal static void CheckAlike(byte[] expected, byte[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        Assert.IsTrue(expected.Zip(actual).All(pair => Math.Abs(pair.First - pair.Second) <= 1), "pictures differ");
    }

    internal static byte[] Bytes(GeneratedImage image) => image.Pixels.ToArray();

    internal static byte[] Bytes(MLImage image)
    {
        using (image)
            return image.Pixels.ToArray();
    }
}
