using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class TrainingTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void The_same_seed_gives_the_same_bits()
    {
        byte[] first = Pixels(seed: 7);
        CollectionAssert.AreEqual(first, Pixels(seed: 7));
        CollectionAssert.AreNotEqual(first, Pixels(seed: 8));

        byte[] Pixels(int seed)
        {
            DcganEstimator.Options options = Pictures.SmallOptions(epochs: 3);
            options.Seed = seed;
            using DcganTransformer gan = _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 10, 16, 12, 3));
            return gan.Generate(4, seed: 1).SelectMany(image => image.Pixels.ToArray()).ToArray();
        }
    }

    [TestMethod]
    public void The_contexts_seed_is_the_default()
    {
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.Seed = null;
        using DcganTransformer gan = new MLContext(seed: 123).Transforms.Dcgan(options).Fit(Pictures.View(_ml, 8, 8, 8, 1));
        Assert.AreEqual(123, gan.Summary.Seed);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void A_handful_of_images_trains(int count)
    {
        using DcganTransformer gan = _ml.Transforms.Dcgan(Pictures.SmallOptions(epochs: 5)).Fit(Pictures.View(_ml, count, 8, 8, 1));
        Assert.AreEqual(5, gan.Summary.Steps);
        Assert.AreEqual(count, gan.Summary.BatchSize);
    }

    [TestMethod]
    public void Minibatches_are_full_across_epochs()
    {
        var reports = new List<TrainingProgress>();
        DcganEstimator.Options options = Pictures.SmallOptions(epochs: 3);
        options.ProgressInterval = 2;
        options.Progress = reports.Add;
        using DcganTransformer gan = _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 10, 8, 8, 1));

        // 3 epochs of 10 images are 7.5 minibatches of 4.
        Assert.AreEqual(8, gan.Summary.Steps);
        CollectionAssert.AreEqual(new long[] { 2, 4, 6, 8 }, reports.Select(report => report.Step).ToArray());
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 3 }, reports.Select(report => report.Epoch).ToArray());
        CollectionAssert.AreEqual(reports, gan.Summary.History.ToList());
        Assert.IsFalse(gan.Summary.Cancelled);
        foreach (TrainingProgress report in reports)
        {
            Assert.IsTrue(report.RealScore is > 0 and < 1 && report.GeneratedScoreBefore is > 0 and < 1
                && report.GeneratedScoreAfter is > 0 and < 1);
            Assert.IsTrue(report.DiscriminatorLoss > 0 && report.GeneratorLoss > 0 && report.ImagesPerSecond > 0);
        }
        Assert.AreEqual(TimeSpan.Zero, reports[^1].TimeLeft);
    }

    [TestMethod]
    public void The_generator_learns_the_brightness_of_its_pictures()
    {
        DcganEstimator.Options options = Pictures.SmallOptions(epochs: 60);
        options.BatchSize = 16;
        options.LearningRate = 2e-3;
        float[] dark = new float[64];
        Array.Fill(dark, -0.8f);
        using DcganTransformer gan = _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, Enumerable.Repeat(dark, 64), 1, 8, 8));

        // -0.8 is byte 25 or 26; an untrained generator's pictures are at 127.
        double brightness = gan.Generate(16).Average(image => image.Pixels.ToArray().Where((_, i) => i % 4 == 0).Average(value => value));
        Assert.IsTrue(brightness < 70, $"mean brightness is {brightness}");
    }

    [TestMethod]
    public void A_cancelled_run_returns_what_it_has()
    {
        using var source = new CancellationTokenSource();
        DcganEstimator.Options options = Pictures.SmallOptions(epochs: 1000);
        options.ProgressInterval = 5;
        options.Progress = _ => source.Cancel();
        options.CancellationToken = source.Token;

        using DcganTransformer gan = _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 8, 8, 8, 1));

        Assert.IsTrue(gan.Summary.Cancelled);
        Assert.AreEqual(5, gan.Summary.Steps);
        Assert.AreEqual(2000, gan.Summary.PlannedSteps);
        Assert.HasCount(1, gan.Generate(1));
    }

    [TestMethod]
    public void Cancelled_before_it_began_a_run_throws()
    {
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.CancellationToken = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 8, 8, 8, 1)));
    }

    [TestMethod]
    public void A_diverging_run_says_so()
    {
        using var scope = torch.NewDisposeScope();
        using var networks = new GanNetworks(new NetworkShape(8, 8, 1, 6, 4, 4, 4), torch.CPU);
        using Dataset images = Pictures.TrainingSet(8, 8, 8, 1);
        var settings = LoopOptions.Create(4, epochs: 5, rate: 1e30);

        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() =>
            new TrainingLoop(networks, images, settings).Run(CancellationToken.None));

        StringAssert.Contains(failure.Message, "Lower LearningRate, which is 1E+30");
    }

    [TestMethod]
    public void An_exception_in_the_callback_ends_training()
    {
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.Progress = _ => throw new NotSupportedException("enough");
        Assert.AreEqual("enough", Assert.Throws<NotSupportedException>(() =>
            _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 8, 8, 8, 1))).Message);
    }

    [TestMethod]
    public void Progress_reaches_MLNETs_log()
    {
        var ml = new MLContext(seed: 1);
        var messages = new List<string>();
        ml.Log += (_, entry) => messages.Add(entry.Message);
        using DcganTransformer gan = ml.Transforms.Dcgan(Pictures.SmallOptions()).Fit(Pictures.View(ml, 8, 8, 8, 1));
        Assert.IsTrue(messages.Any(message => message.Contains("Epoch 1/1, minibatch 2/2: discriminator loss")),
            string.Join("\n", messages));
    }

    [TestMethod]
    public void The_estimator_keeps_its_own_copy_of_the_options()
    {
        DcganEstimator.Options options = Pictures.SmallOptions();
        DcganEstimator estimator = _ml.Transforms.Dcgan(options);
        options.NoiseSize = 99;
        using DcganTransformer gan = estimator.Fit(Pictures.View(_ml, 4, 8, 8, 1));
        Assert.AreEqual(6, gan.NoiseSize);
    }

    [TestMethod]
    public void Fit_works_inside_the_callers_dispose_scope_and_its_model_outlives_it()
    {
        DcganTransformer gan;
        using (torch.NewDisposeScope())
            gan = Pictures.SmallModel(_ml);
        using (gan)
            Assert.HasCount(2, gan.Generate(2));
    }
}
