using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A view with one more column, which is computed. Nothing is before a cursor asks.</summary>
internal sealed class ComputedView(ComputedColumn column, IDataView source) : IDataView
{
    public DataViewSchema Schema { get; } = column.OutputSchema(source.Schema);

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new ComputedCursor(column, source, Schema, columnsNeeded, rand);

    // One cursor: a minibatch already keeps every core busy.
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        new[] { GetRowCursor(columnsNeeded, rand) };
}
