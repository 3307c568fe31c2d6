using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class BatchStatisticsTests
{
    // The first layer is linear: of standard normal noise it makes numbers of mean 0, whose variance is the sum of its squared weights.
    [TestMethod]
    public void They_are_those_of_the_weights_as_they_are()
    {
        using var scope = NewDisposeScope();
        using var random = new TorchSharp.torch.Generator(3, CPU);
        using var networks = new GanNetworks(new NetworkShape(16, 16, 1, 20, 4, 4, KernelSize: 4), CPU);
        using Dataset images = Pictures.TrainingSet(2, 16, 16, 1);
        networks.Initialize(random);
        BatchNormalization first = networks.Generator.modules().OfType<BatchNormalization>().First();
        using (no_grad())
            first.RunningMean.fill_(7);

        BatchStatistics.Estimate(networks, images, random);

        Tensor weights = networks.Generator.state_dict()["main.0.weight"].detach();
        Tensor variance = weights.square().sum([0L]).mean([1, 2]);
        Assert.IsLessThan(0.1, (first.RunningVariance / variance - 1).abs().max().item<float>());
        Assert.IsLessThan(0.1, (first.RunningMean.square() / variance).max().item<float>());
        Assert.IsFalse(first.training);
        Assert.AreEqual(0.1, first.Momentum);
    }

    [TestMethod]
    public void Samples_and_evaluations_on_the_way_change_no_weight_or_statistic()
    {
        byte[] silent = Model(options => { }), watched = Model(options =>
        {
            options.SampleInterval = 8;
            options.Samples = _ => { };
        });
        CollectionAssert.AreEqual(silent, watched);

        static byte[] Model(Action<DcganEstimator.Options> change)
        {
            DcganEstimator.Options options = Pictures.SmallOptions(epochs: 3);
            options.AverageHalfLife = 10;
            change(options);
            var ml = new MLContext(seed: 1);
            using DcganTransformer gan = ml.Transforms.Dcgan(options).Fit(Pictures.View(ml, 12, 16, 16, 3));
            return [.. gan.Networks.Generator.state_dict().OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .SelectMany(entry => entry.Value.detach().cpu().contiguous().bytes.ToArray())];
        }
    }
}
