using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The first rows of a view, as objects.</summary>
public sealed class DataDebuggerPreview
{
    internal DataDebuggerPreview(IDataView data, int maxRows)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckParam(maxRows >= 0, nameof(maxRows));
        Schema = data.Schema;

        using DataViewRowCursor cursor = data.GetRowCursorForAllColumns();
        var getters = Schema.Select(column => GenericCall.Invoke<Func<object>>(Boxed<int>, column.Type.RawType, cursor, column)).ToArray();
        var rows = new List<RowInfo>();
        var columns = Schema.Select(_ => new List<object>()).ToArray();
        while (rows.Count < maxRows && cursor.MoveNext())
        {
            var row = new RowInfo(getters.Length);
            for (int i = 0; i < getters.Length; i++)
            {
                // Twice, so that the two views share nothing that can change.
                row.Values[i] = new KeyValuePair<string, object>(Schema[i].Name, getters[i]());
                columns[i].Add(getters[i]());
            }
            rows.Add(row);
        }
        RowView = rows.ToImmutableArray();
        ColumnView = columns.Select((values, i) => new ColumnInfo(Schema[i], values.ToArray())).ToImmutableArray();
    }

    public DataViewSchema Schema { get; }

    public ImmutableArray<ColumnInfo> ColumnView { get; }

    public ImmutableArray<RowInfo> RowView { get; }

    public override string ToString() => $"{Schema.Count} columns, {RowView.Length} rows";

    private static Func<object> Boxed<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default;
            getter(ref value);
            return value;
        };
    }

    public sealed class RowInfo
    {
        internal RowInfo(int count)
        {
            Values = new KeyValuePair<string, object>[count];
        }

        public KeyValuePair<string, object>[] Values { get; }

        public override string ToString() => $"{Values.Length} columns";
    }

    public sealed class ColumnInfo
    {
        internal ColumnInfo(DataViewSchema.Column column, object[] values)
        {
            Column = column;
            Values = values;
        }

        public DataViewSchema.Column Column { get; }

        public object[] Values { get; }

        public override string ToString() => $"{Column.Name}: {Column.Type}";
    }
}
