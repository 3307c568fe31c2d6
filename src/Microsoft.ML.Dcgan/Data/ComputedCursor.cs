using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>Reads a minibatch of rows ahead, computes the added column for all at once, and hands them out row by row.</summary>
internal sealed class ComputedCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _source;
    private readonly bool[] _active;
    private readonly int _output;
    private readonly RowBuffer?[] _passedThrough;
    private readonly ComputedRows? _computed;
    private readonly ValueGetter<DataViewRowId> _getId;
    private readonly DataViewRowId[] _ids;
    private readonly long[] _batches;
    private int _slots;
    private int _slot;
    private long _position = -1;
    private bool _ended;

    public ComputedCursor(ComputedColumn added, IDataView source, DataViewSchema schema,
        IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand)
    {
        Schema = schema;
        _output = schema.Count - 1;
        _active = new bool[schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
            _active[column.Index] = true;

        HashSet<int> read = _active[_output] ? added.Sources(source.Schema).Select(column => column.Index).ToHashSet() : [];
        _source = source.GetRowCursor(source.Schema.Where(column => _active[column.Index] || read.Contains(column.Index)), rand);

        int capacity = _active[_output] ? added.BatchSize : 1;
        _passedThrough = source.Schema.Select(column => _active[column.Index] ? RowBuffer.For(_source, column, capacity) : null).ToArray();
        _computed = _active[_output] ? added.RowsOf(_source, capacity, () => FailedRow.Describe(source, _source)) : null;
        _getId = _source.GetIdGetter();
        _ids = new DataViewRowId[capacity];
        _batches = new long[capacity];
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _position;

    public override long Batch => _position < 0 ? 0 : _batches[_slot];

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override bool MoveNext()
    {
        if (_ended)
            return false;
        if (++_slot >= _slots)
        {
            ReadAhead();
            _slot = 0;
            if (_slots == 0)
            {
                End();
                return false;
            }
        }
        _position++;
        return true;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _ids[Current()];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!_active[column.Index])
            throw ComputedColumn.Inactive(column);
        Delegate getter = column.Index == _output ? _computed!.Getter(Current) : _passedThrough[column.Index]!.Getter(Current);
        return ComputedColumn.Typed<TValue>(getter, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            End();
            _source.Dispose();
        }
        base.Dispose(disposing);
    }

    private void ReadAhead()
    {
        for (_slots = 0; _slots < _ids.Length && _source.MoveNext(); _slots++)
        {
            foreach (RowBuffer? column in _passedThrough)
                column?.Read(_slots);
            _getId(ref _ids[_slots]);
            _batches[_slots] = _source.Batch;
            _computed?.Read(_slots);
        }
        if (_slots > 0)
            _computed?.Compute(_slots);
    }

    private int Current() => _position >= 0
        ? _slot
        : throw new InvalidOperationException("Cannot get a value from a cursor that is before its first row or after its last: call MoveNext first.");

    private void End()
    {
        _ended = true;
        _position = -1;
    }
}
