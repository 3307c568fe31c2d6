using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName) => GetColumn<T>(data, data.Schema[columnName]);

    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckNonEmpty(column.Name, nameof(column));
        DataViewSchema.Column own = data.Schema[column.Index];
        if (own.Name != column.Name || own.Type != column.Type)
        {
            throw Contracts.ExceptParam(nameof(column), "column with name {0}, type {1}, and index {2} cannot be found in {3}",
                column.Name, column.Type, column.Index, nameof(data));
        }

        if (column.Type.RawType == typeof(T))
            return Read<T>(data, own);
        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
            return (IEnumerable<T>)Read<ReadOnlyMemory<char>>(data, own).Select(text => text.ToString());
        if (typeof(T).IsArray)
        {
            if (column.Type is not VectorDataViewType vector)
                throw Contracts.ExceptParam(nameof(column), "Cannot load vector type, {0}, specified in {1} to the user-defined type, {2}.", column.Type, nameof(column), typeof(T));
            if (typeof(T).GetElementType() == vector.ItemType.RawType)
                return GenericCall.Invoke<IEnumerable<T>>(ReadArrays<int>, vector.ItemType.RawType, data, own);
            if (typeof(T) == typeof(string[]) && vector.ItemType is TextDataViewType)
                return (IEnumerable<T>)ReadArrays<ReadOnlyMemory<char>>(data, own).Select(texts => Array.ConvertAll(texts, text => text.ToString()));
        }
        throw Contracts.ExceptParam(nameof(column), "Cannot map column (name: {0}, type: {1}) in {2} to the user-defined type, {3}.",
            column.Name, column.Type, nameof(data), typeof(T));
    }

    private static IEnumerable<T> Read<T>(IDataView data, DataViewSchema.Column column)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(column);
        var getter = cursor.GetGetter<T>(column);
        T value = default;
        while (cursor.MoveNext())
        {
            getter(ref value);
            yield return value;
        }
    }

    private static IEnumerable<T[]> ReadArrays<T>(IDataView data, DataViewSchema.Column column)
        => Read<VBuffer<T>>(data, column).Select(value => value.DenseValues().ToArray());
}
