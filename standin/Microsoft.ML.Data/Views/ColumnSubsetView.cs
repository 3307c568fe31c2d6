using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Some columns of a view, in any order.</summary>
internal sealed class ColumnSubsetView : IDataView, IRowToRowMapper
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly int[] _kept;

    public ColumnSubsetView(IHostEnvironment env, IDataView source, IEnumerable<int> kept)
    {
        _host = env.Register(nameof(ColumnSubsetView));
        _source = source;
        _kept = kept.ToArray();
        Schema = MakeSchema(source.Schema, _kept);
    }

    public DataViewSchema Schema { get; }

    public DataViewSchema InputSchema => _source.Schema;

    public DataViewSchema OutputSchema => Schema;

    public bool CanShuffle => _source.CanShuffle;

    public static DataViewSchema MakeSchema(DataViewSchema source, IEnumerable<int> kept)
        => SchemaExtensions.MakeSchema(kept.Select(index => new DataViewSchema.DetachedColumn(source[index])));

    /// <summary>The view itself if all its columns can be copied, else the columns that can.</summary>
    public static IDataView Cacheable(IHostEnvironment env, IDataView view)
        => DataViewUtils.AllCacheable(view.Schema)
            ? view
            : new ColumnSubsetView(env, view, view.Schema.Where(column => column.Type.IsCacheable()).Select(column => column.Index));

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(this, _source.GetRowCursor(GetDependencies(columnsNeeded), rand), columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => Array.ConvertAll(_source.GetRowCursorSet(GetDependencies(columnsNeeded), n, rand), input => new Cursor(this, input, columnsNeeded));

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var needed = dependingColumns.Select(column => _kept[column.Index]).ToHashSet();
        return InputSchema.Where(column => needed.Contains(column.Index)).ToArray();
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new Row(this, input);

    private sealed class Row : WrappingRow
    {
        private readonly ColumnSubsetView _parent;

        public Row(ColumnSubsetView parent, DataViewRow input)
            : base(input)
        {
            _parent = parent;
        }

        public override DataViewSchema Schema => _parent.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
            => Input.GetGetter<TValue>(Input.Schema[_parent._kept[column.Index]]);
    }

    private sealed class Cursor : SynchronizedCursorBase
    {
        private readonly ColumnSubsetView _parent;
        private readonly bool[] _active;

        public Cursor(ColumnSubsetView parent, DataViewRowCursor input, IEnumerable<DataViewSchema.Column> columnsNeeded)
            : base(parent._host, input)
        {
            _parent = parent;
            _active = RowCursorUtils.BuildArray(parent.Schema.Count, columnsNeeded);
        }

        public override DataViewSchema Schema => _parent.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
            => Input.GetGetter<TValue>(Input.Schema[_parent._kept[column.Index]]);
    }
}
