using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class WeightAverageTests
{
    [TestMethod]
    public void It_is_half_forgotten_after_its_half_life()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using nn.Module network = nn.Linear(2, 1, hasBias: false);
        using var weights = new FlatParameters(network);
        weights.All.fill_(1);
        using var average = new ExponentialMovingAverage(weights, Settings(halfLife: 100, rampUp: 0));

        weights.All.fill_(3);
        for (int step = 1; step <= 10; step++)
            average.Update(10 * step, 10);

        average.Swap();
        Assert.AreEqual(2, weights.All[0].item<float>(), 1e-5);
        average.Swap();
        Assert.AreEqual(3, weights.All[0].item<float>());
    }

    [TestMethod]
    public void At_first_the_half_life_is_a_share_of_what_has_been_seen()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using nn.Module network = nn.Linear(2, 1, hasBias: false);
        using var weights = new FlatParameters(network);
        weights.All.fill_(0);
        using var average = new ExponentialMovingAverage(weights, Settings(halfLife: 1_000_000, rampUp: 0.5));

        weights.All.fill_(1);
        average.Update(images: 20, since: 10);

        // Half of 20 images is the half-life, and 10 have been seen since.
        average.Swap();
        Assert.AreEqual(0.5, weights.All[0].item<float>(), 1e-6);
    }

    [TestMethod]
    public void The_transformer_generates_with_the_average_and_its_statistics()
    {
        var ml = new MLContext(seed: 1);
        DcganEstimator.Options options = Pictures.SmallOptions(epochs: 6);
        options.LearningRate = 1e-2;
        byte[] last = Pixels(options);

        // So long that nothing but the first weights counts.
        options.AverageRampUp = 0;
        options.AverageHalfLife = long.MaxValue / 2;
        byte[] first = Pixels(options);
        options.AverageHalfLife = 0;
        options.LearningRate = 1e-30;
        options.Epochs = 1;

        CollectionAssert.AreNotEqual(last, first);
        byte[] untrained = Pixels(options);
        double distance = first.Zip(untrained, (a, b) => Math.Abs(a - b)).Average();
        Assert.IsTrue(distance < 10, $"The average of an endless half-life is {distance} levels from the first weights.");

        byte[] Pixels(DcganEstimator.Options chosen)
        {
            using DcganTransformer gan = ml.Transforms.Dcgan(chosen).Fit(Pictures.View(ml, 10, 16, 12, 3));
            return gan.Generate(4, seed: 1).SelectMany(image => image.Pixels.ToArray()).ToArray();
        }
    }

    private static DcganEstimator.Options Settings(long halfLife, double rampUp) =>
        LoopOptions.Create(10) with { AverageHalfLife = halfLife, AverageRampUp = rampUp };
}
