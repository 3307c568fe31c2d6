using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

/// <summary>What a step does with each option, at the smallest size, where the discriminator has no batch normalisation.</summary>
[TestClass]
public sealed class StepOptionsTests
{
    private static readonly DcganEstimator.Options _settings = LoopOptions.Create(4, epochs: 3, rate: 1e-3, seed: 5);

    private static IEnumerable<object[]> Changes => new Dictionary<string, DcganEstimator.Options>
    {
        ["minimax"] = _settings with { Loss = DcganLoss.Minimax },
        ["least squares"] = _settings with { Loss = DcganLoss.LeastSquares },
        ["hinge"] = _settings with { Loss = DcganLoss.Hinge },
        ["Wasserstein"] = _settings with { Loss = DcganLoss.Wasserstein, GradientPenalty = 10, DiscriminatorSteps = 2, Beta1 = 0 },
        ["relativistic"] = _settings with { Loss = DcganLoss.Relativistic, R1Penalty = 1, R2Penalty = 1 },
        ["smoothed labels"] = _settings with { RealLabel = 0.9 },
        ["noisy labels"] = _settings with { LabelNoise = 0.3 },
        ["noisy squares"] = _settings with { Loss = DcganLoss.LeastSquares, LabelNoise = 0.3, RealLabel = 0.8 },
        ["R1"] = _settings with { R1Penalty = 10, R1Interval = 2 },
        ["gradient penalty"] = _settings with { GradientPenalty = 10 },
        ["both penalties"] = _settings with { GradientPenalty = 1, R1Penalty = 1 },
        ["instance noise"] = _settings with { InstanceNoise = 0.5, InstanceNoiseDecay = 0.5 },
        ["translation"] = _settings with { Augmentation = DcganAugmentation.Translation },
        ["cut-out"] = _settings with { Augmentation = DcganAugmentation.Cutout },
        ["colour"] = _settings with { Augmentation = DcganAugmentation.Color },
        ["all augmentation"] = _settings with { Augmentation = DcganAugmentation.All, Mirror = true },
        ["mirroring"] = _settings with { Mirror = true },
        ["weight decay"] = _settings with { WeightDecay = 0.1 },
        ["two rates"] = _settings with { DiscriminatorLearningRate = 4e-3 },
        ["linear schedule"] = _settings with { LearningRateSchedule = DcganSchedule.Linear },
        ["cosine schedule"] = _settings with { LearningRateSchedule = DcganSchedule.Cosine, LearningRateDecayStart = 0.2 },
        ["three steps of the discriminator"] = _settings with { DiscriminatorSteps = 3 },
    }.Select(change => new object[] { change.Key, change.Value });

    [TestMethod]
    [DynamicData(nameof(Changes))]
    public void Each_trains_repeatably_and_to_other_weights(string name, object change)
    {
        float[] weights = Trained((DcganEstimator.Options)change);
        Assert.IsTrue(weights.All(float.IsFinite), name);
        CollectionAssert.AreEqual(weights, Trained((DcganEstimator.Options)change), name);
        CollectionAssert.AreNotEqual(weights, Trained(_settings), name);
    }

    [TestMethod]
    public void The_generator_waits_for_its_turn()
    {
        using var scope = NewDisposeScope();
        using GanNetworks networks = Networks();
        using var step = new TrainingStep(networks, _settings with { DiscriminatorSteps = 3 });
        var generatorMoved = new List<int>();
        for (int i = 0; i < 9; i++)
        {
            (float[] generator, float[] discriminator) = (Weights(networks.Generator), Weights(networks.Discriminator));
            StepStatistics measures = Run(step, i);
            if (!generator.SequenceEqual(Weights(networks.Generator)))
                generatorMoved.Add(i);
            Assert.IsFalse(discriminator.SequenceEqual(Weights(networks.Discriminator)), "the discriminator moves in every step");
            Assert.AreEqual(i % 3 == 2, measures.GeneratorLoss > 0);
        }
        CollectionAssert.AreEqual(new[] { 2, 5, 8 }, generatorMoved);
    }

