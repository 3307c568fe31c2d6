using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using TorchSharp.Modules;
using static Microsoft.ML.Dcgan.Tests.ReferenceNetworks;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

/// <summary>Against numbers that PyTorch computed (see test/python/make_reference.py), and against finite differences.</summary>
[TestClass]
public sealed class PenaltyTests
{
    private const double Weight = 10;
    private static readonly DcganEstimator.Options _settings = LoopOptions.Create(4);

    [TestMethod]
    [DataRow("penalty.r1")]
    [DataRow("penalty.gradient")]
    public void Equals_PyTorchs_with_gradients(string name)
    {
        using var scope = NewDisposeScope();
        using Sequential discriminator = ReferenceDiscriminator();

        Tensor penalty = Penalty(name)(discriminator.call, ChannelsLast.Of(Reference("penalty.real")),
            ChannelsLast.Of(Reference("penalty.generated")));
        penalty.backward();

        Assert.AreEqual(0, penalty.ndim);
        Assert.AreEqual(Reference(name).item<float>(), penalty.item<float>(), 1e-3);
        foreach ((string weight, Parameter value) in discriminator.named_parameters())
        {
            Tensor expected = Reference($"{name}.{weight}");
            Assert.IsLessThan(1e-4, ((expected - value.grad!).abs().max() / expected.abs().max()).item<float>(), weight);
        }
    }

    [TestMethod]
    [DataRow("penalty.r1")]
    [DataRow("penalty.r2")]
    [DataRow("penalty.gradient")]
    public void Equals_finite_differences_of_finite_differences(string name)
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(8, CPU);
        Tensor[] weights = [Drawn(2, 1, 3, 3), Drawn(1, 2, 2, 2)];
        Tensor real = Drawn(3, 1, 4, 4), generated = Drawn(3, 1, 4, 4);
        Func<Tensor, Tensor> discriminator = images =>
            nn.functional.conv2d(nn.functional.conv2d(images, weights[0]).tanh(), weights[1]).flatten();

        foreach (Tensor weight in weights)
            weight.requires_grad_();
        Tensor penalty = Penalty(name)(discriminator, real, generated);
        penalty.backward();

        using var _ = no_grad();
        Assert.AreEqual(Numerical(), penalty.item<double>(), 1e-5);
        const double step = 1e-3;
        foreach (Tensor weight in weights)
        {
            Tensor flat = weight.view(-1), gradient = weight.grad!.view(-1);
            for (long i = 0; i < flat.numel(); i++)
            {
                Tensor value = flat.narrow(0, i, 1);
                value.add_(step);
                double more = Numerical();
                value.sub_(2 * step);
                double less = Numerical();
                value.add_(step);
                Assert.AreEqual((more - less) / (2 * step), gradient[i].item<double>(), 1e-3);
            }
        }

        Tensor Drawn(params long[] shape) => randn(shape, ScalarType.Float64, generator: random);

