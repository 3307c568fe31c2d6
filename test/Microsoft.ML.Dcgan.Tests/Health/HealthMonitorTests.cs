using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Health;

[TestClass]
public sealed class HealthMonitorTests
{
    private const long Interval = 5_000;

    [TestMethod]
    public void Diversity_is_the_mean_squared_difference_of_pairs_over_that_of_training_images()
    {
        using var scope = NewDisposeScope();
        using GanNetworks networks = Networks();
        using Dataset images = Pictures.TrainingSet(20, 16, 12, 1);
        using var random = new SeededRandom(3);
        using var diversity = new ImageDiversity(images, networks.Shape, random.At(RandomPurpose.Health), CPU);

        double[][] real = Enumerable.Range(0, 20).Select(i => Pictures.Pixels(i, 16, 12, 1).Select(pixel => (double)pixel).ToArray())
            .ToArray();
        Assert.AreEqual(OfPairs(real), diversity.OfReal, 1e-5 * diversity.OfReal);

        using var _ = no_grad();
        Tensor noise = randn([64, 6], generator: random.At(RandomPurpose.Health));
        networks.Generator.eval();
        double[][] generated = networks.Generator.call(noise).unbind()
            .Select(image => image.contiguous().data<float>().Select(pixel => (double)pixel).ToArray()).ToArray();
        networks.Generator.train();
        Assert.AreEqual(OfPairs(generated) / OfPairs(real), diversity.Measure(networks.Generator), 1e-4);
        Assert.IsTrue(networks.Generator.training);

        static double OfPairs(double[][] rows)
        {
            var distances = new List<double>();
            for (int i = 0; i < rows.Length; i++)
                for (int j = 0; j < i; j++)
                    distances.Add(rows[i].Zip(rows[j], (a, b) => (a - b) * (a - b)).Average());
            return distances.Average();
        }
    }

    [TestMethod]
    public void A_look_is_due_when_an_interval_of_images_has_passed() => With(DcganHealthPolicy.Warn, (monitor, state, _, _) =>
    {
        Assert.IsFalse(IsDueAfter(Interval - 1));
        Assert.IsTrue(IsDueAfter(Interval));
        state.Resumable.Done = Interval + 2;
        Look(monitor, state, Ordinary);
        Assert.IsFalse(IsDueAfter(2 * Interval + 2));
        Assert.IsTrue(IsDueAfter(2 * Interval + 3));

        bool IsDueAfter(long images)
        {
            state.Resumable.Done = images;
            return monitor.IsDue;
        }
    }, batch: 1);

    [TestMethod]
    public void An_alarm_comes_once_symptoms_last_and_again_after_recovery() => With(DcganHealthPolicy.Warn, (monitor, state, _, told) =>
    {
        foreach (int winning in new[] { 1, 4, 2 })
        {
            for (int i = 0; i < winning; i++)
                Look(monitor, state, Winning);
            Look(monitor, state, Ordinary);
        }

        TrainingEvent[] alarms = state.Resumable.Events.ToArray();
        CollectionAssert.AreEqual(new[] { 4 * Interval, 9 * Interval }, alarms.Select(alarm => alarm.Images).ToArray());
        Assert.IsTrue(alarms.All(alarm => alarm.Alarm == TrainingAlarm.DiscriminatorWins && alarm.Action == DcganHealthPolicy.Warn
            && alarm.Step == alarm.Images / Interval));
        CollectionAssert.AreEqual(alarms, told);
        Assert.IsFalse(monitor.HasStopped);
    });

    [TestMethod]
    public void A_discriminator_far_ahead_look_after_look_overfits() => With(DcganHealthPolicy.Warn, (monitor, state, _, told) =>
    {
        for (int i = 0; i < 6; i++)
        {
            Assert.IsEmpty(told, $"after {i} looks");
            Look(monitor, state, Ahead);
        }
        TrainingEvent alarm = state.Resumable.Events.Single();
        Assert.AreEqual((TrainingAlarm.DiscriminatorOverfits, 6 * Interval), (alarm.Alarm, alarm.Images));
        StringAssert.Contains(alarm.Message, "(D(x) 0.990, D(G(z)) 0.010)");
    });

