using static System.FormattableString;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>A metric: all that is known of it, wherever it is asked for, computed or shown.</summary>
/// <param name="Flag">What asks for it.</param>
/// <param name="Id">Its property of <see cref="ImageGenerationMetrics"/>, and its name in JSON.</param>
/// <param name="Name">What texts call it.</param>
/// <param name="Best">Its best value.</param>
/// <param name="Meaning">What it says, in a few words.</param>
/// <param name="Compute">Computes it.</param>
internal sealed record Metric(GenerationMetrics Flag, string Id, string Name, string Best, string Meaning, Func<Comparison, double> Compute)
{
    // What the authors of each metric worked with, or advise, at least.
    private const long UsualFrechetSamples = 10_000;
    private const long UsualNeighborSamples = 1000;

    private static readonly Metric _precision = new(GenerationMetrics.PrecisionRecall, nameof(ImageGenerationMetrics.Precision),
        "precision", "1", "how many generated ones look real", sets => sets.Neighbors.Precision)
    {
        TakesFeatures = true,
        Rows = options => (options.Neighbors + 1, options.Neighbors + 1,
            $"precision and recall with {nameof(options.Neighbors)} {options.Neighbors}"),
        UsualSamples = UsualNeighborSamples,
        Warn = PrecisionWarning,
    };

    private static readonly Metric _density = new(GenerationMetrics.DensityCoverage, nameof(ImageGenerationMetrics.Density),
        "density", "about 1", "how densely real ones lie around generated ones; about 1 if alike", sets => sets.Neighbors.Density)
    {
        TakesFeatures = true,
        Rows = options => (options.CoverageNeighbors + 1, 1,
            $"density and coverage with {nameof(options.CoverageNeighbors)} {options.CoverageNeighbors}"),
        UsualSamples = UsualNeighborSamples,
    };

