using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Interop;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan;

/// <summary>Maps images to what a trained discriminator sees in them, as input for a linear model (Radford, Metz and Chintala 2015, section
/// 5.1): adds a column of type vector of <see cref="float"/> of size <see cref="FeatureSize"/>. Every convolution but the last, after its
/// LeakyReLU, is max-pooled to a grid of 4x4, or kept where it is smaller; the layers follow one another, within each the feature maps, and
/// within these the rows of the grid. Batch normalisation is that of training: rows do not depend on each other.</summary>
public sealed class DcganFeaturizer : DcganModel
{
    private readonly Discriminator _discriminator;

    /// <summary>Takes the discriminator over.</summary>
    internal DcganFeaturizer(Discriminator discriminator, ModelDescription description)
        : base(NetworkColumns.Features(discriminator, description.OutputColumnName, description.InputColumnName, description.BatchSize),
            description, (ModelArchive.DiscriminatorName, discriminator)) =>
        _discriminator = discriminator;

    /// <summary>The column that it reads: images of the size trained on, or vectors of their pixels in [-1, 1], planes first.</summary>
    public string InputColumnName => Description.InputColumnName;

    /// <summary>Numbers in a feature vector: 16 for each feature map that is pooled to 4x4 (64x64, 64 feature maps: 15,360).</summary>
    public int FeatureSize => _discriminator.Shape.Features;

    /// <summary>Writes it as an ONNX model (operator set 17) that computes in float32, for ONNX Runtime, ML.NET's <c>ApplyOnnxModel</c> and
    /// others. Input "image", float32 [batch, channels, height, width] in [-1, 1]; output "features", float32 [batch,
    /// <see cref="FeatureSize"/>]. An older file stays until the new one is complete.</summary>
    /// <param name="path">The file, such as "features.onnx".</param>
    /// <param name="options">Another input and other names; null for these.</param>
    /// <inheritdoc cref="DcganTransformer.ExportOnnx"/>
    public void ExportOnnx(string path, DcganOnnxOptions? options = null) =>
        ExportOnnx(path, options, "image", "features", signature => OnnxDiscriminator.Features(_discriminator, signature));
}

/// <summary>Maps images to how surely a trained discriminator holds them to be of its training set and not generated: adds a column of type
/// <see cref="float"/>, from 0 to 1, the sigmoid of the discriminator's logit. Low values may point to anomalies; only the order of scores
/// means anything, so choose a threshold on pictures held out from training. With classes, a score is of the one that suits best.</summary>
public sealed class DcganRealnessScorer : DcganModel
{
    private readonly Discriminator _discriminator;

    /// <summary>Takes the discriminator over.</summary>
    internal DcganRealnessScorer(Discriminator discriminator, ModelDescription description)
        : base(NetworkColumns.Realness(discriminator, description.OutputColumnName, description.InputColumnName, description.BatchSize),
            description, (ModelArchive.DiscriminatorName, discriminator)) =>
        _discriminator = discriminator;

    /// <summary>The column of images that it reads, as for <see cref="DcganFeaturizer.InputColumnName"/>.</summary>
    public string InputColumnName => Description.InputColumnName;

    /// <summary>Writes it as an ONNX model, as <see cref="DcganFeaturizer.ExportOnnx"/> does; output "realness", float32 [batch].</summary>
    /// <inheritdoc cref="DcganFeaturizer.ExportOnnx"/>
    public void ExportOnnx(string path, DcganOnnxOptions? options = null) =>
        ExportOnnx(path, options, "image", "realness", signature => OnnxDiscriminator.Realness(_discriminator, signature));
}
