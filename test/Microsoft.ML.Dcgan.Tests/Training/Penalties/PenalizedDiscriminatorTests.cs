using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

/// <summary>Second derivatives through every kind of layer that a penalised discriminator may have.</summary>
[TestClass]
public sealed class PenalizedDiscriminatorTests
{
    private const int Batch = 6;
    private static readonly DcganEstimator.Options _settings = LoopOptions.Create(Batch);

    [TestMethod]
    [DataRow(DcganNormalization.None, 0, false)]
    [DataRow(DcganNormalization.None, 3, true)]
    [DataRow(DcganNormalization.Spectral, 0, true)]
    [DataRow(DcganNormalization.Spectral, 3, false)]
    [DataRow(DcganNormalization.Batch, 0, true)]
    [DataRow(DcganNormalization.None, 0, true, true)]
    public void Gradients_equal_the_penaltys_change_along_them(DcganNormalization normalization, int classes, bool r1,
        bool deviation = false)
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(4, CPU);
        using GanNetworks networks = Networks(normalization, classes, random, deviation);
        Discriminator discriminator = networks.Discriminator;
        discriminator.to(ScalarType.Float64);
        // In training each pass would move the spectral norm's estimate, and only there images depend on each other.
        discriminator.train(normalization == DcganNormalization.Batch || deviation);
        Tensor real = Images(random).to(ScalarType.Float64), generated = Images(random).to(ScalarType.Float64);
        Tensor? labels = classes > 0 ? randint(0, classes, [Batch], generator: random) : null;
        Penalty penalty = Penalties.Create(r1 ? _settings with { R1Penalty = 10 } : _settings with { GradientPenalty = 10 }).Single();

        Value().backward();

        Parameter[] weights = discriminator.parameters().ToArray();
        Tensor[] gradients = weights.Select(weight => weight.grad!.detach().clone()).ToArray();
        double slope = gradients.Sum(gradient => gradient.square().sum().item<double>());
        double step = 1e-8 / Math.Sqrt(slope);    // short, so that hardly a LeakyReLU turns within it
        Move(step);
        double more = Value().item<double>();
        Move(-2 * step);
        double less = Value().item<double>();
        Assert.AreEqual(1, (more - less) / (2 * step) / slope, 1e-4);

        Tensor Value()
        {
            using var same = new torch.Generator(9, CPU);
            return penalty(images => discriminator.Logits(images, labels), real, generated, new StepContext(0, 1, same))!;
        }

        void Move(double length)
        {
            using var _ = no_grad();
            foreach ((Parameter weight, Tensor gradient) in weights.Zip(gradients))
                weight.add_(gradient, length);
        }
    }

    [TestMethod]
    [DataRow(DcganNormalization.None)]
    [DataRow(DcganNormalization.Spectral)]
    public void A_penalty_in_bfloat16_is_about_that_in_float32(DcganNormalization normalization)
    {
        Needs.That(PrecisionChoice.RunsBFloat16(CPU), "a processor that convolves in bfloat16");
        using var scope = NewDisposeScope();
        float exact = Trained(ScalarType.Float32);
        Assert.AreEqual(1, Trained(ScalarType.BFloat16) / exact, 0.03);

        // The length of the discriminator's gradient after a step.
        float Trained(ScalarType precision)
        {
            using var random = new torch.Generator(4, CPU);
            using GanNetworks networks = Networks(normalization, 0, random, precision: precision);
            using var step = new TrainingStep(networks, _settings with { GradientPenalty = 10, R1Penalty = 10 });
            step.Run(Images(random), randn([Batch, 6], generator: random), new StepContext(0, 1, random));
            return step.DiscriminatorOptimizer.Weights.Gradients.norm().item<float>();
        }
    }

    private static GanNetworks Networks(DcganNormalization normalization, int classes, torch.Generator random, bool deviation = false,
        ScalarType precision = ScalarType.Float32)
    {
        var networks = new GanNetworks(new NetworkShape(20, 17, 3, 6, 8, 8, 4)
        {
            DiscriminatorNormalization = normalization,
            Classes = classes,
            MinibatchDeviation = deviation,
        }, CPU, precision);
        networks.Initialize(random);
        return networks;
    }

    private static Tensor Images(torch.Generator random) => ChannelsLast.Of(rand([Batch, 3, 20, 17], generator: random) * 2 - 1);
}
