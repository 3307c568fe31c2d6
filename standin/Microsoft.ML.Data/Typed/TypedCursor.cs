using System;

namespace Microsoft.ML.Data;

/// <summary>A cursor that fills objects.</summary>
internal sealed class TypedCursor<TRow> : IDisposable
    where TRow : class
{
    private readonly DataViewRowCursor _cursor;
    private readonly TypedRow<TRow> _row;

    public TypedCursor(DataViewRowCursor cursor, TypedRow<TRow> row)
    {
        _cursor = cursor;
        _row = row;
    }

    public bool MoveNext() => _cursor.MoveNext();

    public void FillValues(TRow row) => _row.FillValues(row);

    public void Dispose() => _cursor.Dispose();
}
