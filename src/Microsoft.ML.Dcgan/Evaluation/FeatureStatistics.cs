using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Distributed;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>Count, mean and covariance of features that come block by block, in one pass and double precision. Each block is taken about
/// its own mean and then joined (Chan, Golub and LeVeque 1983, equation 2.1), so that features far from 0 lose nothing.</summary>
internal sealed class FeatureMoments(long featureSize, Device device) : IDisposable
{
    // The sum of the outer products of what the features differ from their mean by.
    private readonly Tensor _scatter = zeros([featureSize, featureSize], ScalarType.Float64, device).DetachFromDisposeScope();

    public long Count { get; private set; }

    /// <summary>[size]; it belongs to this object.</summary>
    public Tensor Mean { get; } = zeros([featureSize], ScalarType.Float64, device).DetachFromDisposeScope();

    /// <summary>Adds features [n, size].</summary>
    public void Add(Tensor block)
    {
        using var scope = new NoGradScope();
        Tensor features = block.to(ScalarType.Float64, device);
        Tensor mean = features.mean(new long[] { 0 });
        Tensor deviations = features - mean;
        _scatter.addmm_(deviations.T, deviations);
        long count = block.shape[0], total = Count + count;
        Tensor apart = (mean - Mean).unsqueeze(1);
        _scatter.addmm_(apart * Number((double)Count / total * count), apart.T);
        Mean.add_(apart.squeeze(1), Number((double)count / total));
        Count = total;
    }

    /// <summary>The unbiased covariance [size, size] of at least two samples.</summary>
    public Tensor Covariance() => _scatter / Number((double)(Count - 1));

    public void Dispose()
    {
        Mean.Dispose();
        _scatter.Dispose();
    }
}

/// <summary>How far two Gaussians with the features' means and covariances are apart (Heusel et al. 2017, equation 6; Dowson and Landau
/// 1982): |m1 - m2|² + tr(C1 + C2 - 2 (C1 C2)^½).</summary>
internal static class FrechetDistance
{
    // Of double precision.
    private const double RelativeRounding = 2.2204460492503131e-16;

    public static double Between(FeatureMoments real, FeatureMoments generated)
    {
        using var scope = new NoGradScope();
        Tensor realCovariance = real.Covariance();
        Tensor generatedCovariance = generated.Covariance().to(realCovariance.device);
        Tensor means = (real.Mean - generated.Mean.to(realCovariance.device)).Square().sum();
        Tensor distance = means.Plus(realCovariance.trace()).Plus(generatedCovariance.trace())
            - Number(2) * TraceOfRoot(realCovariance, generatedCovariance);

        // Never negative, but for rounding.
        return Math.Max(0, distance.item<double>());
    }

    /// <summary>The trace of (AB)^½. With A = L Lᵀ, AB has the eigenvalues of LᵀBL, which is symmetric: no complex numbers, and nothing
    /// that fails to converge. Directions in which A has no spread but rounding are left out.</summary>
    private static Tensor TraceOfRoot(Tensor a, Tensor b)
    {
        (Tensor values, Tensor vectors) = linalg.eigh(a);
        double spread = values.max().item<double>();
        long rank = values.gt(Number(spread * a.shape[0] * RelativeRounding)).sum().item<long>();
        if (rank == 0)
            return zeros(1, ScalarType.Float64, a.device).sum();

        // Ascending, so those that count are the last.
        long start = values.shape[0] - rank;
        Tensor root = vectors.narrow(1, start, rank) * values.narrow(0, start, rank).sqrt();
        return linalg.eigvalsh(root.T.matmul(b).matmul(root)).clamp_min(Number(0)).sqrt().sum();
    }
}

/// <summary>What an evaluation keeps of one view's features, which come block by block: their moments, computed on a device, or all of
/// them, in the machine's memory, or both. Of several ranks each adds its part of the rows, and the root keeps what comes of all, in blocks
/// of the size that one process would have added. The role is what the view is called in messages.</summary>
internal sealed class FeatureSet(string role, long capacity, int size, bool keepsMoments, bool keepsAll, Device device, Communicator ranks,
    int blockSize = FeatureExtractor.BlockSize) : IDisposable
{
    private readonly Tensor? _own = ranks.IsAlone ? null : Rows(FeatureColumn.PartOf(capacity, ranks, ranks.Rank).Count, size);
    private long _added;

    /// <summary>The rows that are added here.</summary>
    public (long First, long Count) Own { get; } = FeatureColumn.PartOf(capacity, ranks, ranks.Rank);

    public long Count { get; private set; }

    /// <summary>The root's.</summary>
    public FeatureMoments? Moments { get; } = keepsMoments && ranks.IsRoot ? new FeatureMoments(size, device) : null;

    /// <summary>[count, size] once all rows were added; the root's.</summary>
    public Tensor? All { get; } = keepsAll && ranks.IsRoot ? Rows(capacity, size) : null;

    public void Add(Tensor block)
    {
        long rows = block.shape[0];
        if (_added + rows > Own.Count)
            throw Changed("more");
        if (_own is { } own)
            own.narrow(0, _added, rows).copy_(block);
        else
            Keep(block);
        _added += rows;
    }

    /// <summary>The root gets those of all. Fails where rows are missing.</summary>
    public void Complete()
    {
        if (_added < Own.Count)
            throw Changed("fewer");
        for (long start = 0; _own is not null && start < capacity; start += blockSize)
        {
            using var scope = NewDisposeScope();
            (long First, long Count)[] parts =
                [.. Enumerable.Range(0, ranks.Size).Select(rank => Within(start, FeatureColumn.PartOf(capacity, ranks, rank)))];
            (long first, long count) = parts[ranks.Rank];
            Tensor block = ranks.GatherRows(_own.narrow(0, first, count), [.. parts.Select(part => part.Count)]);
            if (ranks.IsRoot)
                Keep(block);
        }
        Count = capacity;
    }

    public void Dispose()
    {
        Moments?.Dispose();
        All?.Dispose();
        _own?.Dispose();
    }

    // What of a part lies in a block, counted from the part's first row.
    private (long First, long Count) Within(long start, (long First, long Count) part)
    {
        long first = Math.Clamp(start - part.First, 0, part.Count);
        return (first, Math.Clamp(start + blockSize - part.First, 0, part.Count) - first);
    }

    private static Tensor Rows(long count, int size) => empty([count, size], ScalarType.Float32, CPU).DetachFromDisposeScope();

    private void Keep(Tensor block)
    {
        Moments?.Add(block);
        All?.narrow(0, Count, block.shape[0]).copy_(block);
        Count += block.shape[0];
    }

    private InvalidOperationException Changed(string what) =>
        new($"The {role} view gives {what} rows than the {capacity} that it had when they were counted. Cache it, or save it first.");
}
