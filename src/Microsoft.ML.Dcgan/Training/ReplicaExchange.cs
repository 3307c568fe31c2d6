using System.IO.Hashing;
using Microsoft.ML.Dcgan.Distributed;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Storage;
using TorchSharp.Modules;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Keeps the replicas of a training the same. Each has its share of every minibatch, and they step by the mean of their gradients
/// (Goyal et al. 2017, section 2.3); or they take some steps by themselves and then the mean of what these led to (local SGD: Stich
/// 2019).</summary>
internal sealed class ReplicaExchange(Communicator ranks, DcganEstimator.Options options, long batch)
{
    private (Task Sum, Parameter From)? _early;

    public Communicator Ranks { get; } = ranks;

    /// <summary>What this one trains on.</summary>
    public MinibatchShare Share { get; } = MinibatchShare.Of(batch, ranks);

    /// <summary>After how many steps, from one time to the next, replicas are the same.</summary>
    public int Interval => Ranks.IsAlone ? 1 : options.LocalSteps;

    /// <summary>Where batch statistics are to be of all replicas' images.</summary>
    public Synchronization? Synchronization => Ranks.IsAlone || Interval > 1 || !options.SynchronizeBatchStatistics
        ? null
        : new(mean => DifferentiableSum.Of(mean * Number(Weight), Ranks), Ranks.Sum, Weight);

    // Its part of a mean over the minibatch.
    private double Weight => (double)Share.Count / Share.All;

    /// <summary>All begin where the root does.</summary>
    public void Begin(TrainingState state)
    {
        if (Ranks.IsAlone)
            return;
        string json = Ranks.FromRoot(() =>
        {
            using var stream = new MemoryStream();
            StoredJson.Write(stream, state.Resumable);
            return Encoding.UTF8.GetString(stream.ToArray());
        });
        state.Resumable = StoredJson.Read<ResumableState>(Encoding.UTF8.GetBytes(json))!;
        Ranks.Broadcast(state.Tensors.Select(tensor => tensor.Tensor));
    }

    /// <summary>From a loss that is a mean over this one's images to its part of the minibatch's.</summary>
    public Tensor Weigh(Tensor loss) => Interval > 1 || Share.Count == Share.All ? loss : loss * Number(Weight);

    /// <summary>Whether gradients that are found early are summed while others are computed. Penalties add to them later.</summary>
    public bool SumsEarly => Interval == 1 && Ranks.CanSumBesideWork && options is { R1Penalty: 0, R2Penalty: 0, GradientPenalty: 0 };

    /// <summary>Begins <see cref="SumGradients"/> with those from a weight to the last.</summary>
    public void BeginSum(FlatParameters weights, Parameter from)
    {
        using Tensor gradients = weights.GradientsFrom(from);
        _early = (Ranks.BeginSum(gradients, options.CompressGradients), from);
    }

    /// <summary>From gradients of such a part to those of the minibatch, in their place.</summary>
    public void SumGradients(FlatParameters weights)
    {
        if (Interval > 1)
            return;
        using Tensor gradients = _early is { From: var from } ? weights.GradientsFrom(from, before: true) : weights.Gradients.alias();
        Ranks.Sum(gradients, options.CompressGradients);
        _early?.Sum.GetAwaiter().GetResult();
        _early = null;
    }

    /// <summary>From a step's measures of this one's images to those of the minibatch.</summary>
    public Tensor AverageMeasures(Tensor measures)
    {
        if (!Ranks.IsAlone)
            Ranks.Sum(measures.mul_(Number(Weight)));
        return measures;
    }

    /// <summary>Whether the replicas are the same after a step, of which the last always makes them so.</summary>
    public bool Settle(TrainingState state, bool last)
    {
        if (Interval == 1)
            return true;
        if (!last && state.Done % Interval != 0)
            return false;
        using var scope = new NoGradScope();
        Tensor[] learned = [.. state.Learned.Select(entry => entry.Tensor).Where(tensor => tensor.dtype == ScalarType.Float32)];
        Tensor all = cat([.. learned.Select(tensor => tensor.detach().flatten())]).mul_(Number(1.0 / Ranks.Size));
        Ranks.Sum(all, options.CompressGradients);
        foreach ((Tensor tensor, Tensor mean) in learned.Zip(all.split([.. learned.Select(tensor => tensor.numel())])))
            tensor.copy_(mean.view(tensor.shape));
        return true;
    }

    /// <summary>Each steps by itself, by sums that are the same bits for all, and processors that round differently make other weights of
    /// these: after a step that settles, whichever has others than the root goes on as the root does.</summary>
    /// <returns>Their ranks.</returns>
    public IReadOnlyList<int> Reconcile(TrainingState state)
    {
        if (Ranks.IsAlone)
            return [];
        ulong hash = 0;
        foreach (NetworkOptimizer optimizer in new[] { state.Step.GeneratorOptimizer, state.Step.DiscriminatorOptimizer })
        {
            using Tensor weights = optimizer.Weights.All.cpu();
            hash = XxHash3.HashToUInt64(weights.bytes, (long)hash);
        }
        byte[][] hashes = Ranks.Gather(BitConverter.GetBytes(hash));
        int[] others = [.. Enumerable.Range(0, Ranks.Size).Where(rank => !hashes[rank].SequenceEqual(hashes[0]))];
        if (others.Length > 0)
            Ranks.Broadcast(state.Learned.Select(entry => entry.Tensor));
        return others;
    }
}

/// <summary>Which of a minibatch's images a replica has: so many from the first on, of all. By default it has all.</summary>
internal readonly record struct MinibatchShare(long First, long Count, long All)
{
    public static MinibatchShare Of(long all, Communicator ranks)
    {
        (long first, long count) = ranks.ShareOf(all);
        return new(first, count, all);
    }

    /// <summary>Its part of what there is of each image.</summary>
    public Tensor Of(Tensor all) => All == Count ? all.alias() : all.narrow(0, First, Count);

    /// <summary>Random numbers of so many images of its own: those that they would have in one process, which are drawn for all.</summary>
    public Tensor Draw(long count, Func<long, Tensor> draw) => All == Count ? draw(count) : Of(draw(All));
}
