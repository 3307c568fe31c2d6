using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Adam (Kingma and Ba 2015) over all weights of a network.</summary>
internal sealed class NetworkOptimizer : IDisposable
{
    private readonly nn.Module _network;
    private readonly Adam _adam;
    private readonly Adam.State[] _moments;
    private readonly Tensor _means;
    private readonly Tensor _squares;

    public NetworkOptimizer(nn.Module network, TrainingSettings settings)
    {
        using var scope = NewDisposeScope();
        _network = network;
        Weights = new FlatWeights(network);
        _adam = optim.Adam(Weights.Pieces, settings.LearningRate, settings.Beta1, settings.Beta2);
        _moments = _adam.state_dict().State.Cast<Adam.State>().ToArray();

        // Adam's moments lie in one buffer each, too, so that they are the same whatever pieces the weights are in.
        _means = zeros_like(Weights.All).DetachFromDisposeScope();
        _squares = zeros_like(Weights.All).DetachFromDisposeScope();
        long offset = 0;
        foreach (Adam.State piece in _moments)
        {
            long length = piece.exp_avg.numel();
            piece.Dispose();
            piece.exp_avg = _means.narrow(0, offset, length).DetachFromDisposeScope();
            piece.exp_avg_sq = _squares.narrow(0, offset, length).DetachFromDisposeScope();
            offset += length;
        }
    }

    public FlatWeights Weights { get; }

    /// <summary>How many steps Adam has taken.</summary>
    public long Steps
    {
        get => _moments[0].step;
        set
        {
            foreach (Adam.State piece in _moments)
                piece.step = value;
        }
    }

    /// <summary>All that the next step depends on but <see cref="Steps"/>: weights, batch statistics, and Adam's moments.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State =>
        _network.named_buffers().Select(buffer => (buffer.name, buffer.buffer))
            .Concat([("weights", Weights.All), ("adam.mean", _means), ("adam.square", _squares)]);

    /// <summary>Sets all gradients to 0.</summary>
    public void ForgetGradients() => Weights.ForgetGradients();

    /// <summary>Moves the weights by their gradients.</summary>
    public void Step(double learningRate)
    {
        foreach (optim.ILearningRateController group in _adam.ParamGroups)
            group.LearningRate = learningRate;
        _adam.step();
    }

    public void Dispose()
    {
        _adam.Dispose();
        Weights.Dispose();
        _means.Dispose();
        _squares.Dispose();
    }
}
