using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Copies of tensors that go on changing, to give them back what they held.</summary>
internal sealed class TensorSnapshot : IDisposable
{
    private readonly (string Name, Tensor Live, Tensor Kept)[] _tensors;

    /// <summary>Keeps what they hold now.</summary>
    public TensorSnapshot(IEnumerable<(string Name, Tensor Tensor)> live)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        _tensors = live.Select(tensor => (tensor.Name, tensor.Tensor, tensor.Tensor.detach().clone().DetachFromDisposeScope())).ToArray();
    }

    /// <summary>What is kept.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State => _tensors.Select(tensor => (tensor.Name, tensor.Kept));

    /// <summary>Keeps what they hold now, instead.</summary>
    public void Keep() => Copy(tensor => (tensor.Live, tensor.Kept));

    /// <summary>Gives them what was kept.</summary>
    public void Restore() => Copy(tensor => (tensor.Kept, tensor.Live));

    public void Dispose()
    {
        foreach ((_, _, Tensor kept) in _tensors)
            kept.Dispose();
    }

    private void Copy(Func<(string Name, Tensor Live, Tensor Kept), (Tensor From, Tensor To)> direction)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach ((Tensor from, Tensor to) in _tensors.Select(direction))
            to.copy_(from);
    }
}

/// <summary>A copy of all that a training had learned at one moment, in memory, to go back to.</summary>
internal sealed class StateSnapshot : IDisposable
{
    private readonly TrainingState _state;
    private readonly TensorSnapshot _tensors;

    public StateSnapshot(TrainingState state)
    {
        _state = state;
        _tensors = new TensorSnapshot(state.Learned);
    }

    public IEnumerable<(string Name, Tensor Tensor)> State => _tensors.State;

    /// <summary>Takes it anew.</summary>
    public void Take()
    {
        _tensors.Keep();
        _state.LastHealthy = _state.Now;
    }

    /// <summary>Everything learned since is forgotten; the count of minibatches goes on.</summary>
    public void Restore()
    {
        _tensors.Restore();
        _state.Now = _state.LastHealthy;
    }

    public void Dispose() => _tensors.Dispose();
}

/// <summary>
/// Evaluates a generator at intervals while it trains, keeps a copy of the best one, and says when it has long not become
/// better. GANs do not improve steadily, nor do their losses say how good their images are.
/// </summary>
internal sealed class BestSnapshot : IDisposable
{
    private readonly GanNetworks _networks;
    private readonly GeneratorEvaluation _evaluation;
    private readonly DcganEstimator.Options _settings;
    private readonly TensorSnapshot _tensors;
    private readonly TrainingState _state;

    public BestSnapshot(TrainingState state, GanNetworks networks, GeneratorEvaluation evaluation, DcganEstimator.Options settings)
    {
        using var scope = NewDisposeScope();
        _state = state;
        _networks = networks;
        _evaluation = evaluation;
        _settings = settings;
        _tensors = new TensorSnapshot(networks.Generator.state_dict().Select(entry => (entry.Key, entry.Value)));
    }

    /// <summary>The distance of the best one; null before the first evaluation.</summary>
    public double? Distance => _state.BestSoFar.Distance;

    /// <summary>The step after which it was the best.</summary>
    public long? Step => _state.BestSoFar.Step;

    /// <summary>Whether as many evaluations as the user's patience allows brought nothing better.</summary>
    public bool HasStalled => _settings.EvaluationPatience > 0 && _state.BestSoFar.EvaluationsSince >= _settings.EvaluationPatience;

    /// <summary>The best one's weights and statistics.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State => _tensors.State;

    /// <param name="images">How many have been trained on.</param>
    public bool IsDue(long images) => images - _state.BestSoFar.EvaluatedAt >= _settings.EvaluationInterval;

    /// <summary>Measures the generator as it is now, and keeps it if it is the best.</summary>
    public double Evaluate(long step, long images)
    {
        _networks.Generator.eval();
        double distance = _evaluation(_networks);
        _networks.Generator.train();

        _state.BestSoFar = _state.BestSoFar with { EvaluatedAt = images, EvaluationsSince = _state.BestSoFar.EvaluationsSince + 1 };
        if (Distance is not double best || distance < best)
        {
            _tensors.Keep();
            _state.BestSoFar = new(distance, step, images, 0);
        }
        return distance;
    }

    /// <summary>Gives the generator the weights of the best one, if any was evaluated.</summary>
    public void Restore()
    {
        if (Distance != null)
            _tensors.Restore();
    }

    public void Dispose() => _tensors.Dispose();
}

/// <summary>How evaluations stand.</summary>
/// <param name="Distance">The best generator's.</param>
/// <param name="Step">After which it was the best.</param>
/// <param name="EvaluatedAt">How many images had been trained on at the last evaluation.</param>
/// <param name="EvaluationsSince">How many evaluations after the best one.</param>
internal sealed record BestState(double? Distance, long? Step, long EvaluatedAt, int EvaluationsSince);
