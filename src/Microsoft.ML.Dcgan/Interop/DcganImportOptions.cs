namespace Microsoft.ML.Dcgan;

/// <summary>What a file of weights does not say of the model that it is to become.</summary>
public sealed class DcganImportOptions
{
    /// <summary>The column of generated images that the transformer adds. Default "Generated".</summary>
    public string OutputColumnName = "Generated";

    /// <summary>The column of noise vectors that the transformer reads. Default "Noise".</summary>
    public string NoiseColumnName = DcganEstimator.Defaults.NoiseColumnName;

    /// <summary>The column of classes that the transformer reads. Default "Label"; it counts only with <see cref="Classes"/>.</summary>
    public string LabelColumnName = "Label";

    /// <summary>
    /// The classes that the generator was trained on, that of key 1 first: it takes them one-hot, behind the noise. Default
    /// none.
    /// </summary>
    public IReadOnlyList<string> Classes = [];

    /// <summary>
    /// The images' height in pixels. Default null: what the kernels say. With kernels of 5, and with resize-convolutions, they
    /// fit two heights a layer; null is then the largest.
    /// </summary>
    public int? ImageHeight;

    /// <summary>The images' width in pixels. Default null, as for <see cref="ImageHeight"/>.</summary>
    public int? ImageWidth;

    /// <summary>How the noise that it was trained on is distributed. Default <see cref="DcganNoise.Normal"/>, as in PyTorch's DCGAN example.</summary>
    public DcganNoise NoiseDistribution = DcganNoise.Normal;

    /// <summary>What convolutions compute in. Default <see cref="DcganPrecision.Float32"/>, which gives PyTorch's pixels.</summary>
    public DcganPrecision Precision = DcganPrecision.Float32;

    /// <summary>Where it runs. Default <see cref="DcganDevice.Auto"/>.</summary>
    public DcganDevice Device = DcganDevice.Auto;

    /// <summary>Seeds the noise that the transformer draws where the data has no noise column. Default 0.</summary>
    public int GenerationSeed;

    /// <summary>Images that the transformer generates at once, 1 to 10,000. Default 64.</summary>
    public int GenerationBatchSize = DcganEstimator.Defaults.GenerationBatchSize;
}
