using System;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>A copy of all that a training had learned at one moment, in memory, to go back to.</summary>
internal sealed class TrainingSnapshot : IDisposable
{
    private readonly TrainingState _state;
    private readonly (Tensor Live, Tensor Kept)[] _tensors;
    private long _generatorSteps;
    private long _discriminatorSteps;

    public TrainingSnapshot(TrainingState state)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        _state = state;
        _tensors = state.Learned.Select(tensor => (tensor.Tensor, tensor.Tensor.detach().clone().DetachFromDisposeScope())).ToArray();
    }

    /// <summary>Minibatches trained on when it was taken.</summary>
    public long Done { get; private set; }

    /// <summary>Takes it anew.</summary>
    public void Take()
    {
        Copy(tensor => (tensor.Live, tensor.Kept));
        Done = _state.Done;
        _generatorSteps = _state.Step.GeneratorOptimizer.Steps;
        _discriminatorSteps = _state.Step.DiscriminatorOptimizer.Steps;
    }

    /// <summary>Everything learned since is forgotten; the count of minibatches goes on.</summary>
    public void Restore()
    {
        Copy(tensor => (tensor.Kept, tensor.Live));
        _state.Step.GeneratorOptimizer.Steps = _generatorSteps;
        _state.Step.DiscriminatorOptimizer.Steps = _discriminatorSteps;
    }

    public void Dispose()
    {
        foreach ((_, Tensor kept) in _tensors)
            kept.Dispose();
    }

    private void Copy(Func<(Tensor Live, Tensor Kept), (Tensor From, Tensor To)> direction)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach ((Tensor from, Tensor to) in _tensors.Select(direction))
            to.copy_(from);
    }
}
