using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class DropoutTests
{
    private static readonly NetworkShape _shape = new(32, 32, 3, 6, 4, 4, 4);

    [TestMethod]
    [DataRow(0.1)]
    [DataRow(0.5)]
    [DataRow(0.9)]
    public void Drops_its_share_and_keeps_the_mean(double rate)
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(1, CPU);

        // As many features as are no multiple of 4.
        Tensor features = ones(21, 31, 41, 17);
        Tensor left = Dropout.Apply(features, rate, random);

        double count = features.numel();
        Assert.AreEqual(rate, left.eq(0).sum().item<long>() / count, 5 * Math.Sqrt(rate * (1 - rate) / count));
        Assert.AreEqual(1, left.mean().item<float>(), 5 * Math.Sqrt(rate / (1 - rate) / count));
        Assert.AreEqual(1 / (1 - rate), left.max().item<float>(), 1e-3);
        Assert.HasCount(2, left.contiguous().data<float>().Distinct());
    }

    [TestMethod]
    public void Neighbours_are_dropped_independently()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(1, CPU);

        // Of 0 and 2, less their mean.
        Tensor left = Dropout.Apply(ones(20, 30, 40, 10), 0.5, random) - 1;

        for (int dimension = 0; dimension < 4; dimension++)
        {
            long size = left.shape[dimension] - 1;
            double correlation = (left.narrow(dimension, 0, size) * left.narrow(dimension, 1, size)).mean().item<float>();
            Assert.AreEqual(0, correlation, 0.015, $"dimension {dimension}");
        }
    }

    [TestMethod]
    public void Is_a_function_of_its_random_numbers_alone()
    {
        using var scope = NewDisposeScope();
        using GanNetworks networks = Networks();
        Tensor noise = randn(4, 6);
        torch.random.manual_seed(5);
        float[] expected = Next();
        torch.random.manual_seed(5);

        float[] one = Pixels(7), again = Pixels(7), other = Pixels(8);

        CollectionAssert.AreEqual(one, again);
        CollectionAssert.AreNotEqual(one, other);
        CollectionAssert.AreEqual(expected, Next(), "the global random numbers moved");

        float[] Pixels(ulong seed)
        {
            using var random = new torch.Generator(seed, CPU);
            Dropout.Set(networks.Generator, 0.5, random);
            return networks.Generator.call(noise).detach().contiguous().data<float>().ToArray();
        }

        static float[] Next() => rand(4).data<float>().ToArray();
    }

    [TestMethod]
    public void Is_off_in_evaluation_without_a_rate_and_after_training()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using GanNetworks networks = Networks();
        using var random = new torch.Generator(1, CPU);
        Tensor images = rand([4, 3, 32, 32], generator: random);
        string[] names = networks.Discriminator.state_dict().Keys.ToArray();
        Tensor trained = networks.Discriminator.call(images);
        networks.Discriminator.eval();
        Tensor evaluated = networks.Discriminator.call(images);

        Dropout.Set(networks.Discriminator, 0.5, random);
        CollectionAssert.AreEqual(names, networks.Discriminator.state_dict().Keys.ToArray());
        Assert.AreEqual(0, Difference(evaluated));
        networks.Discriminator.train();
        Assert.AreNotEqual(0, Difference(trained));
        Dropout.Set(networks.Discriminator, 0.5, null);
        Assert.AreEqual(0, Difference(trained));
        Dropout.Set(networks.Discriminator, 0, random);
        Assert.AreEqual(0, Difference(trained));

        float Difference(Tensor expected) => (expected - networks.Discriminator.call(images)).abs().max().item<float>();
    }

    // A dropped feature has no gradient, and one that is kept has as much more.
    [TestMethod]
    public void Gradients_are_dropped_alike()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(1, CPU);
        Tensor features = ones([3, 4, 5, 6], requires_grad: true);

        Tensor left = Dropout.Apply(features, 0.25, random);
        left.sum().backward();

        Assert.AreEqual(0, (left - features.grad!).abs().max().item<float>());
    }

    [TestMethod]
    [DataRow(0.5, 0.0)]
    [DataRow(0.0, 0.5)]
    public void A_step_drops_in_the_network_that_it_is_told_to(double generator, double discriminator)
    {
        float[] plain = Step(0, 0, 1), dropped = Step(generator, discriminator, 1);
        CollectionAssert.AreNotEqual(plain, dropped);
        CollectionAssert.AreEqual(dropped, Step(generator, discriminator, 1));
        CollectionAssert.AreNotEqual(dropped, Step(generator, discriminator, 2));

        static float[] Step(double generator, double discriminator, ulong seed)
        {
            using var scope = NewDisposeScope();
            using GanNetworks networks = Networks();
            using var data = new torch.Generator(3, CPU);
            using var random = new torch.Generator(seed, CPU);
            Tensor images = rand([4, 3, 32, 32], generator: data), noise = randn([4, 6], generator: data);
            var settings = LoopOptions.Create(4) with { GeneratorDropout = generator, DiscriminatorDropout = discriminator };
            using (var step = new TrainingStep(networks, settings))
                step.Run(images, noise, new StepContext(0, 1, random));
            Assert.IsTrue(networks.Generator.modules().OfType<HiddenActivation>().All(activation => activation.Dropout == null));
            return networks.Discriminator.parameters().First().detach().contiguous().data<float>().ToArray();
        }
    }

    private static GanNetworks Networks()
    {
        using var random = new torch.Generator(9, CPU);
        var networks = new GanNetworks(_shape, CPU);
        networks.Initialize(random);
        return networks;
    }
}
