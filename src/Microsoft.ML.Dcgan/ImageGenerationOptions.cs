namespace Microsoft.ML.Dcgan;

/// <summary>The options of <see cref="ImageGenerationCatalog.Evaluate(IDataView, IDataView, ImageGenerationOptions)"/>.</summary>
public sealed class ImageGenerationOptions
{
    /// <summary>
    /// The column of the real view: images, all of one size, or known-size vectors of <see cref="float"/>. Default "Image".
    /// </summary>
    public string RealColumnName = ImageGenerationCatalog.Defaults.RealColumnName;

    /// <summary>The column of the generated view, likewise. Default "Generated".</summary>
    public string GeneratedColumnName = ImageGenerationCatalog.Defaults.GeneratedColumnName;

    /// <summary>
    /// A transformer whose output is measured instead of the columns themselves. Default null: images are measured by their
    /// pixels in [-1, 1], vectors as they are. It sees both views with the column to look at under
    /// <see cref="RealColumnName"/>: the generated view's is copied to that name first.
    /// </summary>
    public ITransformer? FeatureExtractor;

    /// <summary>
    /// The column that <see cref="FeatureExtractor"/> adds: known-size vectors of <see cref="float"/>. Default null: the last
    /// such column of its output.
    /// </summary>
    public string? FeatureColumnName;

    /// <summary>
    /// Whether images are measured, instead of by their pixels, in up to 512 features of a discriminator with random weights,
    /// drawn by <see cref="Seed"/>, whose batch normalisation is set by the real images (Naeem et al. 2020, section 4). They
    /// see shapes where pixels see brightness, and suit images of any kind and size; distances compare where real images,
    /// seed and size are the same. Real images are held in memory, as bytes. Default false. Not together with
    /// <see cref="FeatureExtractor"/>.
    /// </summary>
    public bool RandomFeatures;

    /// <summary>What to measure. Default <see cref="GenerationMetrics.All"/>.</summary>
    public GenerationMetrics Metrics = GenerationMetrics.All;

    /// <summary>Nearest neighbours that span the balls of precision and recall, 1 or more. Default 3 (Kynkäänniemi et al. 2019).</summary>
    public int Neighbors = 3;

    /// <summary>Nearest neighbours that span the balls of density and coverage, 1 or more. Default 5 (Naeem et al. 2020).</summary>
    public int CoverageNeighbors = 5;

    /// <summary>Subsets over which the kernel distance is averaged, 2 or more. Default 100.</summary>
    public int KernelSubsets = 100;

    /// <summary>Samples in each of these subsets, 2 or more, or all where there are fewer. Default 1,000 (Binkowski et al. 2018).</summary>
    public int KernelSubsetSize = 1000;

    /// <summary>Random pairs of generated images that MS-SSIM is averaged over, 1 or more. Default 1,000.</summary>
    public int SimilarityPairs = 1000;

    /// <summary>
    /// Seeds the subsets and pairs. Default null: the seed of the MLContext or, without one, a random one, which
    /// <see cref="ImageGenerationMetrics.Seed"/> tells. The same seed and number of threads give the same results to the bit.
    /// </summary>
    public int? Seed;

    /// <summary>Where to compute. Default <see cref="DcganDevice.Auto"/>.</summary>
    public DcganDevice Device = DcganDevice.Auto;

    /// <summary>
    /// Told how much of both views an evaluation has read, from 0 to 1, as it reads them.
    /// At 1 the features are still to be compared. Default null.
    /// </summary>
    public Action<double>? Progress;

    /// <summary>Ends an evaluation with <see cref="OperationCanceledException"/> while it reads the views.</summary>
    public CancellationToken CancellationToken;

    internal ImageGenerationOptions Validated()
    {
        var copy = (ImageGenerationOptions)MemberwiseClone();
        RequireName(nameof(RealColumnName), copy.RealColumnName);
        RequireName(nameof(GeneratedColumnName), copy.GeneratedColumnName);
        if (copy.FeatureColumnName != null && copy.FeatureExtractor == null)
        {
            throw new ArgumentOutOfRangeException(nameof(FeatureColumnName),
                $"FeatureColumnName is '{copy.FeatureColumnName}', but there is no FeatureExtractor that adds it. " +
                "Give the extractor; or, where the views have that column already, name it in RealColumnName and GeneratedColumnName.");
        }
        if (copy.RandomFeatures && copy.FeatureExtractor != null)
        {
            throw new ArgumentOutOfRangeException(nameof(RandomFeatures), "RandomFeatures is true, but there is a FeatureExtractor, " +
                $"{copy.FeatureExtractor.GetType().Name}, too. Leave one of them out.");
        }
        if (copy.Metrics == GenerationMetrics.None || (copy.Metrics & ~GenerationMetrics.All) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(Metrics), $"Metrics is {copy.Metrics}, but one or more of GenerationMetrics are " +
                "expected, such as GenerationMetrics.All.");
        }
        Require(nameof(Neighbors), copy.Neighbors, 1, 3);
        Require(nameof(CoverageNeighbors), copy.CoverageNeighbors, 1, 5);
        Require(nameof(KernelSubsets), copy.KernelSubsets, 2, 100);
        Require(nameof(KernelSubsetSize), copy.KernelSubsetSize, 2, 1000);
        Require(nameof(SimilarityPairs), copy.SimilarityPairs, 1, 1000);
        return copy;
    }

    private static void RequireName(string option, string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
            throw new ArgumentOutOfRangeException(option, $"{option} is empty, but must name a column.");
    }

    private static void Require(string option, int value, int least, int advised)
    {
        if (value < least)
            throw new ArgumentOutOfRangeException(option, $"{option} is {value}, but must be {least} or more. The default is {advised}.");
    }
}
