using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>What an evaluation keeps of one view's features: their moments, or all of them, or both.</summary>
internal sealed class FeatureSet : IDisposable
{
    private readonly string _role;
    private readonly long _capacity;

    public FeatureSet(string role, long capacity, int featureSize, bool keepsMoments, bool keepsAll, Device device)
    {
        _role = role;
        _capacity = capacity;
        Moments = keepsMoments ? new FeatureMoments(featureSize, device) : null;
        All = keepsAll ? empty([capacity, featureSize], ScalarType.Float32, CPU).DetachFromDisposeScope() : null;
    }

    public long Count { get; private set; }

    public FeatureMoments? Moments { get; }

    /// <summary>[count, size] once all rows were added.</summary>
    public Tensor? All { get; }

    public void Add(Tensor block)
    {
        long rows = block.shape[0];
        if (Count + rows > _capacity)
            throw Changed("more");
        Moments?.Add(block);
        All?.narrow(0, Count, rows).copy_(block);
        Count += rows;
    }

    /// <summary>Fails where rows are missing.</summary>
    public void Complete()
    {
        if (Count < _capacity)
            throw Changed("fewer");
    }

    public void Dispose()
    {
        Moments?.Dispose();
        All?.Dispose();
    }

    private InvalidOperationException Changed(string what) =>
        new($"The {_role} view gives {what} rows than the {_capacity} that it had when they were counted. Cache it, or save it first.");
}
