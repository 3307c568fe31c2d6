using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>The squared maximum mean discrepancy under the kernel (x·y / size + 1)³ (Binkowski et al. 2018, section 4), by the unbiased
/// estimator of Gretton et al. 2012, equation 3: 0 on average where both sets come from one distribution, however few the samples, so it
/// may be a little negative. It is the mean over random subsets, whose spread gives the standard error.</summary>
internal static class KernelDistance
{
    public static (double Distance, double StandardError) Between(Tensor real, Tensor generated, int subsets, int subsetSize, ulong seed,
        Device device) =>
        Over(real, generated, Draw(real.shape[0], generated.shape[0], subsets, subsetSize, seed), device);

    /// <summary>The mean over these subsets of rows, and its standard error, which is not a number where there is one subset.</summary>
    public static (double Distance, double StandardError) Over(Tensor real, Tensor generated,
        IEnumerable<(Tensor Real, Tensor Generated)> subsets, Device device)
    {
        var distances = new List<double>();
        foreach ((Tensor realRows, Tensor generatedRows) in subsets)
        {
            using var scope = new NoGradScope();
            distances.Add(Estimate(real.index_select(0, realRows).to(ScalarType.Float64, device),
                generated.index_select(0, generatedRows).to(ScalarType.Float64, device)));
            realRows.Dispose();
            generatedRows.Dispose();
        }

        double mean = distances.Average();
        double variance = distances.Sum(distance => (distance - mean) * (distance - mean)) / (distances.Count - 1);
        return (mean, Math.Sqrt(variance / distances.Count));
    }

    /// <summary>The unbiased estimate from all rows of [m, size] and [n, size], at least two each.</summary>
    public static double Estimate(Tensor real, Tensor generated)
    {
        using var scope = new NoGradScope();
        return (WithoutDiagonal(Kernel(real, real)).Plus(WithoutDiagonal(Kernel(generated, generated)))
            - Number(2) * Kernel(real, generated).mean()).item<double>();
    }

    /// <summary>Pairs of subsets, each without repetition. Where no set is larger than a subset there is but one.</summary>
    private static IEnumerable<(Tensor Real, Tensor Generated)> Draw(long real, long generated, int subsets, int subsetSize, ulong seed)
    {
        long size = Math.Min(subsetSize, Math.Min(real, generated));
        using var random = new torch.Generator(seed, CPU);
        for (int i = 0; i < (size < Math.Max(real, generated) ? subsets : 1); i++)
            yield return (Choose(real, size, random), Choose(generated, size, random));
    }

    private static Tensor Choose(long count, long size, torch.Generator random)
    {
        using var scope = NewDisposeScope();
        return randperm(count, generator: random).narrow(0, 0, size).clone().DetachFromDisposeScope();
    }

    private static Tensor Kernel(Tensor left, Tensor right) =>
        left.matmul(right.T).div(Number((double)left.shape[1])).Plus(1).pow(Number(3));

    private static Tensor WithoutDiagonal(Tensor kernel)
    {
        double count = kernel.shape[0];
        return (kernel.sum() - kernel.trace()) / Number(count * (count - 1));
    }
}
