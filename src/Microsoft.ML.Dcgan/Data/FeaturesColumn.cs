using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A column of the discriminator's features of each row's image.</summary>
internal sealed class FeaturesColumn(TrainedDiscriminator discriminator, string name, string imageColumnName, int batchSize)
    : DiscriminatorColumn(discriminator, name, imageColumnName, batchSize)
{
    public override DataViewType Type => new VectorDataViewType(NumberDataViewType.Single, Size);

    protected override int Size { get; } = discriminator.Shape.Features;

    protected override Tensor Compute(Discriminator network, Tensor images) => network.Features(images);

    protected override Delegate Getter(Func<ReadOnlyMemory<float>> current) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> features) =>
    {
        ReadOnlyMemory<float> computed = current();
        VBufferEditor<float> editor = VBufferEditor.Create(ref features, Size);
        computed.Span.CopyTo(editor.Values);
        features = editor.Commit();
    });
}
