using TorchSharp.Modules;
using TorchSharp.Utils;

namespace Microsoft.ML.Dcgan.Networks;

/// <summary>Batch normalisation of feature maps (Ioffe and Szegedy 2015), with PyTorch's names and numbers. Statistics are float32,
/// whatever the features are.</summary>
internal sealed class BatchNormalization : nn.Module<Tensor, Tensor>
{
    /// <summary>What is added to a variance.</summary>
    public const double Epsilon = 1e-5;

    /// <summary>How far running statistics move with each minibatch.</summary>
    public const double UsualMomentum = 0.1;

    // Moving a module to a device replaces them.
    [ComponentName(Name = "weight")]
    private Parameter _weight;

    [ComponentName(Name = "bias")]
    private Parameter _bias;

    [ComponentName(Name = "running_mean")]
    private Tensor _mean;

    [ComponentName(Name = "running_var")]
    private Tensor _variance;

    [ComponentName(Name = Layers.BatchCount)]
    private Tensor _count;

    public BatchNormalization(long maps) : base(nameof(BatchNormalization))
    {
        (_weight, _bias) = (nn.Parameter(ones(maps, WeightType)), nn.Parameter(zeros(maps, WeightType)));
        (_mean, _variance, _count) = (zeros(maps, WeightType), ones(maps, WeightType), zeros([], ScalarType.Int64));
        RegisterComponents();
    }

    public Parameter Weight => _weight;

    public Parameter Bias => _bias;

    public Tensor RunningMean => _mean;

    public Tensor RunningVariance => _variance;

    public double Momentum { get; set; } = UsualMomentum;

    /// <summary>With whom it shares its statistics in training; null: they are of the minibatch at hand.</summary>
    public Synchronization? Synchronization { get; set; }

    /// <summary>No minibatch has been seen so far.</summary>
    public void Restart()
    {
        using var _ = no_grad();
        _count.zero_();
    }

    public override Tensor forward(Tensor input)
    {
        if (training)
        {
            using var _ = no_grad();
            _count.add_(Number(1), Number(1));
        }
        return training && Synchronization is { } synchronization
            ? Synchronized(input, synchronization)
            : nn.functional.batch_norm(input, _mean, _variance, _weight, _bias, training, Momentum, Epsilon);
    }

    private Tensor Synchronized(Tensor input, Synchronization synchronization)
    {
        using var scope = NewDisposeScope();
        Tensor moments = SynchronizedNormalization.Moments(input.detach(), synchronization);
        using (no_grad())
        {
            double count = input.numel() / input.shape[1] / synchronization.Share;
            _mean.lerp_(moments[0], Momentum);
            _variance.lerp_(moments[1] * Number(count / (count - 1)), Momentum);
        }
        return SynchronizedNormalization.Of(input, _weight, _bias, moments, synchronization).MoveToOuterDisposeScope();
    }
}
