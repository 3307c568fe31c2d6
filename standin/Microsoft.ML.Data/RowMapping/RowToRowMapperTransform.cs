using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view with the columns that a row mapper adds, and that mapper as seen by a prediction engine.</summary>
internal sealed class RowToRowMapperTransform : TransformBase, IRowToRowMapper
{
    private readonly IRowMapper _mapper;
    private readonly ColumnBindings _bindings;

    public RowToRowMapperTransform(IHostEnvironment env, IDataView input, IRowMapper mapper)
        : base(env, nameof(RowToRowMapperTransform), input)
    {
        Contracts.CheckValue(mapper, nameof(mapper));
        _mapper = mapper;
        _bindings = new ColumnBindings(input.Schema, mapper.GetOutputColumns());
    }

    public DataViewSchema InputSchema => Source.Schema;

    public override DataViewSchema OutputSchema => _bindings.Schema;

    public static DataViewSchema GetOutputSchema(DataViewSchema inputSchema, IRowMapper mapper)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        Contracts.CheckValue(mapper, nameof(mapper));
        return new ColumnBindings(inputSchema, mapper.GetOutputColumns()).Schema;
    }

    public override long? GetRowCount() => Source.GetRowCount();

    public override DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var active = Activity(columnsNeeded, out var inputColumns);
        DataViewRowCursor[] inputs = Source.GetRowCursorSet(inputColumns, n, rand);
        if (inputs.Length == 1 && n > 1 && _bindings.AddedColumnIndices.Any(col => active[col]))
            inputs = DataViewUtils.CreateSplitCursors(Host, inputs[0], n);
        return Array.ConvertAll(inputs, input => new Cursor(Host, input, this, active));
    }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        Activity(dependingColumns, out var inputColumns);
        return inputColumns;
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Host.CheckValue(input, nameof(input));
        Host.CheckValue(activeColumns, nameof(activeColumns));
        Host.Check(input.Schema == Source.Schema, "Schema of input row must be the same as the schema the mapper is bound to");

        var active = RowCursorUtils.BuildArray(OutputSchema.Count, activeColumns);
        return new Row(this, input, _mapper.CreateGetters(input, ActiveOutput(active), out Action disposer), disposer);
    }

    // Computing a column is worth several threads; merely passing columns on is left to the source.
    protected override bool? ShouldUseParallelCursors(Func<int, bool> predicate)
        => _bindings.AddedColumnIndices.Any(predicate) ? true : null;

    protected override DataViewRowCursor GetRowCursorCore(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = Activity(columnsNeeded, out var inputColumns);
        return new Cursor(Host, Source.GetRowCursor(inputColumns, rand), this, active);
    }

    private bool[] Activity(IEnumerable<DataViewSchema.Column> columnsNeeded, out IEnumerable<DataViewSchema.Column> inputColumns)
    {
        var predicate = RowCursorUtils.FromColumnsToPredicate(columnsNeeded, OutputSchema);
        bool[] active = Enumerable.Range(0, OutputSchema.Count).Select(predicate).ToArray();
        bool[] passedThrough = _bindings.GetActiveInput(predicate);
        var used = _mapper.GetDependencies(ActiveOutput(active));
        inputColumns = _bindings.InputSchema.Where(col => passedThrough[col.Index] || used(col.Index)).ToArray();
        return active;
    }

    private Func<int, bool> ActiveOutput(bool[] active) => added => active[_bindings.AddedColumnIndices[added]];

    private sealed class Cursor : SynchronizedCursorBase
    {
        private readonly ColumnBindings _bindings;
        private readonly bool[] _active;
        private readonly Delegate[] _getters;
        private readonly Action _disposer;
        private bool _disposed;

        public Cursor(IChannelProvider provider, DataViewRowCursor input, RowToRowMapperTransform parent, bool[] active)
            : base(provider, input)
        {
            _bindings = parent._bindings;
            _active = active;
            _getters = parent._mapper.CreateGetters(input, parent.ActiveOutput(active), out _disposer);
        }

        public override DataViewSchema Schema => _bindings.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            Ch.CheckParam(column.Index < _active.Length, nameof(column));
            return _active[column.Index];
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Ch.Check(IsColumnActive(column), $"Column '{column.Name}' is not active.");
            int index = _bindings.MapColumnIndex(out bool isSource, column.Index);
            return isSource ? Input.GetGetter<TValue>(Input.Schema[index]) : RowCursorUtils.Cast<TValue>(Ch, _getters[index]);
        }

        protected override void Dispose(bool disposing)
        {
            if (_disposed)
                return;
            if (disposing)
                _disposer?.Invoke();
            _disposed = true;
            base.Dispose(disposing);
        }
    }

    private sealed class Row : WrappingRow
    {
        private readonly IHost _host;
        private readonly ColumnBindings _bindings;
        private readonly Delegate[] _getters;
        private readonly Action _disposer;

        public Row(RowToRowMapperTransform parent, DataViewRow input, Delegate[] getters, Action disposer)
            : base(input)
        {
            _host = parent.Host;
            _bindings = parent._bindings;
            _getters = getters;
            _disposer = disposer;
        }

        public override DataViewSchema Schema => _bindings.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            int index = _bindings.MapColumnIndex(out bool isSource, column.Index);
            return isSource ? Input.IsColumnActive(Input.Schema[index]) : _getters[index] != null;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            int index = _bindings.MapColumnIndex(out bool isSource, column.Index);
            return isSource ? Input.GetGetter<TValue>(Input.Schema[index]) : RowCursorUtils.Cast<TValue>(_host, _getters[index]);
        }

        protected override void DisposeCore(bool disposing)
        {
            if (disposing)
                _disposer?.Invoke();
        }
    }
}
