using System;
using System.Collections.Generic;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view of a sequence of objects, enumerated anew by every cursor.</summary>
internal sealed class StreamingDataView<TRow> : IDataView
    where TRow : class
{
    private readonly IHost _host;
    private readonly IEnumerable<TRow> _data;
    private readonly InternalSchemaDefinition _definition;

    public StreamingDataView(IHostEnvironment env, IEnumerable<TRow> data, InternalSchemaDefinition definition)
    {
        _host = env.Register(nameof(StreamingDataView<TRow>));
        _data = data;
        _definition = definition;
        Schema = DataViewConstructionUtils.MakeSchema(definition);
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => (_data as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(_host, new Row(_host, this, RowCursorUtils.FromColumnsToPredicate(columnsNeeded, Schema)));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => new[] { GetRowCursor(columnsNeeded, rand) };

    private sealed class Row : InputRowBase<TRow>
    {
        private readonly IEnumerator<TRow> _rows;
        private long _position = -1;

        public Row(IHostEnvironment env, StreamingDataView<TRow> parent, Func<int, bool> predicate)
            : base(env, parent.Schema, parent._definition, predicate)
        {
            _rows = parent._data.GetEnumerator();
        }

        public override long Position => _position;

        public bool MoveNext()
        {
            if (!_rows.MoveNext())
                return false;
            if (_rows.Current == null)
                throw Host.Except("Encountered null when iterating over data, this is not supported.");
            _position++;
            return true;
        }

        protected override TRow GetCurrentRowObject()
        {
            Host.Check(Position >= 0, RowCursorUtils.FetchValueStateError);
            return _rows.Current;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _rows.Dispose();
            _position = -1;
            base.Dispose(disposing);
        }
    }

    private sealed class Cursor : RootCursorBase
    {
        private readonly Row _row;
        private bool _disposed;

        public Cursor(IChannelProvider provider, Row row)
            : base(provider)
        {
            _row = row;
        }

        public override DataViewSchema Schema => _row.Schema;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => _row.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => _row.GetIdGetter();

        protected override bool MoveNextCore() => _row.MoveNext();

        protected override void Dispose(bool disposing)
        {
            if (_disposed)
                return;
            if (disposing)
                _row.Dispose();
            _disposed = true;
            base.Dispose(disposing);
        }
    }
}