    [TestMethod]
    public void Adams_first_step_is_as_long_as_each_networks_rate()
    {
        using var scope = NewDisposeScope();
        using GanNetworks networks = Networks();
        using var step = new TrainingStep(networks, _settings with { LearningRate = 1e-4, DiscriminatorLearningRate = 0.01 });
        (float[] generator, float[] discriminator) = (Weights(networks.Generator), Weights(networks.Discriminator));

        Run(step, 0);

        Assert.AreEqual(1e-4, Longest(generator, networks.Generator), 1e-6);
        Assert.AreEqual(0.01, Longest(discriminator, networks.Discriminator), 1e-4);

        static double Longest(float[] before, nn.Module network) => before.Zip(Weights(network), (old, now) => Math.Abs(now - old)).Max();
    }

    [TestMethod]
    public void The_schedule_reaches_the_optimisers()
    {
        using var scope = NewDisposeScope();
        using GanNetworks networks = Networks();
        using var step = new TrainingStep(networks, _settings with { LearningRateSchedule = DcganSchedule.Linear });
        (float[] generator, float[] discriminator) = (Weights(networks.Generator), Weights(networks.Discriminator));

        Run(step, 1000, 1000);

        CollectionAssert.AreEqual(generator, Weights(networks.Generator));
        CollectionAssert.AreEqual(discriminator, Weights(networks.Discriminator));
    }

    // PyTorch adds up a step's gradients likewise: losses first, then each penalty.
    [TestMethod]
    public void Penalties_add_to_the_losses_gradients()
    {
        using var scope = NewDisposeScope();
        float[] none = Gradients(_settings), r1 = Gradients(_settings with { R1Penalty = 10 }),
            twice = Gradients(_settings with { R1Penalty = 20 });
        Assert.IsTrue(r1.Zip(none).Any(pair => Math.Abs(pair.First - pair.Second) > 1e-5));
        for (int i = 0; i < none.Length; i++)
            Assert.AreEqual(2 * (r1[i] - none[i]), twice[i] - none[i], 1e-5);

        static float[] Gradients(DcganEstimator.Options settings)
        {
            using GanNetworks networks = Networks();
            using var step = new TrainingStep(networks, settings);
            Run(step, 0);
            return networks.Discriminator.parameters().SelectMany(weight => weight.grad!.contiguous().data<float>().ToArray()).ToArray();
        }
    }

    [TestMethod]
    public void No_step_leaves_tensors_behind()
    {
        using var scope = NewDisposeScope();
        using GanNetworks networks = Networks();
        using var step = new TrainingStep(networks, _settings with
        {
            GradientPenalty = 10,
            R1Penalty = 10,
            Augmentation = DcganAugmentation.All,
            Mirror = true,
            InstanceNoise = 0.1,
            LabelNoise = 0.1,
            DiscriminatorSteps = 2,
        });
        Run(step, 0);
        Run(step, 1);
        int before = scope.DisposablesCount;
        Run(step, 2);
        Run(step, 3);
        Assert.AreEqual(before, scope.DisposablesCount);
    }

    private static StepStatistics Run(TrainingStep step, long number, long steps = 1000)
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator((ulong)number, CPU);
        Tensor images = ChannelsLast.Of(rand([4, 3, 8, 8], generator: random) * 2 - 1);
        return StepStatistics.Mean(step.Run(images, randn([4, 6], generator: random), new StepContext(number, steps, random)));
    }

    private static GanNetworks Networks()
    {
        using var random = new torch.Generator(3, CPU);
        var networks = new GanNetworks(new NetworkShape(8, 8, 3, 6, 4, 4, 4), CPU);
        networks.Initialize(random);
        return networks;
    }

    private static float[] Trained(DcganEstimator.Options settings)
    {
        using var scope = NewDisposeScope();
        using GanNetworks networks = Networks();
        using Dataset images = Pictures.TrainingSet(8, 8, 8, 3);
        TrainingSummary summary = new TrainingLoop(networks, images, settings).Run(CancellationToken.None);
        Assert.AreEqual(6, summary.Steps);
        return [.. Weights(networks.Generator), .. Weights(networks.Discriminator)];
    }

    private static float[] Weights(nn.Module network) =>
        network.parameters().SelectMany(weight => weight.detach().contiguous().data<float>().ToArray()).ToArray();
}
