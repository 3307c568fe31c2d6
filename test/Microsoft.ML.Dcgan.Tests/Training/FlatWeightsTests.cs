using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class FlatWeightsTests
{
    private static readonly NetworkShape _shape = new(20, 33, 1, 5, 4, 3, 4);

    [TestMethod]
    public void The_network_computes_what_it_computed_before()
    {
        using var scope = NewDisposeScope();
        using GanNetworks networks = Networks();
        Tensor images = rand(4, 1, 20, 33);
        long[][] strides = networks.Discriminator.parameters().Select(weight => weight.stride()).ToArray();
        Tensor before = networks.Discriminator.call(images).detach();

        using var flat = new FlatParameters(networks.Discriminator);

        Assert.AreEqual(0, (before - networks.Discriminator.call(images)).abs().max().item<float>());
        foreach ((long[] expected, Parameter weight) in strides.Zip(networks.Discriminator.parameters()))
            CollectionAssert.AreEqual(expected, weight.stride());
    }

    [TestMethod]
    public void Their_optimiser_does_what_TorchSharps_Adam_does()
    {
        using var scope = NewDisposeScope();
        using GanNetworks plain = Networks();
        using GanNetworks flattened = Networks();
        using var optimizer = new NetworkOptimizer(flattened.Discriminator, LoopOptions.Create(4) with { Beta1 = 0.5, Beta2 = 0.999 });
        using Adam plainAdam = optim.Adam(plain.Discriminator.parameters(), 0.01, 0.5, 0.999);

        for (int step = 0; step < 3; step++)
        {
            Tensor images = rand(4, 1, 20, 33);
            plainAdam.zero_grad();
            plain.Discriminator.call(images).square().mean().backward();
            plainAdam.step();

            optimizer.Weights.ZeroGrad();
            flattened.Discriminator.call(images).square().mean().backward();
            optimizer.Step(0.01);
        }

        foreach ((Parameter expected, Parameter actual) in plain.Discriminator.parameters().Zip(flattened.Discriminator.parameters()))
            Assert.AreEqual(0, (expected - actual).abs().max().item<float>(), 1e-6);
    }

    [TestMethod]
    public void They_hold_every_weight_once()
    {
        using var scope = NewDisposeScope();
        using GanNetworks networks = Networks();
        using var flat = new FlatParameters(networks.Generator);
        using var _ = no_grad();

        flat.All.add_(1);
        using GanNetworks untouched = Networks();

        foreach ((Parameter before, Parameter after) in untouched.Generator.parameters().Zip(networks.Generator.parameters()))
            Assert.AreEqual(0, (before + 1 - after).abs().max().item<float>());
    }

    [TestMethod]
    public void Afterwards_the_network_has_its_weights_and_no_gradients()
    {
        using var scope = NewDisposeScope();
        using GanNetworks networks = Networks();
        Tensor images = rand(4, 1, 20, 33);
        Tensor before = networks.Discriminator.call(images).detach();

        new FlatParameters(networks.Discriminator).Dispose();

        Assert.IsTrue(networks.Discriminator.parameters().All(weight => weight.grad is null));
        Assert.AreEqual(0, (before - networks.Discriminator.call(images)).abs().max().item<float>());
    }

    private static GanNetworks Networks()
    {
        using var random = new torch.Generator(4, CPU);
        var networks = new GanNetworks(_shape, CPU);
        networks.Initialize(random);
        return networks;
    }
}
