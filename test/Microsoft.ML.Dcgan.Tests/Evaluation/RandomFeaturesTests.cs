using Microsoft.ML.Dcgan.Evaluation;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Evaluation;

[TestClass]
public sealed class RandomFeaturesTests
{
    private const int Count = 200;

    // 24x24 and 16 feature maps: 12x12 and 6x6, pooled to 4x4, of 16 and 32 maps, are 768, which is too many; 8 make 384.
    private const int Maps = 8;

    [TestMethod]
    public void Deep_features_are_of_the_size_that_batch_normalisation_gives()
    {
        float[][] features = Features(seed: 1);

        Assert.AreEqual(3 * Maps * 16, features[0].Length);
        double[] deep = features.SelectMany(row => row.Skip(Maps * 16)).Select(value => (double)value).ToArray();
        double mean = deep.Average(), deviation = System.Math.Sqrt(deep.Average(value => (value - mean) * (value - mean)));

        // The largest of 1 to 4 values about N(0, 1), through LeakyReLU.
        Assert.IsTrue(deviation is > 0.3 and < 1.5, $"deviation {deviation}");
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_features()
    {
        CollectionAssert.AreEqual(Features(seed: 3)[7], Features(seed: 3)[7]);
        CollectionAssert.AreNotEqual(Features(seed: 3)[7], Features(seed: 4)[7]);
    }

    private static float[][] Features(ulong seed)
    {
        using Dataset images = Pictures.TrainingSet(Count, 24, 24, 1);
        long[] all = Enumerable.Range(0, Count).Select(i => (long)i).ToArray();
        using var random = new torch.Generator(seed, CPU);
        using var features = FeatureExtractor.OfRandomWeights(images, all, random, CPU);
        using Tensor extracted = features.Extract(images.Gather(tensor(all)));
        return extracted.split(1).Select(row => row.data<float>().ToArray()).ToArray();
    }
}
