using Microsoft.ML.Dcgan.Networks;
using TorchSharp.Modules;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Adam (Kingma and Ba 2015) over all weights of a network, with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
internal sealed class NetworkOptimizer : IDisposable
{
    private readonly DcganEstimator.Options _options;
    private readonly Tensor _means;
    private readonly Tensor _squares;
    private readonly Tensor _steps;

    public NetworkOptimizer(nn.Module network, DcganEstimator.Options options)
    {
        _options = options;
        Weights = new FlatParameters(network);
        _means = zeros_like(Weights.All).DetachFromDisposeScope();
        _squares = zeros_like(Weights.All).DetachFromDisposeScope();
        _steps = zeros(1, ScalarType.Int64, Weights.All.device).DetachFromDisposeScope();
    }

    public FlatParameters Weights { get; }

    /// <summary>All that the next step depends on: weights, batch statistics, and Adam's moments and count.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State =>
        [.. Weights.State, ("adam.mean", _means), ("adam.square", _squares), ("adam.steps", _steps)];

    public void Step(double learningRate)
    {
        using var scope = new NoGradScope();
        FusedAdam.Step(Weights.All, Weights.Gradients, _means, _squares, _steps.add_(Number(1), Number(1)).to(ScalarType.Float32),
            learningRate, _options.Beta1, _options.Beta2, _options.WeightDecay);
    }

    public void Dispose()
    {
        Weights.Dispose();
        _means.Dispose();
        _squares.Dispose();
        _steps.Dispose();
    }
}

/// <summary>An operator of libtorch that TorchSharp has no method for, by TorchScript. (A script that does not parse ends the
/// process.)</summary>
internal static class FusedAdam
{
    private static readonly Lazy<jit.CompilationUnit> _script = new(() => jit.compile("""
        def adam(weights: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor], steps: List[Tensor],
                 rate: float, beta1: float, beta2: float, decay: float) -> int:
            torch._fused_adamw_(weights, gradients, means, squares, [], steps, lr=rate, beta1=beta1, beta2=beta2,
                                weight_decay=decay, eps=1e-8, amsgrad=False, maximize=False)
            return 0

        """));

    /// <summary>A step of AdamW in one pass over its tensors, all of one size and float32; <paramref name="step"/>, of one number, counts
    /// from 1, on their device.</summary>
    public static void Step(Tensor weights, Tensor gradients, Tensor means, Tensor squares, Tensor step,
        double rate, double beta1, double beta2, double decay)
    {
        _script.Value.invoke("adam", new[] { weights }, new[] { gradients }, new[] { means }, new[] { squares }, new[] { step },
            Number(rate), Number(beta1), Number(beta2), Number(decay));
    }
}

/// <summary>A network's weights, laid one after another into one buffer, and their gradients into another, so that what is done to all of
/// them takes a few calls. The network goes on using its weights, where they now lie.</summary>
internal sealed class FlatParameters : IDisposable
{
    // Numbers in a cache line of 64 bytes: vector instructions like tensors to start at one.
    private const long Alignment = 16;

    private readonly nn.Module _network;
    private readonly Parameter[] _owners;

    public FlatParameters(nn.Module network)
    {
        using var scope = new NoGradScope();
        _network = network;
        _owners = network.parameters().ToArray();
        Device device = _owners[0].device;
        long size = _owners.Sum(Room);
        All = zeros(size, WeightType, device: device).DetachFromDisposeScope();
        Gradients = zeros(size, WeightType, device: device).DetachFromDisposeScope();

        long offset = 0;
        foreach (Parameter weight in _owners)
        {
            long[] strides = weight.stride();
            Tensor place = All.as_strided(weight.shape, strides, offset);
            place.copy_(weight);
            weight.set_(place);
            weight.grad = Gradients.as_strided(weight.shape, strides, offset);
            offset += Room(weight);
        }
    }

    public void ZeroGrad() => Gradients.zero_();

    /// <summary>All weights in one vector, with some zeros between them. What is written to it, the network has.</summary>
    public Tensor All { get; }

    /// <summary>Their gradients, likewise.</summary>
    public Tensor Gradients { get; }

    /// <summary>The gradients from those of a weight to the last; or, <paramref name="before"/>, those that come before these.</summary>
    public Tensor GradientsFrom(Parameter weight, bool before = false)
    {
        long from = _owners.TakeWhile(owner => !ReferenceEquals(owner, weight)).Sum(Room);
        return before ? Gradients.narrow(0, 0, from) : Gradients.narrow(0, from, Gradients.numel() - from);
    }

    /// <summary>All that the network has learned: its weights and batch statistics.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State =>
        _network.named_buffers().Select(buffer => (buffer.name, buffer.buffer)).Append(("weights", All));

    /// <summary>The network keeps its weights; the gradients are gone.</summary>
    public void Dispose()
    {
        foreach (Parameter weight in _owners)
            weight.grad = null;
        Gradients.Dispose();
        All.Dispose();
    }

    private static long Room(Parameter weight) => (weight.numel() + Alignment - 1) / Alignment * Alignment;
}

/// <summary>Learning rates over a training.</summary>
internal static class LearningRateSchedule
{
    /// <summary>The options that set them, and what they are, for messages.</summary>
    public static string Describe(DcganEstimator.Options options) => options.DiscriminatorLearningRate is double discriminator
        ? FormattableString.Invariant(
            $"LearningRate, which is {options.LearningRate}, or DiscriminatorLearningRate, which is {discriminator}")
        : FormattableString.Invariant($"LearningRate, which is {options.LearningRate}");

    /// <summary>Minibatches in a training whose rates begin to fall after so many.</summary>
    public static long StepsFallingFrom(long step, DcganEstimator.Options options) =>
        options.LearningRateSchedule == DcganSchedule.Constant ? step : (long)Math.Ceiling(step / options.LearningRateDecayStart);

    /// <summary>The rate of a step; <paramref name="initial"/>: that of the first one, or null for the generator's.</summary>
    public static double At(StepContext context, DcganEstimator.Options options, double? initial = null)
    {
        double start = options.LearningRateDecayStart;
        double fall = Math.Clamp((context.Progress - start) / (1 - start), 0, 1);
        double rise = options.LearningRateWarmUp > 0
            ? Math.Min(1, (context.Step + 1) / (context.Steps!.Value * options.LearningRateWarmUp))
            : 1;
        return context.RateScale * rise * (initial ?? options.LearningRate) * options.LearningRateSchedule switch
        {
            DcganSchedule.Linear => 1 - fall,
            DcganSchedule.Cosine => (1 + Math.Cos(Math.PI * fall)) / 2,
            _ => 1,
        };
    }
}
