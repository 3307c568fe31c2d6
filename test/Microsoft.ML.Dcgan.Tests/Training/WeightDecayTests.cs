using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class WeightDecayTests
{
    private static readonly double[] _rates = [0.1, 0.05, 0.02, 0.1, 0.01];

    [TestMethod]
    public void It_is_that_of_AdamW()
    {
        double[] expected = Trained(parameters => optim.AdamW(parameters, 1, 0.5, 0.9, weight_decay: 0.3)), found = Trained(0.3);
        Assert.AreEqual(0, expected.Zip(found, (one, other) => Math.Abs(one - other)).Max(), 1e-6);
        CollectionAssert.AreNotEqual(found, Trained(0));
    }

    [TestMethod]
    public void Without_it_weights_are_those_of_Adam() => Assert.AreEqual(0, Trained(parameters => optim.Adam(parameters, 1, 0.5, 0.9))
        .Zip(Trained(0), (one, other) => Math.Abs(one - other)).Max(), 1e-6);

    // Without a gradient Adam moves nothing.
    [TestMethod]
    public void Each_step_takes_the_rate_times_the_decay_off_every_weight()
    {
        using var scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = Network();
        double[] before = Weights(network);
        using var optimizer = new NetworkOptimizer(network, LoopOptions.Create(4) with { WeightDecay = 0.25 });
        optimizer.Weights.ZeroGrad();
        foreach (double rate in _rates)
            optimizer.Step(rate);

        double factor = _rates.Aggregate(1.0, (product, rate) => product * (1 - rate * 0.25));
        double[] after = Weights(network);
        for (int i = 0; i < before.Length; i++)
            Assert.AreEqual(before[i] * factor, after[i], 1e-6 * Math.Abs(before[i]), $"weight {i}");
    }

    private static double[] Trained(double decay)
    {
        using var scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = Network();
        using var optimizer = new NetworkOptimizer(network, LoopOptions.Create(4) with { Beta1 = 0.5, Beta2 = 0.9, WeightDecay = decay });
        return Trained(network, optimizer.Weights.ZeroGrad, optimizer.Step);
    }

    private static double[] Trained(Func<IEnumerable<TorchSharp.Modules.Parameter>, optim.Optimizer> create)
    {
        using var scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = Network();
        using optim.Optimizer optimizer = create(network.parameters());
        return Trained(network, () => optimizer.zero_grad(), rate =>
        {
            foreach (optim.ILearningRateController group in optimizer.ParamGroups)
                group.LearningRate = rate;
            optimizer.step();
        });
    }

    private static double[] Trained(nn.Module<Tensor, Tensor> network, Action clear, Action<double> step)
    {
        using var random = new Generator(2, CPU);
        foreach (double rate in _rates)
        {
            Tensor input = randn([4, 3], generator: random), target = randn([4, 2], generator: random);
            clear();
            (network.call(input) - target).square().mean().backward();
            step(rate);
        }
        return Weights(network);
    }

    // With scales and biases, which decay as well, but no bias whose gradient is a rounding error: Adam takes a whole step for that.
    private static nn.Module<Tensor, Tensor> Network()
    {
        var network = nn.Sequential(nn.Linear(3, 5, hasBias: false), nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, 2));
        using var random = new Generator(1, CPU);
        using var _ = no_grad();
        foreach (TorchSharp.Modules.Parameter weight in network.parameters())
            weight.copy_(randn(weight.shape, generator: random));
        return network;
    }

    private static double[] Weights(nn.Module network) =>
        [.. network.parameters().SelectMany(weight => weight.detach().to(ScalarType.Float64).contiguous().data<double>())];
}
