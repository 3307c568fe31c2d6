using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class TrainingNoiseTests
{
    [TestMethod]
    [DataRow(DcganNoise.Normal, 1.0, 3.0)]
    [DataRow(DcganNoise.Uniform, 1.0 / 3, 1.8)]
    public void Has_the_distributions_moments(DcganNoise distribution, double variance, double kurtosis)
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(3, CPU);
        var shape = new NetworkShape(16, 16, 1, 100, 2, 2, 4) { NoiseDistribution = distribution };

        Tensor noise = shape.DrawNoise(2000, random);

        CollectionAssert.AreEqual(new long[] { 2000, 100 }, noise.shape);
        double count = noise.numel();
        Assert.AreEqual(0, noise.mean().item<float>(), 5 * Math.Sqrt(variance / count));
        Assert.AreEqual(variance, noise.square().mean().item<float>(), 5 * variance * Math.Sqrt((kurtosis - 1) / count));
        Assert.AreEqual(kurtosis, (noise.square() / variance).square().mean().item<float>(), 0.1);
    }
}
