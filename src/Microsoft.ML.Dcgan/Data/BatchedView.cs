using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A view with one more column, which is computed. Nothing is before a cursor asks.</summary>
internal sealed class BatchedView(BatchedColumn column, IDataView source) : IDataView
{
    public DataViewSchema Schema { get; } = column.OutputSchema(source.Schema);

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new BatchedCursor(column, source, Schema, columnsNeeded, rand);

    // One cursor: a minibatch already keeps every core busy.
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        new[] { GetRowCursor(columnsNeeded, rand) };
}

/// <summary>Reads a minibatch of rows ahead, computes the added column for all at once, and hands them out row by row.</summary>
internal sealed class BatchedCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _source;
    private readonly bool[] _active;
    private readonly int _output;
    private readonly RowBuffer?[] _passedThrough;
    private readonly BatchedRows? _computed;
    private readonly ValueGetter<DataViewRowId> _getId;
    private readonly DataViewRowId[] _ids;
    private readonly long[] _batches;
    private int _slots;
    private int _slot;
    private long _position = -1;
    private bool _ended;

    public BatchedCursor(BatchedColumn added, IDataView source, DataViewSchema schema,
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
        _computed = _active[_output] ? added.RowsOf(_source, capacity, () => RowErrors.Describe(source, _source)) : null;
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
            throw BatchedColumn.Inactive(column);
        Delegate getter = column.Index == _output ? _computed!.Getter(Current) : _passedThrough[column.Index]!.Getter(Current);
        return BatchedColumn.Typed<TValue>(getter, column);
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
        : throw new InvalidOperationException(
            "Cannot get a value from a cursor that is before its first row or after its last: call MoveNext first.");

    private void End()
    {
        _ended = true;
        _position = -1;
    }
}

/// <summary>Computes the added column a row at a time, for prediction engines.</summary>
internal sealed class BatchedRowMapper(BatchedColumn added, DataViewSchema inputSchema) : IRowToRowMapper
{
    public DataViewSchema InputSchema { get; } = inputSchema;

    public DataViewSchema OutputSchema { get; } = added.OutputSchema(inputSchema);

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var needed = new HashSet<int>();
        foreach (DataViewSchema.Column column in dependingColumns)
        {
            if (column.Index < InputSchema.Count)
                needed.Add(column.Index);
            else
                needed.UnionWith(added.Sources(InputSchema).Select(read => read.Index));
        }
        return InputSchema.Where(column => needed.Contains(column.Index));
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        if (input.Schema != InputSchema)
            throw new ArgumentException("The row's schema is not the one this mapper was made for.", nameof(input));
        return new BatchedRow(added, input, OutputSchema, activeColumns);
    }

    private sealed class BatchedRow : DataViewRow
    {
        private readonly DataViewRow _input;
        private readonly bool[] _active;
        private readonly Lazy<BatchedRows> _computed;
        private long _computedAt = -1;

        public BatchedRow(BatchedColumn added, DataViewRow input, DataViewSchema schema, IEnumerable<DataViewSchema.Column> activeColumns)
        {
            _input = input;
            Schema = schema;
            _active = new bool[schema.Count];
            foreach (DataViewSchema.Column column in activeColumns)
                _active[column.Index] = true;
            _computed = new Lazy<BatchedRows>(() => added.RowsOf(input, capacity: 1, () => $"row {input.Position}"));
        }

        public override DataViewSchema Schema { get; }

        public override long Position => _input.Position;

        public override long Batch => _input.Batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!_active[column.Index])
                throw BatchedColumn.Inactive(column);
            return column.Index < _input.Schema.Count
                ? _input.GetGetter<TValue>(_input.Schema[column.Index])
                : BatchedColumn.Typed<TValue>(_computed.Value.Getter(ComputedSlot), column);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _input.Dispose();
            base.Dispose(disposing);
        }

        // Several getters of one row, or several calls of one, compute once.
        private int ComputedSlot()
        {
            if (_computedAt != _input.Position)
            {
                _computed.Value.Read(0);
                _computed.Value.Compute(1);
                _computedAt = _input.Position;
            }
            return 0;
        }
    }
}

/// <summary>Keeps one column's values of the rows that a cursor has read ahead.</summary>
internal abstract class RowBuffer
{
    public static RowBuffer For(DataViewRow source, DataViewSchema.Column column, int capacity)
    {
        Type raw = column.Type.RawType;
        if (raw == typeof(MLImage))
            return new Images(source, column, capacity);
        Type kind = raw.IsGenericType && raw.GetGenericTypeDefinition() == typeof(VBuffer<>)
            ? typeof(Vectors<>).MakeGenericType(raw.GetGenericArguments())
            : typeof(Values<>).MakeGenericType(raw);
        return (RowBuffer)Activator.CreateInstance(kind, source, column, capacity)!;
    }

    /// <summary>Reads the source's current row into a slot.</summary>
    public abstract void Read(int slot);

    /// <summary>A <see cref="ValueGetter{TValue}"/> of the column's raw type, for the slot that <paramref name="current"/> says.</summary>
    public abstract Delegate Getter(Func<int> current);

    private sealed class Values<T>(DataViewRow source, DataViewSchema.Column column, int capacity) : RowBuffer
    {
        private readonly ValueGetter<T> _getter = source.GetGetter<T>(column);
        private readonly T[] _slots = new T[capacity];

        public override void Read(int slot)
        {
            // A getter may reuse or dispose what it is handed, and that may still be in somebody's hands.
            _slots[slot] = default!;
            _getter(ref _slots[slot]);
        }

        public override Delegate Getter(Func<int> current) => (ValueGetter<T>)((ref T value) => value = _slots[current()]);
    }

    // What a getter gives may be the source's own, which it disposes for the next row: ResizeImages passes images on that need
    // no resizing.
    private sealed class Images(DataViewRow source, DataViewSchema.Column column, int capacity) : RowBuffer
    {
        private readonly ValueGetter<MLImage> _getter = source.GetGetter<MLImage>(column);
        private readonly Func<MLImage>?[] _slots = new Func<MLImage>?[capacity];
        private MLImage? _image;

        public override void Read(int slot)
        {
            _getter(ref _image!);
            _slots[slot] = _image == null ? null : Copy(_image);
        }

        public override Delegate Getter(Func<int> current) =>
            (ValueGetter<MLImage>)((ref MLImage image) => image = _slots[current()]?.Invoke()!);

        private static Func<MLImage> Copy(MLImage image)
        {
            (int width, int height, MLPixelFormat format, string tag) = (image.Width, image.Height, image.PixelFormat, image.Tag);
            if (format == MLPixelFormat.Unknown)
                return () => image;
            byte[] pixels = image.Pixels.ToArray();
            return () =>
            {
                MLImage copy = MLImage.CreateFromPixels(width, height, format, pixels);
                copy.Tag = tag;
                return copy;
            };
        }
    }

    private sealed class Vectors<T>(DataViewRow source, DataViewSchema.Column column, int capacity) : RowBuffer
    {
        private readonly ValueGetter<VBuffer<T>> _getter = source.GetGetter<VBuffer<T>>(column);
        private readonly VBuffer<T>[] _slots = new VBuffer<T>[capacity];

        public override void Read(int slot) => _getter(ref _slots[slot]);

        public override Delegate Getter(Func<int> current) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _slots[current()].CopyTo(ref value));
    }
}
