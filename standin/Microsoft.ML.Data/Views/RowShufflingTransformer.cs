using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>
/// The rows of a view in an order drawn at random: of a pool of rows one is drawn, and the source's next row takes its place.
/// Columns that cannot be copied are dropped.
/// </summary>
internal sealed class RowShufflingTransformer : TransformBase
{
    public const int DefaultPoolRows = 1000;

    private readonly IDataView _subset;
    private readonly int _poolRows;
    private readonly bool _shuffleSource;
    private readonly int _seed;

    public RowShufflingTransformer(IHostEnvironment env, IDataView input, int? seed, int poolRows, bool shuffleSource)
        : base(env, "Shuffle", input)
    {
        _subset = ColumnSubsetView.Cacheable(env, input);
        _poolRows = poolRows;
        _shuffleSource = shuffleSource;
        _seed = seed ?? Host.Rand.Next(int.MinValue, int.MaxValue);
    }

    public override DataViewSchema OutputSchema => _subset.Schema;

    public override bool CanShuffle => true;

    public override long? GetRowCount() => Source.GetRowCount();

    public override DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => new[] { GetRowCursorCore(columnsNeeded, rand) };

    protected override bool? ShouldUseParallelCursors(Func<int, bool> predicate) => false;

    protected override DataViewRowCursor GetRowCursorCore(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        rand ??= RandomUtils.Create(_seed);
        Random sourceRand = _shuffleSource ? RandomUtils.Create(rand) : null;
        DataViewRowCursor input = _subset.GetRowCursor(columnsNeeded, sourceRand);
        return _poolRows == 1 ? input : new Cursor(Host, input, _poolRows, rand);
    }

    private sealed class Cursor : RootCursorBase
    {
        private readonly DataViewRowCursor _input;
        private readonly Random _rand;
        private readonly bool[] _active;
        private readonly ColumnBuffer[] _buffers;
        private readonly Delegate[] _inputGetters;
        private readonly Delegate[] _getters;
        private readonly ColumnBuffer _ids = ColumnBuffer.Create(RowIdDataViewType.Instance);
        private readonly ValueGetter<DataViewRowId> _inputIds;
        private readonly int[] _slots;  // a ring: from _head on, the slots of the pool's rows
        private int _head;
        private int _live;
        private bool _inputEnded;
        private bool _disposed;

        public Cursor(IChannelProvider provider, DataViewRowCursor input, int poolRows, Random rand)
            : base(provider)
        {
            _input = input;
            _rand = rand;
            _slots = Enumerable.Range(0, poolRows).ToArray();
            _active = Schema.Select(input.IsColumnActive).ToArray();
            _buffers = Schema.Select(column => _active[column.Index] ? ColumnBuffer.Create(column.Type) : null).ToArray();
            _inputGetters = _active.Select((active, col) => active ? RowCursorUtils.GetGetterAsDelegate(input, col) : null).ToArray();
            _getters = Schema.Select(column => _active[column.Index] ? ColumnBuffer.MakeGetter(column.Type, () => _buffers[column.Index], CurrentSlot) : null).ToArray();
            _inputIds = input.GetIdGetter();
        }

        public override DataViewSchema Schema => _input.Schema;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            Ch.CheckParam(column.Index < _active.Length, nameof(column));
            return _active[column.Index];
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Ch.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
            return RowCursorUtils.Cast<TValue>(Ch, _getters[column.Index]);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ValueGetter<DataViewRowId>)ColumnBuffer.MakeGetter(RowIdDataViewType.Instance, () => _ids, CurrentSlot);

        protected override bool MoveNextCore()
        {
            if (Position >= 0)
            {
                _head = (_head + 1) % _slots.Length;
                _live--;
            }
            while (_live < _slots.Length && !_inputEnded)
                FillPool();
            if (_live == 0)
                return false;

            int drawn = (_head + _rand.Next(_live)) % _slots.Length;
            (_slots[_head], _slots[drawn]) = (_slots[drawn], _slots[_head]);
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (_disposed)
                return;
            if (disposing)
                _input.Dispose();
            _disposed = true;
            base.Dispose(disposing);
        }

        private void FillPool()
        {
            try
            {
                _inputEnded = !_input.MoveNext();
                if (_inputEnded)
                    return;
                int slot = _slots[(_head + _live) % _slots.Length];
                for (int col = 0; col < _buffers.Length; col++)
                    _buffers[col]?.Store(slot, _inputGetters[col]);
                _ids.Store(slot, _inputIds);
                _live++;
            }
            catch (Exception ex)
            {
                throw Contracts.Except(ex, "Shuffle input cursor reader failed with an exception");
            }
        }

        private int CurrentSlot()
        {
            Ch.Check(IsGood, RowCursorUtils.FetchValueStateError);
            return _slots[_head];
        }
    }
}
