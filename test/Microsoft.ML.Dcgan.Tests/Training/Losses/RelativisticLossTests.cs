using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

/// <summary>The loss on pairs, through whole networks and a whole training.</summary>
[TestClass]
public sealed class RelativisticLossTests
{
    private const int Batch = 8;
    private static readonly DcganEstimator.Options _settings = LoopOptions.Create(Batch) with { Loss = DcganLoss.Relativistic };

    [TestMethod]
    [DataRow(0)]
    [DataRow(3)]
    public void A_step_slopes_as_the_formula_does(int classes)
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(4, CPU);
        using GanNetworks networks = Networks(classes, random);
        Tensor images = ChannelsLast.Of(rand([Batch, 1, 8, 8], generator: random) * 2 - 1), noise = randn([Batch, 6], generator: random);
        Tensor? labels = classes == 0 ? null : randint(classes, [Batch], generator: random);

        // So small a rate that both networks stay as they are.
        using var step = new TrainingStep(networks, _settings with { LearningRate = 1e-12 });
        StepStatistics measured = StepStatistics.Mean(step.Run(images, noise, new StepContext(0, 1, random), labels));

        (double real, double generated, double score) = Losses();
        Assert.AreEqual(real, measured.DiscriminatorLoss, 1e-5);
        Assert.AreEqual(generated, measured.GeneratorLoss, 1e-5);
        Assert.AreEqual(score, measured.RealScore, 1e-5);
        Assert.AreEqual(1 - score, measured.GeneratedScoreBefore, 1e-5);
        Assert.AreEqual(1 - score, measured.GeneratedScoreAfter, 1e-5);
        CheckSlope(networks.Discriminator, () => Losses().Discriminator);
        CheckSlope(networks.Generator, () => Losses().Generator);

        // By logarithms of the sigmoid, in float64.
        (double Discriminator, double Generator, double RealScore) Losses()
        {
            using var losses = NewDisposeScope();
            using var _ = no_grad();
            double[] onReal = Logits(images), onGenerated = Logits(networks.Generator.call(networks.Shape.WithLabels(noise, labels)));
            double[] scores = onReal.Zip(onGenerated, (real, generated) => 1 / (1 + Math.Exp(generated - real))).ToArray();
            return (scores.Average(score => -Math.Log(score)), scores.Average(score => -Math.Log(1 - score)), scores.Average());
        }

        double[] Logits(Tensor shown) => networks.Discriminator.Logits(shown, labels).to(ScalarType.Float64).data<double>().ToArray();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_training_stays_finite_and_healthy(bool conditional)
    {
        DcganEstimator.Options options = LabelledPictures.Options(epochs: 40) with
        {
            BatchSize = 16,
            LearningRate = 1e-3,
            Loss = DcganLoss.Relativistic,
            ProgressInterval = 8,
            HealthInterval = 128,
        };
        if (!conditional)
            options.LabelColumnName = null;
        var ml = new MLContext(seed: 1);
        using DcganTransformer gan = ml.Transforms.Dcgan(options).Fit(LabelledPictures.View(ml, 64));

        Assert.IsEmpty(gan.Summary.Events);
        foreach (TrainingProgress progress in gan.Summary.History)
        {
            Assert.IsTrue(double.IsFinite(progress.DiscriminatorLoss + progress.GeneratorLoss), $"minibatch {progress.Step}");
            Assert.AreEqual(1, progress.RealScore + progress.GeneratedScoreBefore, 1e-5, "of a pair, one is the real one");
            Assert.IsInRange(0.3, 0.98, progress.RealScore, $"minibatch {progress.Step}");
        }
    }

    private static GanNetworks Networks(int classes, torch.Generator random)
    {
        var shape = new NetworkShape(8, 8, 1, 6, 4, 4, 4) { Classes = classes, DiscriminatorNormalization = DcganNormalization.None };
        var networks = new GanNetworks(shape, CPU);
        networks.Initialize(random);
        return networks;
    }

    // Along the gradient that the step left, the loss rises by its length.
    private static void CheckSlope(nn.Module network, Func<double> loss)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        (Tensor Weight, Tensor Direction)[] weights = network.parameters().Select(weight => ((Tensor)weight, weight.grad!.clone()))
            .ToArray();
        double length = Math.Sqrt(weights.Sum(pair => pair.Direction.to(ScalarType.Float64).square().sum().item<double>()));
        double distance = 1e-3 / length;
        Move(distance / length);
        double above = loss();
        Move(-2 * distance / length);
        double below = loss();
        Move(distance / length);
        Assert.AreEqual(length, (above - below) / (2 * distance), 0.01 * length, network.GetName());

        void Move(double by)
        {
            foreach ((Tensor weight, Tensor direction) in weights)
                weight.add_(direction, alpha: by);
        }
    }
}
