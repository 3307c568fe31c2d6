using System.ComponentModel.DataAnnotations;
using Schema = Microsoft.ML.Dcgan.OptionsSchema<Microsoft.ML.Dcgan.ImageGenerationOptions>;

namespace Microsoft.ML.Dcgan;

/// <summary>The options of <see cref="ImageGenerationCatalog.Evaluate(IDataView, IDataView, ImageGenerationOptions)"/>.</summary>
public sealed class ImageGenerationOptions
{
    /// <summary>The real view's column: images of one size, or known-size vectors of <see cref="float"/>. Default "Image".</summary>
    [DataType("a column's name")]
    public string RealColumnName = DcganEstimator.Defaults.ImageColumnName;

    /// <summary>The column of the generated view, likewise. Default "Generated".</summary>
    [DataType("a column's name")]
    public string GeneratedColumnName = DcganEstimator.Defaults.OutputColumnName;

    /// <summary>A transformer whose output is measured. It sees both views with the column to look at under <see cref="RealColumnName"/>,
    /// to which the generated one is copied. Default null: images are measured by their pixels in [-1, 1], vectors as they are.</summary>
    public ITransformer? FeatureExtractor;

    /// <summary>The extractor's output: known-size vectors of <see cref="float"/>. Default null: the last such column.</summary>
    [DataType("a column's name")]
    public string? FeatureColumnName;

    /// <summary>Whether images are measured in up to 512 features of a discriminator with random weights, by <see cref="Seed"/>, whose
    /// batch normalisation is set by the real images (Naeem et al. 2020, section 4), held in memory as bytes. They see shapes where pixels
    /// see brightness; distances compare where real images, seed and size are the same. Default false. Without an extractor.</summary>
    public bool RandomFeatures;

    /// <summary>What to measure. Default <see cref="GenerationMetrics.All"/>.</summary>
    public GenerationMetrics Metrics = GenerationMetrics.All;

    /// <summary>Nearest neighbours that span the balls of precision and recall, 1 or more. Default 3 (Kynkäänniemi et al. 2019).</summary>
    [Range(1, int.MaxValue)]
    public int Neighbors = 3;

    /// <summary>Nearest neighbours that span the balls of density and coverage, 1 or more. Default 5 (Naeem et al. 2020).</summary>
    [Range(1, int.MaxValue)]
    public int CoverageNeighbors = 5;

    /// <summary>Subsets over which the kernel distance is averaged, 2 or more. Default 100.</summary>
    [Range(2, int.MaxValue)]
    public int KernelSubsets = 100;

    /// <summary>Samples in each of these subsets, 2 or more, or all where there are fewer. Default 1,000 (Binkowski et al. 2018).</summary>
    [Range(2, int.MaxValue)]
    public int KernelSubsetSize = 1000;

    /// <summary>Random pairs of generated images that MS-SSIM is averaged over, 1 or more. Default 1,000.</summary>
    [Range(1, int.MaxValue)]
    public int SimilarityPairs = 1000;

    /// <summary>Seeds the subsets and pairs. Default null: the seed of the MLContext or, without one, a random one, which
    /// <see cref="ImageGenerationMetrics.Seed"/> tells. The same seed and number of threads give the same results to the bit.</summary>
    public int? Seed;

    /// <summary>Where to compute. Default <see cref="DcganDevice.Auto"/>.</summary>
    public DcganDevice Device = DcganDevice.Auto;

    /// <summary>Whether the processes that an MPI launcher started share the work: each calls this with the same views, reads and generates
    /// a part of the rows, and gets the same results. Default <see cref="DcganDistribution.None"/>.</summary>
    public DcganDistribution Distribution = DcganDistribution.None;

    /// <summary>Told how much of both views was read, from 0 to 1; at 1 features are still to be compared. Default null.</summary>
    public Action<double>? Progress;

    /// <summary>Ends an evaluation with <see cref="OperationCanceledException"/> while it reads the views.</summary>
    public CancellationToken CancellationToken;

    internal ImageGenerationOptions Validated()
    {
        ImageGenerationOptions copy = Schema.Validated(this);
        bool extracts = copy.FeatureExtractor != null;
        Schema.Require(copy.FeatureColumnName == null || extracts, copy, nameof(FeatureColumnName), "null where there is no " +
            "FeatureExtractor that adds such a column. Give the extractor; or, where the views have the column already, name it in " +
            "RealColumnName and GeneratedColumnName");
        Schema.Require(!copy.RandomFeatures || !extracts, copy, nameof(RandomFeatures), "false where there is a FeatureExtractor");
        Schema.Require(copy.Metrics != GenerationMetrics.None, copy, nameof(Metrics), "one or more of GenerationMetrics");
        return copy;
    }
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

    /// <summary>The leave-one-out accuracy of a classifier by the nearest neighbour (Lopez-Paz and Oquab 2017).</summary>
    NearestNeighborAccuracy = 32,

    /// <summary>All of them.</summary>
    All = FrechetDistance | KernelDistance | PrecisionRecall | DensityCoverage | MsSsim | NearestNeighborAccuracy,
}
