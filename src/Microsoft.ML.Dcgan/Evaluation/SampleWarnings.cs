using static System.FormattableString;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>Says where the samples are too few for what is measured.</summary>
internal static class SampleWarnings
{
    // What the authors of each metric worked with, or advise, at least.
    private const long UsualFrechetSamples = 10_000;
    private const long UsualNeighborSamples = 1000;

    public static IEnumerable<string> Of(ImageGenerationOptions options, GenerationMetrics measured, long real, long generated, int featureSize)
    {
        long fewest = Math.Min(real, generated);
        if (measured.HasFlag(GenerationMetrics.FrechetDistance) && fewest <= featureSize)
        {
            yield return Invariant($"The Fréchet distance of {fewest:N0} samples in {featureSize:N0} features is unreliable: their covariance has no more than rank {fewest - 1:N0}. ") +
                Invariant($"Give more than {featureSize:N0} samples of each, better {Math.Max(UsualFrechetSamples, 2L * featureSize):N0} or more, or take an extractor of fewer features.");
        }
        else if (measured.HasFlag(GenerationMetrics.FrechetDistance) && fewest < UsualFrechetSamples)
        {
            yield return Invariant($"The Fréchet distance of {fewest:N0} samples is too large: it falls as samples are added. Compare it only with that of as many; {UsualFrechetSamples:N0} or more are usual.");
        }

        if (measured.HasFlag(GenerationMetrics.KernelDistance) && Math.Max(real, generated) <= options.KernelSubsetSize && real == generated)
            yield return Invariant($"The kernel distance has no standard error: all {fewest:N0} samples are in one subset. Give more, or set a smaller KernelSubsetSize.");
        else if (measured.HasFlag(GenerationMetrics.KernelDistance) && fewest < 2L * options.KernelSubsetSize)
            yield return Invariant($"The kernel distance's standard error is too small: its subsets of {Math.Min(fewest, options.KernelSubsetSize):N0} of {fewest:N0} samples are much the same. Give more, or set a smaller KernelSubsetSize.");

        GenerationMetrics byNeighbors = measured & (GenerationMetrics.PrecisionRecall | GenerationMetrics.DensityCoverage);
        if (byNeighbors != 0 && fewest < UsualNeighborSamples)
            yield return Invariant($"{Name(byNeighbors)} of {fewest:N0} samples vary by some percent from sample to sample. Give {UsualNeighborSamples:N0} or more.");
        if (byNeighbors.HasFlag(GenerationMetrics.PrecisionRecall) && real != generated)
            yield return Invariant($"Precision and recall depend on how many samples there are: those of {real:N0} real and {generated:N0} generated ones do not compare with others. Take as many of each.");
    }

    private static string Name(GenerationMetrics metrics) => metrics switch
    {
        GenerationMetrics.PrecisionRecall => "Precision and recall",
        GenerationMetrics.DensityCoverage => "Density and coverage",
        _ => "Precision, recall, density and coverage",
    };
}
