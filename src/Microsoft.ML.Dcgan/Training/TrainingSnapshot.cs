using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>A copy of all that a training had learned at one moment, in memory, to go back to.</summary>
internal sealed class TrainingSnapshot : IDisposable
{
    private readonly TrainingState _state;
    private readonly KeptTensors _tensors;

    public TrainingSnapshot(TrainingState state)
    {
        _state = state;
        _tensors = new KeptTensors(state.Learned);
    }

    /// <summary>When it was taken.</summary>
    public SnapshotFacts Facts { get; set; } = new(0, 0, 0);

    public IEnumerable<(string Name, Tensor Tensor)> State => _tensors.State;

    /// <summary>Takes it anew.</summary>
    public void Take()
    {
        _tensors.Keep();
        Facts = new(_state.Done, _state.Step.GeneratorOptimizer.Steps, _state.Step.DiscriminatorOptimizer.Steps);
    }

    /// <summary>Everything learned since is forgotten; the count of minibatches goes on.</summary>
    public void Restore()
    {
        _tensors.Restore();
        _state.Step.GeneratorOptimizer.Steps = Facts.GeneratorSteps;
        _state.Step.DiscriminatorOptimizer.Steps = Facts.DiscriminatorSteps;
    }

    public void Dispose() => _tensors.Dispose();
}

/// <summary>When a snapshot was taken.</summary>
/// <param name="Done">Minibatches trained on by then; 0: before the first.</param>
/// <param name="GeneratorSteps">Steps of the generator's optimiser by then.</param>
/// <param name="DiscriminatorSteps">Steps of the discriminator's.</param>
internal sealed record SnapshotFacts(long Done, long GeneratorSteps, long DiscriminatorSteps);