    [TestMethod]
    public void A_generator_that_makes_one_image_has_collapsed() => With(DcganHealthPolicy.Warn, (monitor, state, networks, _) =>
    {
        Look(monitor, state, Ordinary);
        Fill(FirstWeights(networks.Generator), 0);
        for (int i = 2; i < 6; i++)
            Assert.AreEqual(0, Look(monitor, state, Ordinary)!.Value, 1e-6);
        Assert.AreEqual(3 * Interval, state.Resumable.Events.Single().Images);

        TrainingEvent alarm = state.Resumable.Events.Single();
        Assert.AreEqual(TrainingAlarm.Collapsed, alarm.Alarm);
        StringAssert.StartsWith(alarm.Message, "The generator collapsed: its images differ 0.0");
    });

    [TestMethod]
    public void An_overshooting_training_goes_on_where_it_is_only_to_be_warned_of() =>
        With(DcganHealthPolicy.Warn, (monitor, state, _, _) =>
    {
        Look(monitor, state, Overshooting, minibatches: 20);
        Assert.AreEqual(TrainingAlarm.Diverged, state.Resumable.Events.Single().Alarm);
        Assert.IsFalse(monitor.HasStopped);
    });

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Weights_that_are_no_numbers_end_training(bool generator) => With(DcganHealthPolicy.Warn, (monitor, state, networks, told) =>
    {
        Look(monitor, state, Ordinary);
        Fill(generator ? FirstWeights(networks.Generator) : FirstWeights(networks.Discriminator), float.NaN);
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => Look(monitor, state, Ordinary));
        StringAssert.Contains(failure.Message, "the weights are not numbers by minibatch 2");
        Assert.AreEqual(TrainingAlarm.Diverged, told.Single().Alarm);
    });

    [TestMethod]
    public void Stopping_gives_back_the_last_healthy_weights() => With(DcganHealthPolicy.Stop, (monitor, state, networks, _) =>
    {
        Look(monitor, state, Ordinary);
        using var random = new torch.Generator(2, CPU);
        Fill(FirstWeights(networks.Generator), 0.5f, random);
        Look(monitor, state, Ordinary);
        float[] healthy = Numbers(networks);
        Fill(FirstWeights(networks.Discriminator), 0.25f);
        Look(monitor, state, Winning);
        Assert.IsFalse(monitor.HasStopped);
        Fill(FirstWeights(networks.Generator), float.NaN);
        Look(monitor, state, Ordinary);

        Assert.IsTrue(monitor.HasStopped);
        Assert.AreEqual(2, state.Resumable.Health.HealthyAt);
        Assert.AreEqual(DcganHealthPolicy.Stop, state.Resumable.Events.Single().Action);
        CollectionAssert.AreEqual(healthy, Numbers(networks));
    });

    [TestMethod]
    public void Stopping_before_any_health_is_an_error() => With(DcganHealthPolicy.Stop, (monitor, state, _, _) =>
    {
        Look(monitor, state, Winning);
        StringAssert.StartsWith(Assert.Throws<InvalidOperationException>(() => Look(monitor, state, Winning)).Message,
            "The discriminator wins");
    });

    [TestMethod]
    public void Going_back_gives_the_last_healthy_weights_and_goes_on_more_slowly() =>
        With(DcganHealthPolicy.RollBack, (monitor, state, networks, told) =>
    {
        Look(monitor, state, Ordinary);
        float[] healthy = Numbers(networks);
        for (int time = 1; time <= 8; time++)
        {
            Fill(FirstWeights(networks.Generator), float.NaN);
            Look(monitor, state, Ordinary);

            CollectionAssert.AreEqual(healthy, Numbers(networks));
            Assert.AreEqual(Math.Pow(0.25, time), state.Resumable.Health.RateScale, 1e-12);
            Assert.IsFalse(monitor.HasStopped);
            Assert.AreEqual(DcganHealthPolicy.RollBack, told[^1].Action);
            Look(monitor, state, Ordinary);
        }

        Fill(FirstWeights(networks.Generator), float.NaN);
        Look(monitor, state, Ordinary);
        Assert.IsTrue(monitor.HasStopped, "Eight times are enough.");
        Assert.AreEqual(DcganHealthPolicy.Stop, told[^1].Action);
        CollectionAssert.AreEqual(healthy, Numbers(networks));
    });

    [TestMethod]
    public void Going_back_to_the_first_weights_again_and_again_is_an_error() =>
        With(DcganHealthPolicy.RollBack, (monitor, state, _, _) =>
    {
        for (int time = 1; time <= 8; time++)
            Look(monitor, state, Overshooting, minibatches: 20);
        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() =>
            Look(monitor, state, Overshooting, minibatches: 20)).Message, "Going back 8 times");
    });

    [TestMethod]
    public void Going_back_before_any_health_is_to_the_first_weights() => With(DcganHealthPolicy.RollBack, (monitor, state, networks, _) =>
    {
        float[] first = Numbers(networks);
        Fill(FirstWeights(networks.Discriminator), 3);
        Look(monitor, state, Overshooting, minibatches: 20);
        CollectionAssert.AreEqual(first, Numbers(networks));
    });

    [TestMethod]
    public void Without_an_interval_there_is_no_way_back_from_numbers_that_are_none() =>
        With(DcganHealthPolicy.RollBack, (monitor, state, networks, _) =>
    {
        Fill(FirstWeights(networks.Generator), float.NaN);
        StringAssert.StartsWith(Assert.Throws<InvalidOperationException>(() => Look(monitor, state, Ordinary)).Message,
            "Training diverged");
    }, interval: 0);

    private static Tensor Ordinary => tensor(new[] { 0.6f, 0.8f, 0.2f, 1.9f, 0.15f, 0.02f, 1, 1 });

    private static Tensor Winning => tensor(new[] { 0.001f, 0.9995f, 0.0005f, 9, 0.0001f, 0.999f, 1, 1 });

    // As the demo's data by the paper's options, whose losses burst.
    private static Tensor Ahead => tensor(new[] { 0.02f, 0.99f, 0.01f, 5, 0.01f, 0.5f, 1, 1 });

    private static Tensor Overshooting => tensor(new[] { 2.9f, 0.55f, 0.45f, 5, 0.1f, 0, 1, 1 });

    private static GanNetworks Networks()
    {
        var networks = new GanNetworks(new NetworkShape(16, 12, 1, 6, 4, 4, 4), CPU);
        using var random = new torch.Generator(1, CPU);
        networks.Initialize(random);

        // Wide enough that images differ.
        Fill(FirstWeights(networks.Generator), 0.4f, random);
        foreach (Parameter weight in networks.Generator.parameters())
        {
            using var _ = no_grad();
            weight.mul_(5);
        }
        return networks;
    }

    private static void With(DcganHealthPolicy policy, Action<HealthMonitor, TrainingState, GanNetworks, List<TrainingEvent>> test,
        long interval = Interval, long batch = Interval)
    {
        using var scope = NewDisposeScope();
        using GanNetworks networks = Networks();
        var settings = LoopOptions.Create(4) with { HealthInterval = interval, HealthPolicy = policy };
        using var state = new TrainingState(networks, settings, batch);
        using Dataset images = Pictures.TrainingSet(20, 16, 12, 1);
        using var random = new SeededRandom(3);
        var told = new List<TrainingEvent>();
        using var monitor = new HealthMonitor(networks, state, images, settings, random, told.Add);
        monitor.CheckImages();
        test(monitor, state, networks, told);
    }

    // After one more minibatch, or some, which stand for all since the look before.
    private static double? Look(HealthMonitor monitor, TrainingState state, Tensor measures, int minibatches = 1)
    {
        for (int i = 0; i < minibatches; i++)
            state.Advance(measures);
        return monitor.Check();
    }

    private static Parameter FirstWeights(nn.Module network) => network.parameters().First();

    private static void Fill(Parameter weight, float value, torch.Generator? random = null)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        weight.copy_(random == null ? full_like(weight, value) : randn(weight.shape, generator: random) * value);
    }

    private static float[] Numbers(GanNetworks networks) =>
        networks.Generator.state_dict().Values.Concat(networks.Discriminator.state_dict().Values)
        .SelectMany(tensor => tensor.to(ScalarType.Float32).flatten().contiguous().data<float>().ToArray()).ToArray();
}
