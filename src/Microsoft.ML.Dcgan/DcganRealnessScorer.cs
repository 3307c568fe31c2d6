using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Persistence;

namespace Microsoft.ML.Dcgan;

/// <summary>
/// Maps images to a trained discriminator's probability that they are of its training set and not generated: adds a column
/// of type <see cref="float"/>, from 0 to 1, the sigmoid of the discriminator's logit. Low values may point to anomalies;
/// only the order of scores means anything, so choose a threshold on pictures held out from training. Where it was trained
/// on classes, a score is of the class that suits the image best. Make one with <see cref="DcganTransformer.RealnessScorer"/>.
/// </summary>
public sealed class DcganRealnessScorer : DcganDiscriminator
{
    /// <summary>Takes the discriminator over.</summary>
    internal DcganRealnessScorer(TrainedDiscriminator discriminator, ModelDescription description)
        : this(discriminator, description, description.Discrimination!)
    {
    }

    private DcganRealnessScorer(TrainedDiscriminator discriminator, ModelDescription description, DiscriminationDescription columns)
        : base(discriminator, description, new RealnessColumn(discriminator, columns.OutputColumnName, columns.InputColumnName, columns.BatchSize))
    {
    }
}
