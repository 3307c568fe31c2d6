using System;
using System.Collections.Generic;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>Consecutive rows of a cursor, copied: their active columns and ids.</summary>
internal sealed class RowBatch
{
    public RowBatch(DataViewSchema schema, bool[] active)
    {
        Columns = schema.Select(column => active[column.Index] ? ColumnBuffer.Create(column.Type) : null).ToArray();
        Ids = ColumnBuffer.Create(RowIdDataViewType.Instance);
    }

    /// <summary>Where the rows belong in the order of the whole: see <see cref="DataViewRow.Batch"/>.</summary>
    public long Id { get; set; }

    public int Count { get; private set; }

    /// <summary>By column index; null for inactive columns.</summary>
    public IReadOnlyList<ColumnBuffer> Columns { get; }

    public ColumnBuffer Ids { get; }

    public void Clear() => Count = 0;

    public void Add(Delegate[] getters, ValueGetter<DataViewRowId> idGetter)
    {
        for (int col = 0; col < getters.Length; col++)
            Columns[col]?.Store(Count, getters[col]);
        Ids.Store(Count, idGetter);
        Count++;
    }
}
