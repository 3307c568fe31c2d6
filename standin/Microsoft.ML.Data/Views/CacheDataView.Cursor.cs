using System;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

internal sealed partial class CacheDataView
{
    private sealed class Cursor : RootCursorBase
    {
        private readonly CacheDataView _parent;
        private readonly DataViewSchema.Column[] _needed;
        private readonly int[] _permutation;
        private readonly Func<long> _nextBatch;
        private long _batch;
        private long _row = -1;

        /// <param name="nextBatch">Where cursors share out the rows: draws the number of a batch no other has.</param>
        public Cursor(CacheDataView parent, DataViewSchema.Column[] needed, int[] permutation, Func<long> nextBatch)
            : base(parent._host)
        {
            _parent = parent;
            _needed = needed;
            _permutation = permutation;
            _nextBatch = nextBatch;
        }

        public override DataViewSchema Schema => _parent.Schema;

        public override long Batch => _batch;

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            Ch.CheckParam(column.Index < Schema.Count, nameof(column));
            return _needed.Any(needed => needed.Index == column.Index);
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Ch.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
            var getter = ColumnBuffer.MakeGetter(Schema[column.Index].Type, () => _parent._columns[column.Index], CurrentRow);
            return RowCursorUtils.Cast<TValue>(Ch, getter);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter()
            => (ref DataViewRowId value) => value = new DataViewRowId((ulong)CurrentRow(), 0);

        protected override bool MoveNextCore()
        {
            if (Position < 0)
                _parent.CheckFilled(_needed);
            _row++;
            if (_nextBatch != null && _row % RowsPerBatch == 0)
            {
                _batch = _nextBatch();
                _row = _batch * RowsPerBatch;
            }
            return _row < _parent._rowCount;
        }

        private int CurrentRow()
        {
            Ch.Check(IsGood, RowCursorUtils.FetchValueStateError);
            return _permutation == null ? (int)_row : _permutation[_row];
        }
    }
}
