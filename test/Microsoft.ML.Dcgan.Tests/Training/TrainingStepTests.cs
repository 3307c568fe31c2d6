using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static Microsoft.ML.Dcgan.Tests.ReferenceNetworks;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

/// <summary>Against numbers that PyTorch computed: see test/python/make_reference.py.</summary>
[TestClass]
public sealed class TrainingStepTests
{
    private const int Batch = 4;
    private const int Steps = 3;
    private static readonly DcganEstimator.Options _settings = LoopOptions.Create(Batch);

    [TestMethod]
    public void One_step_equals_PyTorchs()
    {
        using var scope = NewDisposeScope();
        using GanNetworks networks = Load("initial");
        using var step = new TrainingStep(networks, _settings);

        StepStatistics measures = Run(step, 0);

        CheckMeasures(measures, 0);
        CheckWeights(networks, "first", 2e-6);
    }

    [TestMethod]
    public void Three_steps_equal_PyTorchs()
    {
        using var scope = NewDisposeScope();
        using GanNetworks networks = Load("initial");
        using var step = new TrainingStep(networks, _settings);

        for (int i = 0; i < Steps; i++)
            CheckMeasures(Run(step, i), i);

        CheckWeights(networks, "last", 2e-5);
    }

    [TestMethod]
    public void PyTorchs_weights_give_PyTorchs_pixels()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using GanNetworks networks = Load("last");
        Tensor noise = Reference("generator.noise");

        networks.Generator.eval();
        CheckClose(Reference("generator.pixels"), networks.Generator.call(noise), 1e-5, "pixels in evaluation");
        networks.Generator.train();
        CheckClose(Reference("generator.trainingPixels"), networks.Generator.call(noise), 1e-5, "pixels in training");
    }

    [TestMethod]
    public void Batch_statistics_move_a_tenth_of_the_way_each_time()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using GanNetworks networks = Load("initial");
        Tensor images = rand(6, 3, 64, 64) * 2 - 1;

        // The discriminator's first normalised layer, by hand.
        var state = networks.Discriminator.state_dict();
        Tensor hidden = nn.functional.leaky_relu(nn.functional.conv2d(images, state["main.0.weight"], strides: [2, 2], padding: [1, 1]),
            0.2);
        Tensor features = nn.functional.conv2d(hidden, state["main.2.weight"], strides: [2, 2], padding: [1, 1]);
        Tensor expectedMean = features.mean([0, 2, 3]) * 0.1;
        Tensor expectedVariance = features.permute(1, 0, 2, 3).reshape(features.shape[1], -1).var(1, unbiased: true) * 0.1 + 0.9;

        networks.Discriminator.train();
        networks.Discriminator.call(images);

        CheckClose(expectedMean, state["main.3.running_mean"], 1e-6, "running mean");
        CheckClose(expectedVariance, state["main.3.running_var"], 1e-6, "running variance");
    }

    private static StepStatistics Run(TrainingStep step, int number)
    {
        Tensor images = Images();
        Tensor noise = Reference("noise").narrow(0, number, 1).reshape(Batch, 8);
        return StepStatistics.Mean(step.Run(images, noise, new StepContext(number, Steps, torch.Generator.Default)));
    }

    private static void CheckMeasures(StepStatistics measures, int step)
    {
        Assert.AreEqual(Expected("discriminatorLoss"), measures.DiscriminatorLoss, 1e-5, "discriminator's loss");
        Assert.AreEqual(Expected("generatorLoss"), measures.GeneratorLoss, 1e-5, "generator's loss");
        Assert.AreEqual(Expected("realScore"), measures.RealScore, 1e-5, "D(x)");
        Assert.AreEqual(Expected("fakeScoreBefore"), measures.GeneratedScoreBefore, 1e-5, "D(G(z)) before");
        Assert.AreEqual(Expected("fakeScoreAfter"), measures.GeneratedScoreAfter, 1e-5, "D(G(z)) after");

        double Expected(string name) => SafetensorsFile.Reference.Floats(name)[step];
    }

    private static void CheckWeights(GanNetworks networks, string moment, double tolerance)
    {
        foreach ((string letter, nn.Module network) in new (string, nn.Module)[] { ("G", networks.Generator),
            ("D", networks.Discriminator) })
        {
            foreach ((string name, Tensor weight) in network.state_dict())
            {
                string reference = $"{moment}.{letter}.{name}";
                if (weight.dtype == ScalarType.Int64)
                    Assert.AreEqual(SafetensorsFile.Reference.Longs(reference)[0], weight.item<long>(), reference);
                else
                    CheckClose(Reference(reference), weight, tolerance, reference);
            }
        }
    }

    private static void CheckClose(Tensor expected, Tensor actual, double tolerance, string what)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape, what);
        double difference = (expected - actual).abs().max().item<float>();
        Assert.IsTrue(difference <= tolerance, $"{what}: differs by up to {difference}, at most {tolerance} allowed");
    }
}
