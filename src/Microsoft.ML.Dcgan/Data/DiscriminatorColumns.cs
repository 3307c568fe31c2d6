using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A column of what a trained discriminator makes of each row's image.</summary>
internal abstract class DiscriminatorColumn(TrainedDiscriminator discriminator, string name, string imageColumnName, int batchSize)
    : BatchedColumn(name, batchSize)
{
    private readonly ImageColumn _images = ImageColumn.OfModel(imageColumnName, discriminator.Shape);

    /// <summary>Numbers an image.</summary>
    protected abstract int Size { get; }

    public override IReadOnlyList<DataViewSchema.Column> Sources(DataViewSchema inputSchema) => [_images.Find(inputSchema).Column];

    public override BatchedRows RowsOf(DataViewRow input, int capacity, Func<string> which)
    {
        (DataViewSchema.Column column, ImageFormat format) = _images.Find(input.Schema);
        return new Rows(this, PixelReader.For(input, column, format), format.Size, capacity, () => $"Column '{column.Name}', {which()}");
    }

    /// <summary>Images [n, channels, height, width] in [-1, 1] to numbers, [n, <see cref="Size"/>].</summary>
    protected abstract Tensor Compute(Discriminator network, Tensor images);

    /// <summary>A getter of the column's raw type, from the numbers of the current row.</summary>
    protected abstract Delegate Getter(Func<ReadOnlyMemory<float>> current);

    private float[] Compute(byte[] pixels, int count)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        NetworkShape shape = discriminator.Shape;
        Tensor images = ImageBytes.Normalize(tensor(pixels, [count, shape.Height, shape.Width, shape.Channels]), discriminator.Device);
        return Compute(discriminator.Network, images).cpu().contiguous().data<float>().ToArray();
    }

    private sealed class Rows(DiscriminatorColumn column, IPixelReader source, int imageSize, int capacity, Func<string> which) : BatchedRows
    {
        private readonly byte[] _pixels = new byte[capacity * imageSize];
        private float[] _numbers = [];

        public override void Read(int slot) =>
            RowErrors.Naming(which, () => source.Read(_pixels.AsSpan(slot * imageSize, imageSize)));

        protected override void ComputeSlots(int count) => _numbers = column.Compute(_pixels[..(count * imageSize)], count);

        public override Delegate Getter(Func<int> current) => column.Getter(() =>
        {
            int slot = current();
            return _numbers.AsMemory(slot * column.Size, column.Size);
        });
    }
}

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
