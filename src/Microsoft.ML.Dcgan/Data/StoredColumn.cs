using Microsoft.ML.Dcgan.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A column of training images as they were read, by each row's index among them.</summary>
internal sealed class StoredColumn(Dataset images, string name, int batchSize)
{
    private const string IndexName = "Index of training image";

    /// <summary>A view of this column for the images of these indices.</summary>
    public IDataView View(IEnumerable<long> indices)
    {
        Microsoft.ML.Data.SchemaDefinition schema = Microsoft.ML.Data.SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Index)].ColumnName = IndexName;
        var column = new ImagesColumn(name, new RowInputs(IndexName: IndexName), batchSize, images.Shape.Height, images.Shape.Width, rows =>
        {
            using var scope = NewDisposeScope();
            return Pixels.ToBgra(images.Gather(tensor(rows.Labels!)));
        });
        List<Row> rows = [.. indices.Select(index => new Row { Index = index })];
        return new BatchedView(column, new MLContext().Data.LoadFromEnumerable(rows, schema));
    }

    private sealed class Row
    {
        public long Index { get; set; }
    }
}
