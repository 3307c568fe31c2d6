using System;
using System.Collections.Generic;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>The rows of a view from one on, and no more than so many.</summary>
internal sealed class SkipTakeFilter : TransformBase
{
    private readonly long _skip;
    private readonly long _take;

    public SkipTakeFilter(IHostEnvironment env, IDataView input, long skip = 0, long take = long.MaxValue)
        : base(env, nameof(SkipTakeFilter), input)
    {
        _skip = skip;
        _take = take;
    }

    public override DataViewSchema OutputSchema => Source.Schema;

    public override bool CanShuffle => false;

    public override long? GetRowCount()
    {
        if (_take == 0)
            return 0;
        return Source.GetRowCount() is { } count ? Math.Min(Math.Max(0, count - _skip), _take) : null;
    }

    public override DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => new[] { GetRowCursorCore(columnsNeeded) };

    protected override bool? ShouldUseParallelCursors(Func<int, bool> predicate) => false;

    protected override DataViewRowCursor GetRowCursorCore(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(Host, Source.GetRowCursor(columnsNeeded), _skip, _take);

    private sealed class Cursor : RootCursorBase
    {
        private readonly DataViewRowCursor _input;
        private long _toSkip;
        private long _toTake;
        private bool _disposed;

        public Cursor(IChannelProvider provider, DataViewRowCursor input, long skip, long take)
            : base(provider)
        {
            _input = input;
            _toSkip = skip;
            _toTake = take;
        }

        public override DataViewSchema Schema => _input.Schema;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => _input.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _input.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

        protected override bool MoveNextCore()
        {
            if (_toTake-- <= 0)
                return false;
            for (; _toSkip > 0; _toSkip--)
            {
                if (!_input.MoveNext())
                    return false;
            }
            return _input.MoveNext();
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
    }
}
