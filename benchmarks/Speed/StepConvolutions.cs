using System.Diagnostics;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Speed;

/// <summary>
/// The convolutions of a training step, forward and backward, in its order, with nothing between them: what no step can be
/// faster than that leaves them to libtorch.
/// </summary>
internal sealed class StepConvolutions : IContender
{
    private readonly MallocTuning _memory = new();
    private readonly GanNetworks _networks;
    private readonly Layer[] _generator;
    private readonly Layer[] _discriminator;
    private readonly Pass[] _passes;

    public StepConvolutions(BenchmarkOptions options)
    {
        using var random = new torch.Generator(1, CPU);
        _networks = options.MakeNetworks(random);
        _generator = Layers(_networks.Generator, [options.Batch, BenchmarkOptions.NoiseSize, 1, 1]);
        _discriminator = Layers(_networks.Discriminator, [options.Batch, options.Channels, options.Size, options.Size]);
        _passes =
        [
            // 1. The discriminator learns from real images, and from generated ones.
            .. Forward(_discriminator), .. Backward(_discriminator, toFirst: false, toWeights: true),
            .. Forward(_generator),
            .. Forward(_discriminator), .. Backward(_discriminator, toFirst: false, toWeights: true),

            // 2. The generator learns through it.
            .. Forward(_discriminator), .. Backward(_discriminator, toFirst: true, toWeights: false),
            .. Backward(_generator, toFirst: false, toWeights: true),
        ];
        Operations = _passes.Sum(pass => pass.Operations);
        Details = FormattableString.Invariant($"{Operations / options.Batch / 1e9:0.00} billion operations an image");
    }

    public string Name => "its convolutions alone";

    public string Details { get; }

    /// <summary>Multiplications and additions of a step, with those at padded borders.</summary>
    public double Operations { get; }

    public TimeSpan Train(int steps)
    {
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < steps; i++)
        {
            foreach (Pass pass in _passes)
                pass.Run();
        }
        RawLoop.Await(_networks.Generator);
        return clock.Elapsed;
    }

    public TimeSpan Generate(int batch, int batches) => throw new NotSupportedException("It generates nothing.");

    public void Dispose()
    {
        foreach (Layer layer in _generator.Concat(_discriminator))
            layer.Dispose();
        _networks.Dispose();
        _memory.Dispose();
    }

    private static IEnumerable<Pass> Forward(Layer[] layers) => layers.Select(layer => new Pass(layer, []));

    private static IEnumerable<Pass> Backward(Layer[] layers, bool toFirst, bool toWeights) =>
        layers.Select((layer, i) => new Pass(layer, layer.Gradients(toInput: toFirst || i > 0, toWeights))).Reverse();

    // What is between them changes no shapes.
    private static Layer[] Layers(nn.Module network, long[] input)
    {
        var layers = new List<Layer>();
        foreach (Convolution convolution in network.modules().OfType<Convolution>())
        {
            layers.Add(new Layer(convolution, input));
            input = layers[^1].OutputShape;
        }
        return [.. layers];
    }

    /// <param name="Layer">What it goes through.</param>
    /// <param name="Gradients">What it computes the gradients of, backward; of nothing forward.</param>
    private sealed record Pass(Layer Layer, IList<Tensor> Gradients)
    {
        public double Operations => Layer.Operations * Math.Max(1, Gradients.Count);

        public void Run()
        {
            using var scope = NewDisposeScope();
            if (Gradients.Count == 0)
                Layer.Forward();
            else
                Layer.Backward(Gradients);
        }
    }

    private sealed class Layer : IDisposable
    {
        private readonly Convolution _convolution;
        private readonly Tensor _input;
        private readonly Tensor _output;
        private readonly Tensor _gradient;

        public Layer(Convolution convolution, long[] inputShape)
        {
            using var scope = NewDisposeScope();
            _convolution = convolution;
            _input = ChannelsLast.Of(randn(inputShape, device: convolution.Weight.device)).to(convolution.Precision).requires_grad_(true).DetachFromDisposeScope();
            _output = convolution.call(_input).DetachFromDisposeScope();
            _gradient = ChannelsLast.Of(randn(_output.shape, device: convolution.Weight.device)).to(convolution.Precision).DetachFromDisposeScope();

            // Each weight meets each place of the smaller side.
            long places = Math.Min(inputShape[2] * inputShape[3], OutputShape[2] * OutputShape[3]);
            Operations = 2.0 * convolution.Weight.numel() * places * inputShape[0];
        }

        public long[] OutputShape => _output.shape;

        /// <summary>Of a pass forward, to the gradient of its input, or to that of its weights.</summary>
        public double Operations { get; }

        public IList<Tensor> Gradients(bool toInput, bool toWeight) => (toInput, toWeight) switch
        {
            (true, true) => [_input, _convolution.Weight],
            (true, false) => [_input],
            (false, true) => [_convolution.Weight],
            _ => [],
        };

        public void Forward()
        {
            using var _ = no_grad();
            _convolution.call(_input);
        }

        public void Backward(IList<Tensor> wanted)
        {
            foreach (Tensor tensor in wanted)
                tensor.grad = null;
            _output.backward([_gradient], retain_graph: true, inputs: wanted);
        }

        public void Dispose()
        {
            _input.Dispose();
            _output.Dispose();
            _gradient.Dispose();
        }
    }
}
