using System.Diagnostics;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Storage;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Speed;

/// <summary>
/// This library as its training loop runs it: shuffled minibatches from bytes, noise, both networks' updates, figures read
/// once a turn; and generation as its users call it, noise to finished pictures.
/// </summary>
internal sealed class Library : IContender
{
    private const int MinibatchesHeld = 4;
    private readonly BenchmarkOptions _options;
    private readonly torch.Generator _random = new(1, CPU);
    private readonly MallocTuning _memory = new();
    private readonly GanNetworks _networks;
    private readonly Dataset _images;
    private readonly DataLoader _minibatches;
    private readonly TrainingStep _step;
    private readonly DcganTransformer _transformer;

    /// <param name="options">What is measured.</param>
    /// <param name="images">What to train on, to be disposed here; null for a few.</param>
    public Library(BenchmarkOptions options, Dataset? images = null)
    {
        _options = options;
        set_num_threads(options.Threads);
        _networks = options.MakeNetworks(_random);
        // The example's loss and no more, so that the same work is compared.
        DcganEstimator.Options settings = DcganEstimator.Options.Paper() with
        {
            Epochs = 1,
            BatchSize = options.Batch,
            Seed = 1,
            ProgressInterval = options.Steps,
            HealthInterval = 0
        };
        _step = new TrainingStep(_networks, settings);
        _images = images ?? SyntheticSet.Read(options, MinibatchesHeld * options.Batch, cacheFolder: null);
        _minibatches = new DataLoader(_images, options.Batch, seed: 2, options.Device);
        _transformer = new DcganTransformer(_networks, new ModelDescription
        {
            Kind = DcganModelKind.Generator,
            Network = _networks.Shape,
            OutputColumnName = "Generated",
            InputColumnName = "Noise",
            BatchSize = 64,
            Options = settings,
            Summary = null!,
        });
        Details = $"TorchSharp {typeof(torch).Assembly.GetName().Version}, {get_num_threads()} threads, {options.Device}, {PrecisionChoice.Name(_networks.Precision)}";
    }

    public string Name => _images.IsResident ? "Microsoft.ML.Dcgan" : $"{_images.Count} images in a file";

    public string Details { get; }

    public TimeSpan Train(int steps)
    {
        using var scope = NewDisposeScope();
        _networks.Generator.train();
        _networks.Discriminator.train();
        var clock = Stopwatch.StartNew();
        Tensor measured = zeros(StepStatistics.Count, device: _options.Device);
        for (int i = 0; i < steps; i++)
        {
            using var _ = NewDisposeScope();
            Tensor real = _minibatches.Next().Images;
            measured.add_(_step.Run(real, randn(_options.Batch, BenchmarkOptions.NoiseSize, generator: _random).to(_options.Device),
                new StepContext(i, steps, _random)));
        }
        if (!StepStatistics.Mean(measured).AreFinite)
            throw new InvalidOperationException("The benchmark's training diverged.");
        return clock.Elapsed;
    }

    public TimeSpan Generate(int batch, int batches)
    {
        _networks.Generator.eval();
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < batches; i++)
            _transformer.Generate(batch, seed: i);
        return clock.Elapsed;
    }

    public void Dispose()
    {
        _minibatches.Dispose();
        _images.Dispose();
        _step.Dispose();
        _transformer.Dispose();
        _random.Dispose();
        _memory.Dispose();
    }
}
