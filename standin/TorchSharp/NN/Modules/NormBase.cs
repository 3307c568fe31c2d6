using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What normalisations have in common: scale, shift and running statistics.</summary>
public abstract class NormBase : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter _weight;

    [ComponentName(Name = nameof(bias))]
    private Parameter _bias;

    [ComponentName(Name = nameof(running_mean))]
    private Tensor _runningMean;

    [ComponentName(Name = nameof(running_var))]
    private Tensor _runningVar;

    [ComponentName(Name = nameof(num_batches_tracked))]
    private Tensor _batchesTracked;

    public NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device device, ScalarType? dtype, string name) : base(name)
    {
        this.num_features = num_features;
        this.eps = eps;
        this.momentum = momentum;
        this.affine = affine;
        this.track_running_stats = track_running_stats;

        if (affine)
        {
            weight = nn.Parameter(empty(num_features, dtype, device));
            bias = nn.Parameter(empty(num_features, dtype, device));
        }
        if (track_running_stats)
        {
            running_mean = zeros(num_features, dtype, device);
            running_var = ones(num_features, dtype, device);
            num_batches_tracked = tensor(0L, dtype, device);
        }
        reset_parameters();
    }

    public Parameter weight
    {
        get => _weight;
        set => ConditionallyRegisterParameter(nameof(weight), Replace(ref _weight, value));
    }

    public Parameter bias
    {
        get => _bias;
        set => ConditionallyRegisterParameter(nameof(bias), Replace(ref _bias, value));
    }

    public Tensor running_mean
    {
        get => _runningMean;
        set => ConditionallyRegisterBuffer(nameof(running_mean), Replace(ref _runningMean, value));
    }

    public Tensor running_var
    {
        get => _runningVar;
        set => ConditionallyRegisterBuffer(nameof(running_var), Replace(ref _runningVar, value));
    }

    public Tensor num_batches_tracked
    {
        get => _batchesTracked;
        set => ConditionallyRegisterBuffer(nameof(num_batches_tracked), Replace(ref _batchesTracked, value));
    }

    public long num_features { get; private set; }

    public double eps { get; set; }

    public double? momentum { get; set; }

    public bool affine { get; private set; }

    public bool track_running_stats { get; private set; }

    public void reset_parameters()
    {
        reset_running_stats();
        if (affine)
        {
            nn.init.ones_(_weight);
            nn.init.zeros_(_bias);
        }
    }

    public void reset_running_stats()
    {
        if (!track_running_stats)
            return;
        nn.init.zeros_(_runningMean);
        nn.init.ones_(_runningVar);
        nn.init.zeros_(_batchesTracked);
    }

    protected abstract void ValidateInputDimensions(Tensor input);

    private static T Replace<T>(ref T held, T value) where T : Tensor
    {
        if (!ReferenceEquals(held, value))
            held?.Dispose();
        return held = (T)value?.DetachFromDisposeScope();
    }
}
