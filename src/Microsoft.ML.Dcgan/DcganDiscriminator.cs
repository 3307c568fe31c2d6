using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Persistence;

namespace Microsoft.ML.Dcgan;

/// <summary>
/// A trained DCGAN's discriminator: adds to a view a column that it computes from each row's image. It has weights of its
/// own, whatever becomes of the <see cref="DcganTransformer"/> that it came from. Batch normalisation takes the statistics of
/// training, so that a row's result does not depend on the other rows.
/// </summary>
public abstract class DcganDiscriminator : DcganModel
{
    /// <summary>Takes the discriminator over.</summary>
    private protected DcganDiscriminator(TrainedDiscriminator discriminator, ModelDescription description, DiscriminatorColumn column)
        : base(column, description, (ModelArchive.DiscriminatorName, discriminator.Network))
    {
    }

    /// <summary>
    /// The column of images that it reads: images of the size trained on, or vectors of <see cref="float"/> with as many
    /// pixels in [-1, 1], planes first.
    /// </summary>
    public string InputColumnName => Description.Discrimination!.InputColumnName;
}
