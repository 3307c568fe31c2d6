using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>A copy of all that a training had learned at one moment, in memory, to go back to.</summary>
internal sealed class TrainingSnapshot : IDisposable
{
    private readonly TrainingState _state;
    private readonly (string Name, Tensor Live, Tensor Kept)[] _tensors;

    public TrainingSnapshot(TrainingState state)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        _state = state;
        _tensors = state.Learned.Select(tensor => (tensor.Name, tensor.Tensor, tensor.Tensor.detach().clone().DetachFromDisposeScope())).ToArray();
    }

    /// <summary>When it was taken.</summary>
    public SnapshotFacts Facts { get; set; } = new(0, 0, 0);

    public IEnumerable<(string Name, Tensor Tensor)> State => _tensors.Select(tensor => (tensor.Name, tensor.Kept));

    /// <summary>Takes it anew.</summary>
    public void Take()
    {
        Copy(tensor => (tensor.Live, tensor.Kept));
        Facts = new(_state.Done, _state.Step.GeneratorOptimizer.Steps, _state.Step.DiscriminatorOptimizer.Steps);
    }

    /// <summary>Everything learned since is forgotten; the count of minibatches goes on.</summary>
    public void Restore()
    {
        Copy(tensor => (tensor.Kept, tensor.Live));
        _state.Step.GeneratorOptimizer.Steps = Facts.GeneratorSteps;
        _state.Step.DiscriminatorOptimizer.Steps = Facts.DiscriminatorSteps;
    }

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

/// <summary>When a snapshot was taken.</summary>
/// <param name="Done">Minibatches trained on by then; 0: before the first.</param>
/// <param name="GeneratorSteps">Steps of the generator's optimiser by then.</param>
/// <param name="DiscriminatorSteps">Steps of the discriminator's.</param>
internal sealed record SnapshotFacts(long Done, long GeneratorSteps, long DiscriminatorSteps);
