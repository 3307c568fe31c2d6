using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Transforms.Image;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A column of training images as they were read, by each row's index among them.</summary>
internal sealed class StoredColumn(TrainingImages images, string name, int batchSize) : ComputedColumn(name, batchSize)
{
    private const string IndexName = "Index of training image";

    public override DataViewType Type => new ImageDataViewType(images.Shape.Height, images.Shape.Width);

    /// <summary>A view of this column for the images of these indices.</summary>
    public IDataView View(IEnumerable<long> indices)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Index)].ColumnName = IndexName;
        return new ComputedView(this, new MLContext().Data.LoadFromEnumerable(indices.Select(index => new Row { Index = index }).ToList(), schema));
    }

    public override IReadOnlyList<DataViewSchema.Column> Sources(DataViewSchema inputSchema) => [inputSchema[IndexName]];

    public override ComputedRows RowsOf(DataViewRow input, int capacity, Func<string> which) =>
        new Rows(images, input.GetGetter<long>(input.Schema[IndexName]), capacity);

    private sealed class Rows(TrainingImages images, ValueGetter<long> getIndex, int capacity) : PictureRows(images.Shape.Height, images.Shape.Width)
    {
        private readonly long[] _indices = new long[capacity];

        public override void Read(int slot) => getIndex(ref _indices[slot]);

        protected override byte[] Render(int count)
        {
            using var scope = NewDisposeScope();
            return PictureBytes.Bgra(images.Gather(tensor(_indices[..count])));
        }
    }

    private sealed class Row
    {
        public long Index { get; set; }
    }
}
