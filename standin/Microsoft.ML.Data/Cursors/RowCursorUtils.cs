using System;
using System.Collections.Generic;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>What cursors of every kind do alike.</summary>
internal static class RowCursorUtils
{
    public const string FetchValueStateError = "Values cannot be fetched at this time. This method was called either before the first call to "
        + "MoveNext, or at any point after a call to MoveNext returned false.";

    public static Func<int, bool> FromColumnsToPredicate(IEnumerable<DataViewSchema.Column> columnsNeeded, DataViewSchema sourceSchema)
    {
        Contracts.CheckValue(columnsNeeded, nameof(columnsNeeded));
        Contracts.CheckValue(sourceSchema, nameof(sourceSchema));

        var needed = new bool[sourceSchema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
        {
            if (column.Index >= needed.Length)
                throw Contracts.Except($"The requested column: {column} is not part of the {nameof(sourceSchema)}");
            needed[column.Index] = true;
        }
        return col => needed[col];
    }

    /// <summary>Which of so many columns are asked for.</summary>
    public static bool[] BuildArray(int length, IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        var needed = new bool[length];
        foreach (DataViewSchema.Column column in columnsNeeded)
            needed[column.Index] = true;
        return needed;
    }

    /// <summary>The getter of a column whose type is known only at run time.</summary>
    public static Delegate GetGetterAsDelegate(DataViewRow row, int col)
    {
        Contracts.CheckValue(row, nameof(row));
        Contracts.CheckParam(0 <= col && col < row.Schema.Count, nameof(col));
        Contracts.CheckParam(row.IsColumnActive(row.Schema[col]), nameof(col), "column was not active");
        return GenericCall.Invoke<Delegate>(GetGetter<int>, row.Schema[col].Type.RawType, row, col);
    }

    /// <summary>A getter as the one of the asked type that it should be.</summary>
    public static ValueGetter<TValue> Cast<TValue>(IExceptionContext ectx, Delegate getter)
        => getter as ValueGetter<TValue>
            ?? throw ectx.Except($"Invalid TValue in GetGetter: '{typeof(TValue)}', expected type: '{getter.GetType().GetGenericArguments()[0]}'.");

    private static Delegate GetGetter<TValue>(DataViewRow row, int col) => row.GetGetter<TValue>(row.Schema[col]);
}
