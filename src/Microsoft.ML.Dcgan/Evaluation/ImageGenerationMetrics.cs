using System.Runtime.CompilerServices;

namespace Microsoft.ML.Dcgan;

/// <summary>How generated images compare with real ones. Numbers are comparable only where the features, and for all but the kernel
/// distance the numbers of samples, are the same. A metric that was not asked for is <see cref="double.NaN"/>.</summary>
public sealed partial class ImageGenerationMetrics
{
    internal ImageGenerationMetrics()
    {
    }

    /// <summary>The squared Fréchet distance of two Gaussians with the features' means and covariances, 0 or more, less is better (Heusel
    /// et al. 2017, equation 6). It falls as samples are added. NaN where there are more than 8,192 features.</summary>
    public double FrechetDistance => Value();

    /// <summary>The squared maximum mean discrepancy of features under a cubic kernel, about 0 or more, less is better (Binkowski et al.
    /// 2018, section 4). It does not depend on the number of samples, on average.</summary>
    public double KernelDistance => Value();

    /// <summary>Its standard error: the subsets' standard deviation over the root of their number; NaN where there is but one.</summary>
    public double KernelDistanceStandardError => Find(nameof(KernelDistance)).StandardError!.Value;

    /// <summary>The part of the generated images that look real, 0 to 1 (Kynkäänniemi et al. 2019, equation 2).</summary>
    public double Precision => Value();

    /// <summary>The part of the real images that the generator could have made, 0 to 1 (Kynkäänniemi et al. 2019, equation 2).</summary>
    public double Recall => Value();

    /// <summary>How densely real images lie around generated ones: about 1 if both are alike, less where they are not, more where the
    /// generated ones keep to where most real ones are (Naeem et al. 2020, section 3.2).</summary>
    public double Density => Value();

    /// <summary>The part of the real images with a generated one near, 0 to 1 (Naeem et al. 2020, section 3.2).</summary>
    public double Coverage => Value();

    /// <summary>How often an image's nearest other one, real or generated, is of its own kind: 0.5 if both are alike, 1 if they are apart,
    /// 0 if each generated one is a copy (Lopez-Paz and Oquab 2017; Xu et al. 2018). As many of each are needed.</summary>
    public double NearestNeighborAccuracy => Value();

    /// <summary>The mean MS-SSIM (multi-scale structural similarity) of random pairs of generated images, 0 to 1: what is above that of
    /// real ones is missing diversity (Odena et al. 2017, section 4.2). NaN without images, or with a side below 11 pixels.</summary>
    public double MsSsim => Value();

    /// <summary>All metrics, in the order above, those too that were not measured.</summary>
    public IReadOnlyList<ImageGenerationMetric> Results { get; internal init; } = [];

    /// <summary>How many of the five scales of MS-SSIM fit into the images; 0 where it was not measured.</summary>
    public int SimilarityScales { get; internal init; }

    /// <summary>How many real images there were.</summary>
    public long RealCount { get; internal init; }

    /// <summary>How many generated images there were.</summary>
    public long GeneratedCount { get; internal init; }

    /// <summary>Numbers in a feature vector.</summary>
    public int FeatureSize { get; internal init; }

    /// <summary>Where features came from: "pixels 64x64x3", "column 'Features' of DcganFeaturizer, Vector&lt;Single, 1024&gt;".</summary>
    public string FeatureExtractor { get; internal init; } = "";

    /// <summary>The seed of the random subsets and pairs.</summary>
    public int Seed { get; internal init; }

    /// <summary>What to beware of in these numbers: too few samples for the features, for one. Empty if there is nothing.</summary>
    public IReadOnlyList<string> Warnings { get; internal init; } = [];

    /// <summary>All that was measured, in one line.</summary>
    public override string ToString() => string.Join(", ", Results.Where(metric => metric.IsMeasured))
        + FormattableString.Invariant($"; {RealCount:N0} real and {GeneratedCount:N0} generated, ")
        + FormattableString.Invariant($"{FeatureSize:N0} features ({FeatureExtractor}), seed {Seed}")
        + Warnings.Count switch { 0 => "", 1 => "; 1 warning", int count => $"; {count} warnings" };

    private double Value([CallerMemberName] string id = "") => Find(id).Value;

    private ImageGenerationMetric Find(string id) => Results.Single(metric => metric.Id == id);
}

/// <summary>A metric of generated images, as it was measured.</summary>
/// <param name="Id">The property of <see cref="ImageGenerationMetrics"/> that holds it, such as "FrechetDistance".</param>
/// <param name="Name">What texts call it, such as "Fréchet distance".</param>
/// <param name="Value">NaN where it was not measured.</param>
/// <param name="StandardError">Its standard error, NaN where that was not measured; null where there is none.</param>
/// <param name="Best">Its best value, in words: "0", "about 1", "that of real pictures".</param>
/// <param name="Meaning">What it says, in a few words.</param>
public sealed record ImageGenerationMetric(string Id, string Name, double Value, double? StandardError, string Best, string Meaning)
{
    /// <summary>Whether it was asked for and could be measured.</summary>
    public bool IsMeasured => !double.IsNaN(Value);

    /// <summary>The value, and its standard error where there is one: "0.02112 ± 0.0004".</summary>
    public string ValueText => Text(Value) + (StandardError is double error and not double.NaN ? $" ± {Text(error)}" : "");

    /// <summary>Name and value.</summary>
    public override string ToString() => $"{Name} {ValueText}";

    private static string Text(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}

/// <summary>The training images that are nearest to one generated image.</summary>
/// <param name="GeneratedRow">The generated image's row in its view, from 0.</param>
/// <param name="Neighbors">The training images, nearest first.</param>
public sealed record NearestImages(long GeneratedRow, IReadOnlyList<NearestImage> Neighbors);

/// <summary>A training image near a generated one.</summary>
/// <param name="TrainingRow">The training image's row in its view, from 0.</param>
/// <param name="Distance">The Euclidean distance of the features: 0 for a copy.</param>
public readonly record struct NearestImage(long TrainingRow, double Distance);
