using System.Diagnostics;
using System.Numerics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.Dcgan.Benchmarks.Speed;

/// <summary>
/// PyTorch's official DCGAN example on the libtorch that this library runs on: TorchSharp's own modules, loss and Adam, in
/// float32, layer by layer and figure by figure as its authors wrote it.
/// </summary>
internal sealed class ExampleLoop : IContender
{
    /// <summary>The example's own.</summary>
    public const double OwnLearningRate = 2e-4;

    /// <summary>Its own, too.</summary>
    public const int OwnBatch = 64;

    private readonly BenchmarkOptions _options;
    private readonly Module<Tensor, Tensor> _generator, _discriminator;
    private readonly Module<Tensor, Tensor, Tensor> _loss = BCELoss();
    private readonly Adam _generatorAdam, _discriminatorAdam;
    private readonly Tensor _images;

    /// <param name="options">Size and number of images, and of feature maps.</param>
    /// <param name="learningRate">Adam's.</param>
    public ExampleLoop(BenchmarkOptions options, double learningRate = OwnLearningRate)
    {
        _options = options;
        if (options.Size < 8 || !BitOperations.IsPow2(options.Size))
            throw new FormatException($"--size takes a power of two from 8 up, as the example does, not {options.Size}");
        // Its 64x64 have four: 4, 8, 16 and 32 pixels, and last the image.
        int levels = BitOperations.Log2((uint)options.Size) - 2;
        _generator = Generator(levels, options.Maps, options.Channels).to(options.Device);
        _discriminator = Discriminator(levels, options.Maps, options.Channels).to(options.Device);
        _generatorAdam = optim.Adam(_generator.parameters(), learningRate, 0.5, 0.999);
        _discriminatorAdam = optim.Adam(_discriminator.parameters(), learningRate, 0.5, 0.999);
        _images = rand(options.Batch, options.Channels, options.Size, options.Size, device: options.Device) * 2 - 1;
    }

    /// <summary>One for pictures, bytes [n, channels, height, width], from a seed.</summary>
    public static ExampleLoop For(Tensor pictures, BenchmarkOptions options, int seed, double learningRate = OwnLearningRate)
    {
        manual_seed(seed);
        return new(options with { Size = (int)pictures.shape[2], Channels = (int)pictures.shape[1] }, learningRate);
    }

    public string Name => "PyTorch's example";

    public string Details => "on the same libtorch, float32";

    public TimeSpan Train(int steps)
    {
        _generator.train();
        _discriminator.train();
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < steps; i++)
            Step(_images);
        RawLoop.Await(_generator);
        return clock.Elapsed;
    }

    public TimeSpan Generate(int batch, int batches)
    {
        _generator.eval();
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < batches; i++)
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            _generator.call(Noise(batch)).cpu();
        }
        return clock.Elapsed;
    }

    public void Dispose()
    {
        _images.Dispose();
        _generatorAdam.Dispose();
        _discriminatorAdam.Dispose();
        _loss.Dispose();
        _generator.Dispose();
        _discriminator.Dispose();
    }

    /// <summary>As many images as are asked for, as bytes. The example shows them in training mode, a minibatch at a time.</summary>
    public byte[] Samples(int count)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return [.. Enumerable.Range(0, count).Chunk(_options.Batch).SelectMany(chunk =>
            ((_generator.call(Noise(chunk.Length)) + 1) * 127.5).round().to(ScalarType.Byte).cpu().bytes.ToArray())];
    }

    /// <summary>Trains on pictures, bytes [n, channels, height, width], as often as is asked for. As in the example, the last minibatch
    /// of an epoch may be smaller.</summary>
    public void TrainOn(Tensor pictures, int epochs)
    {
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            using var epochScope = NewDisposeScope();
            foreach (Tensor indices in randperm(pictures.shape[0]).split(_options.Batch))
            {
                using var stepScope = NewDisposeScope();
                Step(pictures.index_select(0, indices).to(_options.Device).to(float32) / 127.5 - 1);
            }
        }
    }

    /// <summary>A minibatch of images in [-1, 1].</summary>
    public void Step(Tensor images)
    {
        using var scope = NewDisposeScope();
        _discriminator.zero_grad();
        Tensor label = full([images.shape[0]], 1f, device: _options.Device);
        Update(images, label);
        Tensor generated = _generator.call(Noise((int)images.shape[0]));
        label.fill_(0f);
        Update(generated.detach(), label);
        _discriminatorAdam.step();

        _generator.zero_grad();
        label.fill_(1f);
        Update(generated, label);
        _generatorAdam.step();
    }

    // The example reads each mean for its log.
    private void Update(Tensor images, Tensor label)
    {
        Tensor output = _discriminator.call(images).view(-1);
        _loss.call(output, label).backward();
        output.mean().item<float>();
    }

    private Tensor Noise(int count) => randn(count, BenchmarkOptions.NoiseSize, 1, 1, device: _options.Device);

    private static Sequential Generator(int levels, int maps, int channels)
    {
        Sequential layers = Sequential();
        long input = BenchmarkOptions.NoiseSize;
        for (int level = levels - 1; level >= 0; level--)
        {
            long output = (long)maps << level;
            layers.append(level == levels - 1 ? ConvTranspose2d(input, output, 4, 1, 0, bias: false)
                : ConvTranspose2d(input, output, 4, 2, 1, bias: false));
            layers.append(BatchNorm2d(output)).append(ReLU(true));
            input = output;
        }
        return layers.append(ConvTranspose2d(input, channels, 4, 2, 1, bias: false)).append(Tanh());
    }

    private static Sequential Discriminator(int levels, int maps, int channels)
    {
        Sequential layers = Sequential(Conv2d(channels, maps, 4, 2, 1, bias: false), LeakyReLU(0.2, true));
        long input = maps;
        for (int level = 1; level < levels; level++)
        {
            long output = (long)maps << level;
            layers.append(Conv2d(input, output, 4, 2, 1, bias: false)).append(BatchNorm2d(output)).append(LeakyReLU(0.2, true));
            input = output;
        }
        return layers.append(Conv2d(input, 1, 4, 1, 0, bias: false)).append(Sigmoid());
    }
}
