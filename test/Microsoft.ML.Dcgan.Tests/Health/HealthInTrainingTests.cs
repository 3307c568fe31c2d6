using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Health;

/// <summary>Small trainings: 16x16 pictures, 8 feature maps, minibatches of 16.</summary>
[TestClass]
public sealed class HealthInTrainingTests
{
    private const int Images = 256;
    private const int Batch = 16;
    private const long Interval = 1_024;

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(5)]
    public void A_healthy_training_raises_no_alarm(int seed)
    {
        TrainingSummary summary = Run(Settings(epochs: 60) with { Seed = seed, LearningRate = 1e-3 });
        Assert.HasCount(0, summary.Events, string.Join("\n", summary.Events));
    }

    [TestMethod]
    public void Diversity_is_in_the_history_at_each_look_and_at_the_end()
    {
        TrainingSummary summary = Run(
            Settings(epochs: 5) with { HealthInterval = 500, HealthPolicy = DcganHealthPolicy.Warn, ProgressInterval = 10 });

        // 500 images are 31.25 minibatches.
        CollectionAssert.AreEqual(new long[] { 32, 64, 80 },
            summary.History.Where(report => report.Diversity != null).Select(report => report.Step).ToArray());
        CollectionAssert.AreEqual(new long[] { 10, 20, 30, 32, 40, 50, 60, 64, 70, 80 },
            summary.History.Select(report => report.Step).ToArray());
        Assert.IsTrue(summary.History.All(report => report.Diversity is null or > 0));
    }

    [TestMethod]
    public void Without_an_interval_there_are_no_looks()
    {
        TrainingSummary summary = Run(Settings(epochs: 5) with { HealthInterval = 0, HealthPolicy = DcganHealthPolicy.Warn },
            repeated: true);
        Assert.HasCount(0, summary.Events);
        Assert.IsTrue(summary.History.All(report => report.Diversity == null));
    }

    [TestMethod]
    public void Looking_does_not_change_the_training()
    {
        using var scope = NewDisposeScope();
        using GanNetworks plain = Networks(), looked = Networks();
        Run(Settings(epochs: 3) with { HealthInterval = 0, HealthPolicy = DcganHealthPolicy.Warn }, networks: plain);
        Run(Settings(epochs: 3) with { HealthInterval = Batch, HealthPolicy = DcganHealthPolicy.Stop }, networks: looked);
        CheckEqual(plain, looked);
    }

    [TestMethod]
    public void One_repeated_image_is_seen_before_the_first_step()
    {
        TrainingEvent alarm = Run(Settings(epochs: 2), repeated: true).Events.Single();
        Assert.AreEqual(TrainingAlarm.NothingToLearn, alarm.Alarm);
        Assert.AreEqual((0, 0), (alarm.Step, alarm.Images));

        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() =>
            Run(Settings(epochs: 2) with { HealthInterval = Interval, HealthPolicy = DcganHealthPolicy.Stop }, repeated: true));
        StringAssert.StartsWith(failure.Message,
            "The training set has nothing to learn from: two of its 256 images differ by 0.0 of 256 levels");
    }

    [TestMethod]
    public void A_far_stronger_discriminator_is_seen()
    {
        using var alarmed = new CancellationTokenSource();
        TrainingEvent alarm = Run(Overwhelmed(epochs: 60), alarmed: _ => alarmed.Cancel(), cancellation: alarmed.Token).Events.First();
        Assert.AreEqual(TrainingAlarm.DiscriminatorWins, alarm.Alarm);
        Assert.IsTrue(alarm.Images <= 8_192, $"after {alarm.Images} images");
        StringAssert.Contains(alarm.Message, "A lower DiscriminatorLearningRate may help.");
    }

    // Few images, and a discriminator of four times as many maps as the generator.
    [TestMethod]
    public void The_defaults_stay_healthy_where_those_of_before_did_not()
    {
        TrainingSummary before = Train(DcganEstimator.Options.Paper() with { LearningRate = 1e-3 }),
            byDefault = Train(new DcganEstimator.Options());

        Assert.AreEqual(TrainingAlarm.DiscriminatorWins, before.Events.First().Alarm);
        Assert.IsEmpty(byDefault.Events, string.Join('\n', byDefault.Events));
        Assert.IsLessThan(0.9, byDefault.History[^1].RealScore);

        TrainingSummary Train(DcganEstimator.Options options)
        {
            using var networks = new GanNetworks(new NetworkShape(16, 16, 1, 16, 8, 32, 4), CPU);
            return Run(options with { BatchSize = Batch, Epochs = 256, Seed = 1, ProgressInterval = 16, HealthInterval = Interval },
                networks: networks, count: 32);
        }
    }

    [TestMethod]
    public void Divergence_is_seen_by_the_next_report()
    {
        var told = new List<TrainingEvent>();
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() =>
            Run(Settings(epochs: 60) with { LearningRate = 1e30, ProgressInterval = 4 }, alarmed: told.Add));
        Assert.AreEqual(TrainingAlarm.Diverged, told.Single().Alarm);
        Assert.AreEqual(told.Single().Message, failure.Message);
        Assert.IsTrue(told.Single().Step <= 8);
    }

    [TestMethod]
    public void A_stopped_training_ends_as_it_was_when_last_healthy()
    {
        using var scope = NewDisposeScope();
        using GanNetworks stopped = Networks(), cancelled = Networks();
        // Not so soon that the first look finds it.
        DcganEstimator.Options settings = Overwhelmed(epochs: 60) with { DiscriminatorLearningRate = 3e-4 };
        TrainingSummary summary = Run(settings with { HealthInterval = Interval, HealthPolicy = DcganHealthPolicy.Stop },
            networks: stopped);

        TrainingEvent alarm = summary.Events.Single();
        Assert.AreEqual(DcganHealthPolicy.Stop, alarm.Action);
        Assert.AreEqual(alarm.Step, summary.Steps);
        Assert.IsTrue(summary.BestStep < summary.Steps && summary.Steps < summary.PlannedSteps);
        Assert.IsFalse(summary.Cancelled);

        using var cancellation = new CancellationTokenSource();
        Run(settings, networks: cancelled, cancellation: cancellation.Token, report: progress =>
        {
            if (progress.Step == summary.BestStep)
                cancellation.Cancel();
        });
        CheckEqual(cancelled, stopped);
    }

    [TestMethod]
    public void Alarms_reach_the_log_and_are_saved_with_the_model()
    {
        var warnings = new List<string>();
        _ml.Log += (_, entry) =>
        {
            if (entry.Kind == ChannelMessageKind.Warning)
                warnings.Add(entry.RawMessage);
        };
        using DcganTransformer gan = _ml.Transforms.Dcgan(Pictures.SmallOptions(epochs: 2))
            .Fit(Pictures.View(_ml, Enumerable.Repeat(Pictures.Pixels(0, 8, 8, 1), 8), 1, 8, 8));
        using var file = new MemoryStream();
        _ml.Model.Save(gan, null, file);
        file.Position = 0;
        using var loaded = (DcganTransformer)_ml.Model.Load(file, out _);

        TrainingEvent alarm = gan.Summary.Events.Single();
        CollectionAssert.AreEqual(new[] { $"NothingToLearn after minibatch 0 (0 images): {alarm.Message}" }, warnings);
        Assert.AreEqual(alarm, loaded.Summary.Events.Single());
    }

    private static DcganEstimator.Options Settings(int epochs) =>
        LoopOptions.Create(Batch, epochs, progressInterval: 16) with { HealthInterval = Interval, HealthPolicy = DcganHealthPolicy.Warn };

    private static DcganEstimator.Options Overwhelmed(int epochs) =>
        Settings(epochs) with { LearningRate = 1e-5, DiscriminatorLearningRate = 4e-3 };

    private static GanNetworks Networks() => new(new NetworkShape(16, 16, 1, 16, 8, 8, 4), CPU);

    private static TrainingSummary Run(DcganEstimator.Options settings, bool repeated = false, GanNetworks? networks = null,
        Action<TrainingProgress>? report = null, Action<TrainingEvent>? alarmed = null, int count = Images,
        CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using GanNetworks? own = networks == null ? Networks() : null;
        using var images = new MemoryDataset(count, (1, 16, 16), CPU);
        images.Complete(Enumerable.Range(0, count).Select(i => images.Add(Blob(repeated ? 0 : i * (Images / count)))).ToArray());
        return new TrainingLoop(networks ?? own!, images, settings) { Report = report, Alarm = alarmed }.Run(cancellation);
    }

    // A bright disc on black; its place and size depend on i.
    private static byte[] Blob(int i)
    {
        (double x, double y, double radius) = (4 + i % 9, 4 + i / 9 % 9, 2 + i % 5 * 0.5);
        return Enumerable.Range(0, 256).Select(pixel =>
            (byte)Math.Clamp(255 * (radius + 0.5 - Math.Sqrt(Math.Pow(pixel % 16 - x, 2) + Math.Pow(pixel / 16 - y, 2))), 0, 255))
                .ToArray();
    }

    private static void CheckEqual(GanNetworks expected, GanNetworks actual)
    {
        foreach ((string name, Tensor tensor) in expected.Generator.state_dict()
            .Concat(expected.Discriminator.state_dict().Select(entry => new KeyValuePair<string, Tensor>("D." + entry.Key, entry.Value))))
        {
            Tensor other = name.StartsWith("D.") ? actual.Discriminator.state_dict()[name[2..]] : actual.Generator.state_dict()[name];
            Assert.AreEqual(0, (tensor - other).abs().max().to(ScalarType.Float64).item<double>(), name);
        }
    }
}
