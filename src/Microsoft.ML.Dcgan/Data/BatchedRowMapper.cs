using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Data;

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
