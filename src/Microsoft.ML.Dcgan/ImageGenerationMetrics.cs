using System.Globalization;

namespace Microsoft.ML.Dcgan;

/// <summary>
/// How generated images compare with real ones. Numbers are comparable only where the features, and for all but the kernel
/// distance the numbers of samples, are the same. A metric that was not asked for is <see cref="double.NaN"/>.
/// </summary>
[TypeFormatterSource(typeof(NotebookPictures), PreferredMimeTypes = ["text/html"])]
public sealed class ImageGenerationMetrics
{
    internal ImageGenerationMetrics()
    {
    }

    /// <summary>
    /// The squared Fréchet distance of two Gaussians with the features' means and covariances, 0 or more, less is better
    /// (Heusel et al. 2017, equation 6). It falls as samples are added.
    /// </summary>
    public double FrechetDistance { get; internal init; } = double.NaN;

    /// <summary>
    /// The squared maximum mean discrepancy of the features under a cubic kernel, about 0 or more, less is better
    /// (Binkowski et al. 2018, section 4). It does not depend on the number of samples, on average.
    /// </summary>
    public double KernelDistance { get; internal init; } = double.NaN;

    /// <summary>
    /// The standard error of <see cref="KernelDistance"/>: the standard deviation over the subsets over the root of their
    /// number. NaN where all samples fit into one subset.
    /// </summary>
    public double KernelDistanceStandardError { get; internal init; } = double.NaN;

    /// <summary>The part of the generated images that look real, 0 to 1 (Kynkäänniemi et al. 2019, equation 2).</summary>
    public double Precision { get; internal init; } = double.NaN;

    /// <summary>The part of the real images that the generator could have made, 0 to 1 (Kynkäänniemi et al. 2019, equation 2).</summary>
    public double Recall { get; internal init; } = double.NaN;

    /// <summary>
    /// How densely real images lie around generated ones: about 1 if both are alike, less where they are not, more where the
    /// generated ones keep to where most real ones are (Naeem et al. 2020, section 3.2).
    /// </summary>
    public double Density { get; internal init; } = double.NaN;

    /// <summary>The part of the real images with a generated one near, 0 to 1 (Naeem et al. 2020, section 3.2).</summary>
    public double Coverage { get; internal init; } = double.NaN;

    /// <summary>
    /// The mean MS-SSIM of random pairs of generated images, 0 to 1: compare it with that of real images; what is above it
    /// is missing diversity (Odena et al. 2017, section 4.2). NaN where the generated column holds no images, or images with
    /// a side below 11 pixels.
    /// </summary>
    public double MsSsim { get; internal init; } = double.NaN;

    /// <summary>How many of the five scales of MS-SSIM fit into the images; 0 where it was not measured.</summary>
    public int SimilarityScales { get; internal init; }

    /// <summary>How many real images there were.</summary>
    public long RealCount { get; internal init; }

    /// <summary>How many generated images there were.</summary>
    public long GeneratedCount { get; internal init; }

    /// <summary>Numbers in a feature vector.</summary>
    public int FeatureSize { get; internal init; }

    /// <summary>Where the features came from, such as "pixels 64x64x3" or "column 'Features' of DcganFeaturizer, Vector&lt;Single, 1024&gt;".</summary>
    public string FeatureExtractor { get; internal init; } = "";

    /// <summary>The seed of the random subsets and pairs.</summary>
    public int Seed { get; internal init; }

    /// <summary>What to beware of in these numbers: too few samples for the features, for one. Empty if there is nothing.</summary>
    public IReadOnlyList<string> Warnings { get; internal init; } = [];

    /// <summary>All that was measured, in one line.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        Add("Fréchet distance", FrechetDistance);
        Add("kernel distance", KernelDistance, double.IsNaN(KernelDistanceStandardError) ? "" : $" ± {Text(KernelDistanceStandardError)}");
        Add("precision", Precision);
        Add("recall", Recall);
        Add("density", Density);
        Add("coverage", Coverage);
        Add("MS-SSIM", MsSsim);
        return string.Join(", ", parts) + FormattableString.Invariant(
            $"; {RealCount:N0} real and {GeneratedCount:N0} generated, {FeatureSize:N0} features ({FeatureExtractor}), seed {Seed}") +
            Warnings.Count switch { 0 => "", 1 => "; 1 warning", int count => $"; {count} warnings" };

        void Add(string name, double value, string more = "")
        {
            if (!double.IsNaN(value))
                parts.Add($"{name} {Text(value)}{more}");
        }
    }

    private static string Text(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}

/// <summary>Which metrics of generated images to measure.</summary>
[Flags]
public enum GenerationMetrics
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>The Fréchet distance of the features (Heusel et al. 2017). It needs no features in memory.</summary>
    FrechetDistance = 1,

    /// <summary>The kernel distance of the features and its standard error (Binkowski et al. 2018).</summary>
    KernelDistance = 2,

    /// <summary>Precision and recall (Kynkäänniemi et al. 2019).</summary>
    PrecisionRecall = 4,

    /// <summary>Density and coverage (Naeem et al. 2020).</summary>
    DensityCoverage = 8,

    /// <summary>The mean MS-SSIM of random pairs of generated images (Odena et al. 2017). It needs no features.</summary>
    MsSsim = 16,

    /// <summary>All of them.</summary>
    All = FrechetDistance | KernelDistance | PrecisionRecall | DensityCoverage | MsSsim,
}

/// <summary>The training images that are nearest to one generated image.</summary>
/// <param name="GeneratedRow">The generated image's row in its view, from 0.</param>
/// <param name="Neighbors">The training images, nearest first.</param>
public sealed record NearestImages(long GeneratedRow, IReadOnlyList<NearestImage> Neighbors);

/// <summary>A training image near a generated one.</summary>
/// <param name="TrainingRow">The training image's row in its view, from 0.</param>
/// <param name="Distance">The Euclidean distance of the features: 0 for a copy.</param>
public readonly record struct NearestImage(long TrainingRow, double Distance);
