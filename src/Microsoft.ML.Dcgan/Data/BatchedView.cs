using System.Reflection;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A view with one more column, which is computed. Nothing is before a cursor asks.</summary>
internal sealed class BatchedView(BatchedColumn column, IDataView source) : IDataView
{
    public DataViewSchema Schema { get; } = column.OutputSchema(source.Schema);

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    /// <summary>Some rows, of which no others are computed.</summary>
    public BatchedView Rows(long first, long count) => new(column, ImageReader.Rows(source, first, count));

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
    private readonly RowBuffer?[] _columns;    // those that are active
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
        var active = columnsNeeded.Select(column => column.Index).ToHashSet();
        bool computes = active.Contains(source.Schema.Count);
        HashSet<int> read = [.. active, .. computes ? added.Inputs.Sources(source.Schema).Select(column => column.Index) : []];
        _source = source.GetRowCursor(source.Schema.Where(column => read.Contains(column.Index)), rand);

        int capacity = computes ? added.BatchSize : 1;
        _columns = [.. source.Schema.Select(column => active.Contains(column.Index) ? RowBuffer.For(_source, column, capacity) : null),
            computes ? added.BufferOf(_source, capacity, () => RowErrors.Describe(source, _source)) : null];
        _getId = _source.GetIdGetter();
        _ids = new DataViewRowId[capacity];
        _batches = new long[capacity];
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _position;

    public override long Batch => _position < 0 ? 0 : _batches[_slot];

    public override bool IsColumnActive(DataViewSchema.Column column) => _columns[column.Index] != null;

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
        CheckActive(this, column);
        return _columns[column.Index]!.Typed<TValue>(column, Current);
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

    public static void CheckActive(DataViewRow row, DataViewSchema.Column column)
    {
        if (!row.IsColumnActive(column))
        {
            throw new ArgumentOutOfRangeException(nameof(column),
                $"Column '{column.Name}' is not active in this cursor: name it when asking for the cursor.");
        }
    }

    private void ReadAhead()
    {
        for (_slots = 0; _slots < _ids.Length && _source.MoveNext(); _slots++)
        {
            foreach (RowBuffer? column in _columns)
                column?.Read(_slots);
            _getId(ref _ids[_slots]);
            _batches[_slots] = _source.Batch;
        }
        if (_slots > 0)
            _columns[^1]?.Compute(_slots);
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

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) => dependingColumns
        .SelectMany(column => column.Index < InputSchema.Count ? [InputSchema[column.Index]] : added.Inputs.Sources(InputSchema))
        .DistinctBy(column => column.Index).OrderBy(column => column.Index);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        if (input.Schema != InputSchema)
            throw new ArgumentException("The row's schema is not the one this mapper was made for.", nameof(input));
        return new BatchedRow(added, input, OutputSchema, activeColumns);
    }

    private sealed class BatchedRow(
        BatchedColumn added, DataViewRow input, DataViewSchema schema, IEnumerable<DataViewSchema.Column> activeColumns) : DataViewRow
    {
        private readonly HashSet<int> _active = activeColumns.Select(column => column.Index).ToHashSet();
        private readonly Lazy<RowBuffer> _computed = new(() => added.BufferOf(input, capacity: 1, () => $"row {input.Position}"));
        private long _computedAt = -1;

        public override DataViewSchema Schema => schema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            BatchedCursor.CheckActive(this, column);
            return column.Index < input.Schema.Count
                ? input.GetGetter<TValue>(input.Schema[column.Index])
                : _computed.Value.Typed<TValue>(column, BatchedSlot);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
            base.Dispose(disposing);
        }

        // Several getters of one row, or several calls of one, compute once.
        private int BatchedSlot()
        {
            if (_computedAt != input.Position)
            {
                _computed.Value.Read(0);
                _computed.Value.Compute(1);
                _computedAt = input.Position;
            }
            return 0;
        }
    }
}

/// <summary>Keeps one column's values of the rows that a cursor has read ahead.</summary>
/// <param name="Read">Reads the source's current row into a slot.</param>
/// <param name="Getter">A <see cref="ValueGetter{TValue}"/> of the column's raw type, for the slot that its argument says.</param>
internal sealed record RowBuffer(Action<int> Read, Func<Func<int>, Delegate> Getter)
{
    /// <summary>Computes the first slots, as many as its argument says, where they are not there as they are read.</summary>
    public Action<int> Compute { get; init; } = _ => { };

    public static RowBuffer For(DataViewRow source, DataViewSchema.Column column, int capacity)
    {
        Type raw = column.Type.RawType;
        if (raw == typeof(MLImage))
            return Images(source, column, capacity);
        bool isVector = raw.IsGenericType && raw.GetGenericTypeDefinition() == typeof(VBuffer<>);
        MethodInfo method = typeof(RowBuffer)
            .GetMethod(isVector ? nameof(Vectors) : nameof(Values), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(isVector ? raw.GetGenericArguments()[0] : raw);
        return method.CreateDelegate<Func<DataViewRow, DataViewSchema.Column, int, RowBuffer>>()(source, column, capacity);
    }

    /// <summary>A getter, as <see cref="DataViewRow.GetGetter{TValue}"/> must return it, or its error for a wrong type.</summary>
    public ValueGetter<TValue> Typed<TValue>(DataViewSchema.Column column, Func<int> current) =>
        Getter(current) as ValueGetter<TValue> ?? throw new InvalidOperationException(
            $"Invalid TValue in GetGetter for column '{column.Name}': '{typeof(TValue)}'; " +
            $"the column's type is {column.Type} and its values are of '{column.Type.RawType}'.");

    private static RowBuffer Values<T>(DataViewRow source, DataViewSchema.Column column, int capacity)
    {
        ValueGetter<T> getter = source.GetGetter<T>(column);
        var slots = new T[capacity];
        return new(slot =>
        {
            // A getter may reuse or dispose what it is handed, and that may still be in somebody's hands.
            slots[slot] = default!;
            getter(ref slots[slot]);
        }, current => (ValueGetter<T>)((ref T value) => value = slots[current()]));
    }

    private static RowBuffer Vectors<T>(DataViewRow source, DataViewSchema.Column column, int capacity)
    {
        ValueGetter<VBuffer<T>> getter = source.GetGetter<VBuffer<T>>(column);
        var slots = new VBuffer<T>[capacity];
        return new(slot => getter(ref slots[slot]),
            current => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => slots[current()].CopyTo(ref value)));
    }

    // What a getter gives may be the source's own, which it disposes for the next row: ResizeImages passes images on that fit.
    private static RowBuffer Images(DataViewRow source, DataViewSchema.Column column, int capacity)
    {
        ValueGetter<MLImage> getter = source.GetGetter<MLImage>(column);
        var slots = new Func<MLImage>?[capacity];
        MLImage? last = null;
        return new(slot =>
        {
            getter(ref last!);
            slots[slot] = last == null ? null : Copy(last);
        }, current => (ValueGetter<MLImage>)((ref MLImage image) => image = slots[current()]?.Invoke()!));
    }

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