        // The penalty without any differentiation: the slope in each pixel by two logits a little to either side.
        double Numerical()
        {
            using var scope = NewDisposeScope();
            using var same = new torch.Generator(Seed, CPU);
            Tensor share = rand([3, 1, 1, 1], generator: same);
            Tensor images = name switch
            {
                "penalty.r1" => real,
                "penalty.r2" => generated,
                _ => share * real + (1 - share) * generated,
            };
            Tensor squares = zeros(3, ScalarType.Float64);
            const double step = 1e-4;
            for (long pixel = 0; pixel < 16; pixel++)
            {
                Tensor nudge = zeros(1, 1, 4, 4, ScalarType.Float64);
                nudge.view(-1)[pixel] = tensor(step, ScalarType.Float64);
                squares += ((discriminator(images + nudge) - discriminator(images - nudge)) / (2 * step)).square();
            }
            return (name == "penalty.gradient" ? Weight * (squares.sqrt() - 1).square().mean() : Weight / 2 * squares.mean()).item<double>();
        }
    }

    [TestMethod]
    public void R2_is_R1_of_the_other_images()
    {
        using var scope = NewDisposeScope();
        using Sequential discriminator = ReferenceDiscriminator();
        Tensor real = Reference("penalty.real"), generated = Reference("penalty.generated");

        float r1 = Penalty("penalty.r1")(discriminator.call, generated, real).item<float>();
        float r2 = Penalty("penalty.r2")(discriminator.call, real, generated).item<float>();

        Assert.AreEqual(r1, r2);
        Assert.AreNotEqual(Reference("penalty.r1").item<float>(), r2, 1e-3f);
    }

    [TestMethod]
    public void R1_and_R2_are_computed_at_intervals_and_count_as_many_times()
    {
        using var scope = NewDisposeScope();
        using Sequential discriminator = ReferenceDiscriminator();
        Tensor real = Reference("penalty.real");
        DcganEstimator.Options both = _settings with { R1Penalty = Weight, R2Penalty = Weight, R1Interval = 4 };
        Penalty penalty = Penalties.Create(both)[0], ofGenerated = Penalties.Create(both)[1];

        Assert.IsNull(ofGenerated(discriminator.call, real, real, new StepContext(3, 9, torch.Generator.Default)));
        Assert.AreEqual(4 * Reference("penalty.r1").item<float>(),
            ofGenerated(discriminator.call, real, real, new StepContext(4, 9, torch.Generator.Default))!.item<float>(), 4e-3);
        Tensor?[] values = Enumerable.Range(0, 9)
            .Select(step => penalty(discriminator.call, real, real, new StepContext(step, 9, torch.Generator.Default))).ToArray();

        CollectionAssert.AreEqual(new[] { 0, 4, 8 }, Enumerable.Range(0, 9).Where(step => values[step] is not null).ToArray());
        Assert.AreEqual(4 * Reference("penalty.r1").item<float>(), values[4]!.item<float>(), 4e-3);
    }

    // At its start a discriminator may be flat, where the length of its gradient has no derivative.
    [TestMethod]
    [DataRow("penalty.r1", 0.0)]
    [DataRow("penalty.r2", 0.0)]
    [DataRow("penalty.gradient", Weight)]
    public void A_flat_discriminator_gives_no_NaN(string name, double expected)
    {
        using var scope = NewDisposeScope();
        using Sequential discriminator = ReferenceDiscriminator();
        using (no_grad())
        {
            foreach (Parameter weight in discriminator.parameters())
                weight.zero_();
        }

        Tensor penalty = Penalty(name)(discriminator.call, Reference("penalty.real"), Reference("penalty.generated"));
        penalty.backward();

        Assert.AreEqual(expected, penalty.item<float>(), 1e-6);
        foreach (Parameter weight in discriminator.parameters())
            Assert.AreEqual(0, weight.grad!.abs().max().item<float>());
    }

    [TestMethod]
    public void There_are_none_unless_asked_for() => Assert.IsEmpty(Penalties.Create(_settings));

    private const ulong Seed = 31;

    private static Func<Func<Tensor, Tensor>, Tensor, Tensor, Tensor> Penalty(string name)
    {
        Penalty penalty = Penalties.Create(name switch
        {
            "penalty.r1" => _settings with { R1Penalty = Weight },
            "penalty.r2" => _settings with { R2Penalty = Weight },
            _ => _settings with { GradientPenalty = Weight },
        }).Single();
        return (discriminator, real, generated) =>
        {
            using var random = new torch.Generator(Seed, CPU);
            return penalty(discriminator, real, generated, new StepContext(0, 1, random))!;
        };
    }

    private static Sequential ReferenceDiscriminator()
    {
        var halving = new Resampling(AxisResampling.Halving(16, 4), AxisResampling.Halving(12, 4));
        var whole = new Resampling(AxisResampling.Whole(4), AxisResampling.Whole(3));
        Sequential network = nn.Sequential(
            new DownConvolution(3, 4, halving), nn.LeakyReLU(0.2, inplace: true),
            new DownConvolution(4, 6, halving), nn.LeakyReLU(0.2, inplace: true),
            new DownConvolution(6, 1, whole), nn.Flatten(0));
        using var _ = no_grad();
        foreach ((string name, Parameter weight) in network.named_parameters())
            weight.copy_(Reference($"penalty.D.{name}"));
        return network;
    }
}
