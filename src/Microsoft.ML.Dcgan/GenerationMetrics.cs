namespace Microsoft.ML.Dcgan;

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
    MultiscaleSimilarity = 16,

    /// <summary>All of them.</summary>
    All = FrechetDistance | KernelDistance | PrecisionRecall | DensityCoverage | MultiscaleSimilarity,
}
