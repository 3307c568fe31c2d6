using System.Diagnostics;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Speed;

/// <summary>
/// The library's networks in the shortest loop that TorchSharp allows: one minibatch again and again, nothing measured,
/// nothing read back. What the library takes longer is its overhead.
/// </summary>
internal sealed class RawLoop : IContender
{
    private readonly BenchmarkOptions _options;
    private readonly MallocTuning _memory = new();
    private readonly GanNetworks _networks;
    private readonly Adam _generatorAdam;
    private readonly Adam _discriminatorAdam;
    private readonly Tensor _images;

    public RawLoop(BenchmarkOptions options)
    {
        _options = options;
        using var random = new torch.Generator(1, CPU);
        _networks = options.MakeNetworks(random);
        _generatorAdam = optim.Adam(_networks.Generator.parameters(), 2e-4, 0.5, 0.999);
        _discriminatorAdam = optim.Adam(_networks.Discriminator.parameters(), 2e-4, 0.5, 0.999);
        using Tensor images = rand(options.Batch, options.Channels, options.Size, options.Size, generator: random);
        using Tensor moved = images.to(options.Device);
        _images = ChannelsLast.Of(moved);
    }

    public string Name => "raw TorchSharp loop";

    public string Details => "the same networks and settings";

    public TimeSpan Train(int steps)
    {
        _networks.Generator.train();
        _networks.Discriminator.train();
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < steps; i++)
        {
            using var scope = NewDisposeScope();
            Require(true);
            Forget(_networks.Discriminator);
            nn.functional.softplus(-_networks.Discriminator.call(_images)).mean().backward();
            Tensor generated = _networks.Generator.call(randn(_options.Batch, BenchmarkOptions.NoiseSize, device: _options.Device));
            nn.functional.softplus(_networks.Discriminator.call(generated.detach())).mean().backward();
            _discriminatorAdam.step();

            Require(false);
            Forget(_networks.Generator);
            nn.functional.softplus(-_networks.Discriminator.call(generated)).mean().backward();
            _generatorAdam.step();
        }
        Await(_networks.Generator);
        return clock.Elapsed;
    }

    public TimeSpan Generate(int batch, int batches)
    {
        _networks.Generator.eval();
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < batches; i++)
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            _networks.Generator.call(randn(batch, BenchmarkOptions.NoiseSize, device: _options.Device)).cpu();
        }
        return clock.Elapsed;
    }

    public void Dispose()
    {
        _images.Dispose();
        _generatorAdam.Dispose();
        _discriminatorAdam.Dispose();
        _networks.Dispose();
        _memory.Dispose();
    }

    private void Require(bool gradients)
    {
        foreach (Parameter weight in _networks.Discriminator.parameters())
            weight.requires_grad = gradients;
    }

    /// <summary>Reading a weight waits for all that was asked of the device.</summary>
    public static void Await(nn.Module network)
    {
        using var scope = NewDisposeScope();
        network.parameters().First().detach().cpu();
    }

    private static void Forget(nn.Module network)
    {
        foreach (Parameter weight in network.parameters())
            weight.grad = null;
    }
}
