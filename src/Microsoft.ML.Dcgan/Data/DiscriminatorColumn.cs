using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A column of what a trained discriminator makes of each row's image.</summary>
internal abstract class DiscriminatorColumn(TrainedDiscriminator discriminator, string name, string imageColumnName, int batchSize)
    : ComputedColumn(name, batchSize)
{
    private readonly ImageColumn _images = ImageColumn.OfModel(imageColumnName, discriminator.Shape);

    /// <summary>Numbers an image.</summary>
    protected abstract int Size { get; }

    public override IReadOnlyList<DataViewSchema.Column> Sources(DataViewSchema inputSchema) => [_images.Find(inputSchema).Column];

    public override ComputedRows RowsOf(DataViewRow input, int capacity, Func<string> which)
    {
        (DataViewSchema.Column column, ImageFormat format) = _images.Find(input.Schema);
        return new Rows(this, PixelSource.For(input, column, format), format.Size, capacity, () => $"Column '{column.Name}', {which()}");
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
        Tensor images = ImageBytes.Scaled(tensor(pixels, [count, shape.Channels, shape.Height, shape.Width]), discriminator.Device);
        return Compute(discriminator.Network, images).cpu().contiguous().data<float>().ToArray();
    }

    private sealed class Rows(DiscriminatorColumn column, IPixelSource source, int imageSize, int capacity, Func<string> which) : ComputedRows
    {
        private readonly byte[] _pixels = new byte[capacity * imageSize];
        private float[] _numbers = [];

        public override void Read(int slot) =>
            FailedRow.Naming(which, () => source.Read(_pixels.AsSpan(slot * imageSize, imageSize)));

        protected override void ComputeSlots(int count) => _numbers = column.Compute(_pixels[..(count * imageSize)], count);

        public override Delegate Getter(Func<int> current) => column.Getter(() =>
        {
            int slot = current();
            return _numbers.AsMemory(slot * column.Size, column.Size);
        });
    }
}
