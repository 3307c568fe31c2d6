using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class AdaptiveAugmentationTests
{
    private const int Batch = 4;
    private const int Steps = 5 * AdaptiveAugmentation.Interval;

    [TestMethod]
    public void A_discriminator_that_overfits_is_shown_more_augmented_images_and_any_other_fewer()
    {
        Assert.AreEqual(0.1, AdaptiveAugmentation.Next(0, certainty: 1, images: 10_000), 1e-9);
        Assert.AreEqual(0.4, AdaptiveAugmentation.Next(0.5, certainty: 0, images: 10_000), 1e-9);
        Assert.AreEqual(0, AdaptiveAugmentation.Next(0.05, certainty: -5, images: 10_000));
        Assert.AreEqual(1, AdaptiveAugmentation.Next(0.95, certainty: 1, images: 10_000));
        Assert.AreEqual(0.4, AdaptiveAugmentation.Next(0.5, double.NaN, images: 10_000), 1e-9);
    }

    [TestMethod]
    public void The_share_follows_the_discriminator()
    {
        // One with a rate a thousand times the generator's soon tells all apart; the other way round it can't.
        double[] ahead = Shares(discriminator: 1e-3, generator: 1e-6), behind = Shares(discriminator: 1e-9, generator: 1e-9);
        const double once = (double)AdaptiveAugmentation.Interval * Batch / 100_000;
        Assert.AreEqual(0, ahead[0]);
        Assert.IsGreaterThan(2 * once, ahead[^1]);
        Assert.IsTrue(behind.All(share => share == 0));
    }

    [TestMethod]
    public void Without_it_all_images_are_augmented_and_without_augmentation_none_is_counted()
    {
        Assert.IsTrue(Summary(Options() with { AdaptiveAugmentation = false, Epochs = 1 }).History
            .All(report => report.AugmentationShare == 1));
        Assert.IsTrue(Summary(Options() with { Augmentation = DcganAugmentation.None, Epochs = 1 }).History
            .All(report => report.AugmentationShare == null));
    }

    [TestMethod]
    public void A_loss_without_bounds_has_all_images_augmented() =>
        Assert.IsTrue(Summary(Options() with
        {
            Loss = DcganLoss.Wasserstein,
            DiscriminatorNormalization = DcganNormalization.Spectral,
            Epochs = 1,
        }).History.All(report => report.AugmentationShare == 1));

    private static double[] Shares(double discriminator, double generator) =>
        [.. Summary(Options() with { LearningRate = generator, DiscriminatorLearningRate = discriminator })
            .History.Select(report => report.AugmentationShare!.Value)];

    private static DcganEstimator.Options Options() => LoopOptions.Create(Batch, epochs: Steps * Batch / 20) with
    {
        Augmentation = DcganAugmentation.All,
        AdaptiveAugmentation = true,
    };

    private static TrainingSummary Summary(DcganEstimator.Options options)
    {
        using var scope = NewDisposeScope();
        using Dataset images = Pictures.TrainingSet(20, 16, 12, 1);
        using var networks = new GanNetworks(new NetworkShape(16, 12, 1, 6, 4, 4, 4)
        {
            DiscriminatorNormalization = options.DiscriminatorNormalization,
        }, CPU);
        return new TrainingLoop(networks, images, options).Run(CancellationToken.None);
    }
}
