using System;
using System.Diagnostics;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>This library's training step, as its training loop runs it: noise, both networks' updates, figures read once a turn.</summary>
internal sealed class OurStep : IContender
{
    private readonly BenchmarkOptions _options;
    private readonly torch.Generator _random;
    private readonly GanNetworks _networks;
    private readonly AdversarialStep _step;
    private readonly Tensor _images;
    private readonly KeptMemory _memory = new();

    public OurStep(BenchmarkOptions options)
    {
        _options = options;
        set_num_threads(options.Threads);
        _random = new torch.Generator(1, CPU);
        _networks = new GanNetworks(new NetworkShape(options.Size, options.Size, options.Channels, 100, options.Maps, options.Maps, KernelSize: 4), CPU);
        _networks.Initialize(_random);
        _networks.Generator.train();
        _networks.Discriminator.train();
        var settings = new TrainingSettings(Epochs: 1, options.Batch, LearningRate: 2e-4, Beta1: 0.5, Beta2: 0.999, Seed: 1, ProgressInterval: options.Steps);
        _step = new AdversarialStep(_networks, settings);
        _images = ChannelsLast.Of(rand(options.Batch, options.Channels, options.Size, options.Size, generator: _random).mul_(2).sub_(1));
    }

    public string Name => $"Microsoft.ML.Dcgan, TorchSharp {typeof(torch).Assembly.GetName().Version}, {get_num_threads()} threads";

    public TimeSpan Train(int steps)
    {
        using var scope = NewDisposeScope();
        var clock = Stopwatch.StartNew();
        Tensor measured = zeros(StepMeasures.Count);
        for (int i = 0; i < steps; i++)
        {
            using var _ = NewDisposeScope();
            measured.add_(_step.Run(_images, randn(_options.Batch, _networks.Shape.NoiseSize, generator: _random)));
        }
        if (!StepMeasures.Mean(measured, steps).AreFinite)
            throw new InvalidOperationException("The benchmark's training diverged.");
        return clock.Elapsed;
    }

    public void Dispose()
    {
        _images.Dispose();
        _step.Dispose();
        _networks.Dispose();
        _random.Dispose();
        _memory.Dispose();
    }
}