    /// <summary>All metrics, in the order in which they are shown.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        new(GenerationMetrics.FrechetDistance, nameof(ImageGenerationMetrics.FrechetDistance), "Fréchet distance", "0", "less is better",
            sets => FrechetDistance.Between(sets.Real.Moments!, sets.Generated.Moments!))
        {
            TakesMoments = true,
            // Covariances of so many take 0.5 GB each, and their eigenvalues some minutes.
            MostFeatures = 8192,
            Rows = _ => (2, 2, "a covariance"),
            Warn = FrechetWarning,
        },
        new(GenerationMetrics.KernelDistance, nameof(ImageGenerationMetrics.KernelDistance), "kernel distance", "0", "less is better",
            sets => sets.Kernel.Distance)
        {
            TakesFeatures = true,
            Rows = _ => (2, 2, "the kernel distance"),
            StandardError = sets => sets.Kernel.StandardError,
            Warn = KernelWarning,
        },
        _precision,
        _precision with
        {
            Id = nameof(ImageGenerationMetrics.Recall),
            Name = "recall",
            Meaning = "how many real ones could have been generated",
            Compute = sets => sets.Neighbors.Recall,
            Warn = _ => null,
        },
        _density,
        _density with
        {
            Id = nameof(ImageGenerationMetrics.Coverage),
            Name = "coverage",
            Best = "1",
            Meaning = "how many real ones have a generated one near",
            Compute = sets => sets.Neighbors.Coverage,
        },
        new(GenerationMetrics.NearestNeighborAccuracy, nameof(ImageGenerationMetrics.NearestNeighborAccuracy), "1-NN accuracy", "0.5",
            "how often the nearest other one is of the same kind; half the time if alike",
            sets => sets.Neighbors.NearestAccuracy)
        {
            TakesFeatures = true,
            Rows = _ => (2, 2, "the 1-NN accuracy"),
            UsualSamples = UsualNeighborSamples,
            Warn = sets => sets.Real.Count == sets.Generated.Count ? null
                : Invariant($"The 1-NN accuracy is 0.5 at best only of as many samples of each, not of {sets.Real.Count:N0} real and ") +
                    Invariant($"{sets.Generated.Count:N0} generated ones. Take as many of each."),
        },
        new(GenerationMetrics.MsSsim, nameof(ImageGenerationMetrics.MsSsim), "MS-SSIM", "that of real pictures",
            "how alike generated ones are; compare with real ones", sets => sets.Pictures!.MeanSimilarity(sets.Device))
        {
            TakesPictures = true,
        },
    ];

    /// <summary>Whether it takes count, mean and covariance of the features.</summary>
    public bool TakesMoments { get; private init; }

    /// <summary>Whether it takes the features themselves, in memory.</summary>
    public bool TakesFeatures { get; private init; }

    /// <summary>Whether it takes pairs of generated pictures.</summary>
    public bool TakesPictures { get; private init; }

    /// <summary>Of more features it is left out.</summary>
    public int MostFeatures { get; private init; } = int.MaxValue;

    /// <summary>The rows of each set that it takes at least, and what for.</summary>
    public Func<ImageGenerationOptions, (long Real, long Generated, string For)> Rows { get; private init; } = _ => (1, 1, "an evaluation");

    /// <summary>Of fewer samples it varies by some percent; 0 where that is not known.</summary>
    public long UsualSamples { get; private init; }

    /// <summary>Its standard error; null where it has none.</summary>
    public Func<Comparison, double>? StandardError { get; private init; }

    /// <summary>What to beware of; null if there is nothing.</summary>
    public Func<Comparison, string?> Warn { get; private init; } = _ => null;

    /// <summary>What to beware of in these sets' metrics.</summary>
    public static IEnumerable<string> Warnings(Comparison sets)
    {
        foreach (Metric metric in All.Where(metric => sets.Options.Metrics.HasFlag(metric.Flag)))
        {
            if (metric.Warn(sets) is { } warning)
                yield return warning;
        }
        Metric[] varying = sets.Measured.Where(metric => sets.Fewest < metric.UsualSamples).ToArray();
        if (varying.Length > 0)
        {
            string names = string.Join(", ", varying[..^1].Select(metric => metric.Name)) + " and " + varying[^1].Name;
            yield return Invariant($"{char.ToUpperInvariant(names[0])}{names[1..]} of {sets.Fewest:N0} samples vary by some percent ") +
                Invariant($"from sample to sample. Give {varying.Max(metric => metric.UsualSamples):N0} or more.");
        }
    }

    private static string? FrechetWarning(Comparison sets)
    {
        (int size, long fewest) = (sets.FeatureSize, sets.Fewest);
        if (sets.Real.Moments == null)
        {
            return Invariant($"The Fréchet distance was left out: {size:N0} features are more than the {All[0].MostFeatures:N0} ") +
                "whose covariance can be dealt with. Take a feature extractor, or smaller images.";
        }
        if (fewest <= size)
        {
            return Invariant($"The Fréchet distance of {fewest:N0} samples in {size:N0} features is unreliable: ") +
                Invariant($"their covariance has no more than rank {fewest - 1:N0}. Give more than {size:N0} samples of each, ") +
                Invariant($"better {Math.Max(UsualFrechetSamples, 2L * size):N0} or more, ") +
                "or take an extractor of fewer features.";
        }
        return fewest >= UsualFrechetSamples ? null
            : Invariant($"The Fréchet distance of {fewest:N0} samples is too large: it falls as samples are added. ") +
                Invariant($"Compare it only with that of as many; {UsualFrechetSamples:N0} or more are usual.");
    }

    private static string? KernelWarning(Comparison sets)
    {
        (int subset, long real, long generated) = (sets.Options.KernelSubsetSize, sets.Real.Count, sets.Generated.Count);
        if (Math.Max(real, generated) <= subset && real == generated)
        {
            return Invariant($"The kernel distance has no standard error: all {sets.Fewest:N0} samples are in one subset. ") +
                "Give more, or set a smaller KernelSubsetSize.";
        }
        return sets.Fewest >= 2L * subset ? null
            : Invariant($"The kernel distance's standard error is too small: ") +
                Invariant($"its subsets of {Math.Min(sets.Fewest, subset):N0} of {sets.Fewest:N0} samples ") +
                " are much the same. Give more, or set a smaller KernelSubsetSize.";
    }

    private static string? PrecisionWarning(Comparison sets) => sets.Real.Count == sets.Generated.Count ? null
        : Invariant($"Precision and recall depend on how many samples there are: ") +
            Invariant($"those of {sets.Real.Count:N0} real and {sets.Generated.Count:N0} ") +
            "generated ones do not compare with others. Take as many of each.";
}

/// <summary>What was read of two sets, and what several metrics compute from it.</summary>
internal sealed record Comparison(ImageGenerationOptions Options, IReadOnlyList<Metric> Measured, FeatureSet Real, FeatureSet Generated,
    PicturePairs? Pictures, int FeatureSize, int Seed, Device Device)
{
    private (double Distance, double StandardError)? _kernel;
    private NeighborMetrics? _neighbors;

    public long Fewest => Math.Min(Real.Count, Generated.Count);

    public (double Distance, double StandardError) Kernel => _kernel ??=
        KernelDistance.Between(Real.All!, Generated.All!, Options.KernelSubsets, Options.KernelSubsetSize, (uint)Seed, Device);

    public NeighborMetrics Neighbors => _neighbors ??=
        NeighborMetrics.Measure(Real.All!, Generated.All!, Options.Neighbors, Options.CoverageNeighbors, Device);
}
