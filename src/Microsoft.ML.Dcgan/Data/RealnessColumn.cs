using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A column of the discriminator's probabilities that each row's image is real.</summary>
internal sealed class RealnessColumn(TrainedDiscriminator discriminator, string name, string imageColumnName, int batchSize)
    : DiscriminatorColumn(discriminator, name, imageColumnName, batchSize)
{
    public override DataViewType Type => NumberDataViewType.Single;

    protected override int Size => 1;

    protected override Tensor Compute(Discriminator network, Tensor images) => network.call(images).sigmoid();

    protected override Delegate Getter(Func<ReadOnlyMemory<float>> current) =>
        (ValueGetter<float>)((ref float realness) => realness = current().Span[0]);
}
