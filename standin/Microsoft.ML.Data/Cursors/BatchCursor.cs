using System;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A cursor over rows that come in batches.</summary>
internal sealed class BatchCursor : RootCursorBase
{
    private const string NotOnRow = "Cannot get value as the cursor is not in a good state";

    private readonly bool[] _active;
    private readonly Delegate[] _getters;
    private readonly Func<RowBatch> _next;
    private readonly Action _quit;
    private RowBatch _batch;
    private int _index;
    private bool _disposed;

    /// <param name="next">Takes back the batch given before, and gives the next or null.</param>
    /// <param name="quit">Called when this cursor needs no more batches.</param>
    public BatchCursor(IChannelProvider provider, DataViewSchema schema, bool[] active, Func<RowBatch> next, Action quit)
        : base(provider)
    {
        Schema = schema;
        _active = active;
        _next = next;
        _quit = quit;
        _getters = schema.Select(column => active[column.Index]
            ? ColumnBuffer.MakeGetter(column.Type, () => _batch.Columns[column.Index], CurrentIndex)
            : null).ToArray();
    }

    public override DataViewSchema Schema { get; }

    public override long Batch => _batch?.Id ?? -1;

    public override bool IsColumnActive(DataViewSchema.Column column)
    {
        Ch.CheckParam(column.Index < _active.Length, nameof(column));
        return _active[column.Index];
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Ch.CheckParam(IsColumnActive(column), nameof(column), "requested column not active.");
        return RowCursorUtils.Cast<TValue>(Ch, _getters[column.Index]);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter()
        => (ValueGetter<DataViewRowId>)ColumnBuffer.MakeGetter(RowIdDataViewType.Instance, () => _batch.Ids, CurrentIndex);

    protected override bool MoveNextCore()
    {
        if (_batch != null && ++_index < _batch.Count)
            return true;
        _batch = _next();
        _index = 0;
        return _batch != null;
    }

    protected override void Dispose(bool disposing)
    {
        if (_disposed)
            return;
        if (disposing)
        {
            _batch = null;
            _quit();
        }
        _disposed = true;
        base.Dispose(disposing);
    }

    private int CurrentIndex()
    {
        Contracts.Check(_batch != null, NotOnRow);
        return _index;
    }
}
