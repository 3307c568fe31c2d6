using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Copies of tensors that go on changing, to give them back what they held.</summary>
internal class TensorSnapshot : IDisposable
{
    private readonly (string Name, Tensor Live, Tensor Kept)[] _tensors;

    public TensorSnapshot(IEnumerable<(string Name, Tensor Tensor)> live)
    {
        using var scope = new NoGradScope();
        _tensors = live.Select(tensor => (tensor.Name, tensor.Tensor, tensor.Tensor.detach().clone().DetachFromDisposeScope())).ToArray();
    }

    public IEnumerable<(string Name, Tensor Tensor)> State => _tensors.Select(tensor => (tensor.Name, tensor.Kept));

    /// <summary>Keeps what they hold now.</summary>
    public void Keep() => ForEach((live, kept) => kept.copy_(live));

    /// <summary>Gives them what was kept.</summary>
    public void Restore() => ForEach((live, kept) => live.copy_(kept));

    public void Dispose()
    {
        foreach ((_, _, Tensor kept) in _tensors)
            kept.Dispose();
    }

    protected void ForEach(Action<Tensor, Tensor> action)
    {
        using var scope = new NoGradScope();
        foreach ((string name, Tensor live, Tensor kept) in _tensors)
            action(live, kept);
    }
}

/// <summary>The exponential moving average of a network's weights over its training, whose images are better than those of any one moment
/// (Yazici et al. 2019); its batch statistics are <see cref="BatchStatistics">estimated</see> when it is used. Its half-life is counted in
/// images, and is short at first, so that the first weights are soon forgotten (Karras et al. 2020). It starts as the network.</summary>
internal sealed class ExponentialMovingAverage(FlatParameters weights, DcganEstimator.Options options)
    : TensorSnapshot([("weights", weights.All)])
{
    /// <summary>Moves the average towards the network as it is now, after so many images, <paramref name="since"/> of them since the last
    /// time.</summary>
    public void Update(long images, long since)
    {
        double halfLife = options.AverageRampUp > 0
            ? Math.Min(options.AverageHalfLife, images * options.AverageRampUp)
            : options.AverageHalfLife;
        double kept = Math.Pow(0.5, since / Math.Max(halfLife, 1e-8));
        ForEach((live, average) => average.mul_(Number(kept)).add_(live, alpha: Number(1 - kept)));
    }

    /// <summary>The network becomes its average, and the average what the network was; a second time, all is as before.</summary>
    public void Swap() => ForEach((live, average) =>
    {
        Tensor kept = live.detach().clone();
        live.copy_(average);
        average.copy_(kept);
    });
}

/// <summary>Evaluates a generator at intervals while it trains, keeps a copy of the best one, and says when it has long not become better.
/// GANs do not improve steadily, nor do their losses say how good their images are.</summary>
internal sealed class BestSnapshot(
    TrainingState state, GanNetworks networks, GeneratorEvaluation evaluation, DcganEstimator.Options options)
    : TensorSnapshot(networks.Generator.state_dict().Select(entry => (entry.Key, entry.Value)))
{
    private BestState Standing => state.Resumable.Best;

    /// <summary>Whether as many evaluations as the user's patience allows brought nothing better.</summary>
    public bool HasStalled => options.EvaluationPatience > 0 && Standing.EvaluationsSince >= options.EvaluationPatience;

    public bool IsDue => state.Images - Standing.EvaluatedAt >= options.EvaluationInterval;

    /// <summary>Measures the generator as it is now, in evaluation mode, and keeps it if it is the best.</summary>
    public double Evaluate()
    {
        double distance = evaluation(networks);
        bool isBest = Standing.Distance is not double best || distance < best;
        if (isBest)
            Keep();
        state.Resumable.Best = isBest
            ? new(distance, state.Done, state.Images, 0)
            : Standing with { EvaluatedAt = state.Images, EvaluationsSince = Standing.EvaluationsSince + 1 };
        return distance;
    }
}

/// <summary>How evaluations stand: the best generator's distance and step, null before the first evaluation; how many images had been
/// trained on at the last one; and how many came after the best.</summary>
internal sealed record BestState(double? Distance, long? Step, long EvaluatedAt, int EvaluationsSince);
