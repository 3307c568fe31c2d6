using System;
using System.Diagnostics;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Persistence;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>
/// This library as its training loop runs it: shuffled minibatches from bytes, noise, both networks' updates, figures read
/// once a turn; and generation as its users call it, noise to finished pictures.
/// </summary>
internal sealed class Library : IContender
{
    private const int Minibatches = 4;
    private readonly BenchmarkOptions _options;
    private readonly torch.Generator _random = new(1, CPU);
    private readonly KeptMemory _memory = new();
    private readonly GanNetworks _networks;
    private readonly TrainingImages _images;
    private readonly ShuffledOrder _order;
    private readonly AdversarialStep _step;
    private readonly DcganTransformer _transformer;

    public Library(BenchmarkOptions options)
    {
        _options = options;
        set_num_threads(options.Threads);
        ScalarType precision = PrecisionChoice.Choose(options.Precision, CPU);
        var shape = new NetworkShape(options.Size, options.Size, options.Channels, BenchmarkOptions.NoiseSize, options.Maps, options.Maps, KernelSize: 4);
        _networks = new GanNetworks(shape, CPU, precision);
        _networks.Initialize(_random);
        var settings = new TrainingSettings(Epochs: 1, options.Batch, LearningRate: 2e-4, Beta1: 0.5, Beta2: 0.999, Seed: 1, ProgressInterval: options.Steps);
        _step = new AdversarialStep(_networks, settings);
        using (Tensor pixels = randint(0, 256, [Minibatches * options.Batch, options.Channels, options.Size, options.Size], ScalarType.Byte, generator: _random))
            _images = new TrainingImages(pixels, CPU);
        _order = new ShuffledOrder(_images.Count, _random, CPU);
        _transformer = new DcganTransformer(_networks, new ModelDescription
        {
            Network = shape,
            Generation = new GenerationDescription("Generated", "Noise", Seed: 0, BatchSize: 64),
            Options = settings,
            Summary = null!,
        });
        Details = $"TorchSharp {typeof(torch).Assembly.GetName().Version}, {get_num_threads()} threads, {PrecisionChoice.Name(precision)}";
    }

    public string Name => "Microsoft.ML.Dcgan";

    public string Details { get; }

    public TimeSpan Train(int steps)
    {
        using var scope = NewDisposeScope();
        _networks.Generator.train();
        _networks.Discriminator.train();
        var clock = Stopwatch.StartNew();
        Tensor measured = zeros(StepMeasures.Count);
        for (int i = 0; i < steps; i++)
        {
            using var _ = NewDisposeScope();
            Tensor real = _images.Minibatch(_order.Next(_options.Batch));
            measured.add_(_step.Run(real, randn(_options.Batch, BenchmarkOptions.NoiseSize, generator: _random)));
        }
        if (!StepMeasures.Mean(measured, steps).AreFinite)
            throw new InvalidOperationException("The benchmark's training diverged.");
        return clock.Elapsed;
    }

    public TimeSpan Generate(int batch, int batches)
    {
        _networks.Generator.eval();
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < batches; i++)
        {
            foreach (MLImage image in _transformer.Generate(batch, seed: i))
                image.Dispose();
        }
        return clock.Elapsed;
    }

    public void Dispose()
    {
        _order.Dispose();
        _images.Dispose();
        _step.Dispose();
        _transformer.Dispose();
        _random.Dispose();
        _memory.Dispose();
    }
}
