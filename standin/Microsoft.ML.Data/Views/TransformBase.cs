using System;
using System.Collections.Generic;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view over another view.</summary>
internal abstract class TransformBase : IDataView
{
    protected readonly IHost Host;

    protected TransformBase(IHostEnvironment env, string name, IDataView input)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(input, nameof(input));
        Host = env.Register(name);
        Source = input;
    }

    public IDataView Source { get; }

    public abstract DataViewSchema OutputSchema { get; }

    DataViewSchema IDataView.Schema => OutputSchema;

    public virtual bool CanShuffle => Source.CanShuffle;

    public abstract long? GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var predicate = RowCursorUtils.FromColumnsToPredicate(columnsNeeded, OutputSchema);
        Random shuffle = CanShuffle ? rand : null;
        if (ShouldUseParallelCursors(predicate) != false
            && DataViewUtils.TryCreateConsolidatingCursor(out DataViewRowCursor consolidated, this, columnsNeeded, Host, shuffle))
            return consolidated;
        return GetRowCursorCore(columnsNeeded, shuffle);
    }

    public abstract DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null);

    /// <summary>False if rows must be made one after another, true if several threads speed them up, null if the source may decide.</summary>
    protected abstract bool? ShouldUseParallelCursors(Func<int, bool> predicate);

    /// <summary>A cursor that works on the caller's thread.</summary>
    protected abstract DataViewRowCursor GetRowCursorCore(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null);
}
