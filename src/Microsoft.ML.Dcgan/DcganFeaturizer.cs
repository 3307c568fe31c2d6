using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Persistence;

namespace Microsoft.ML.Dcgan;

/// <summary>
/// Maps images to what a trained discriminator sees in them, as input for a linear model (Radford, Metz and Chintala 2015,
/// section 5.1): adds a column of type vector of <see cref="float"/> of size <see cref="FeatureSize"/>. Every convolution but
/// the last, after its LeakyReLU, is max-pooled to a grid of 4x4, or kept where it is smaller; the layers follow one
/// another, within each the feature maps, and within these the rows of the grid. Make one with
/// <see cref="DcganTransformer.Featurizer"/>.
/// </summary>
public sealed class DcganFeaturizer : DcganDiscriminator
{
    /// <summary>Takes the discriminator over.</summary>
    internal DcganFeaturizer(TrainedDiscriminator discriminator, ModelDescription description)
        : this(discriminator, description, description.Discrimination!)
    {
    }

    private DcganFeaturizer(TrainedDiscriminator discriminator, ModelDescription description, DiscriminationDescription columns)
        : base(discriminator, description, new FeaturesColumn(discriminator, columns.OutputColumnName, columns.InputColumnName, columns.BatchSize)) =>
        FeatureSize = discriminator.Shape.Features;

    /// <summary>Numbers in a feature vector: 16 for each feature map that is pooled to 4x4 (64x64, 64 feature maps: 15,360).</summary>
    public int FeatureSize { get; }
}
