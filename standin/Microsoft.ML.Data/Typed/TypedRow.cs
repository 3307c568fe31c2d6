using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Fills objects with the values of a row.</summary>
internal sealed class TypedRow<TRow>
    where TRow : class
{
    private readonly IHost _host;
    private readonly Action<TRow>[] _setters;

    public TypedRow(IHost host, DataViewRow input, IEnumerable<(int Index, InternalSchemaDefinition.Column Column)> bound)
    {
        _host = host;
        _setters = bound.Select(one => CreateSetter(input, input.Schema[one.Index], one.Column)).ToArray();
    }

    public void FillValues(TRow row)
    {
        foreach (var setter in _setters)
            setter(row);
    }

    private Action<TRow> CreateSetter(DataViewRow input, DataViewSchema.Column source, InternalSchemaDefinition.Column column)
    {
        Type type = column.OutputType;
        if (type == typeof(string))
            return TextSetter(input, source, column);
        if (type == typeof(string[]))
            return TextArraySetter(input, source, column);
        if (type.IsArray)
            return GenericCall.Invoke<Action<TRow>>(ItemArraySetter<int>, type.GetElementType(), input, source, column);
        if (source.Type is VectorDataViewType vector)
            return GenericCall.Invoke<Action<TRow>>(BufferSetter<int>, vector.ItemType.RawType, input, source, column);
        if (source.Type is PrimitiveDataViewType || DataViewTypeManager.Knows(source.Type))
            return GenericCall.Invoke<Action<TRow>>(DirectSetter<int>, type, input, source, column);
        throw _host.ExceptNotSupp("Type '{0}' is not yet supported.", type.FullName);
    }

    private static Action<TRow> DirectSetter<T>(DataViewRow input, DataViewSchema.Column source, InternalSchemaDefinition.Column column)
    {
        var getter = input.GetGetter<T>(source);
        var poke = MemberAccess.Poke<TRow, T>(column.MemberInfo);
        T value = default;
        return row =>
        {
            getter(ref value);
            poke(row, value);
        };
    }

    private static Action<TRow> TextSetter(DataViewRow input, DataViewSchema.Column source, InternalSchemaDefinition.Column column)
    {
        var getter = input.GetGetter<ReadOnlyMemory<char>>(source);
        var poke = MemberAccess.Poke<TRow, string>(column.MemberInfo);
        ReadOnlyMemory<char> value = default;
        return row =>
        {
            getter(ref value);
            poke(row, value.ToString());
        };
    }

    private static Action<TRow> TextArraySetter(DataViewRow input, DataViewSchema.Column source, InternalSchemaDefinition.Column column)
        => ArraySetter<ReadOnlyMemory<char>, string>(input, source, column, text => text.ToString());

    private static Action<TRow> ItemArraySetter<T>(DataViewRow input, DataViewSchema.Column source, InternalSchemaDefinition.Column column)
        => ArraySetter<T, T>(input, source, column, item => item);

    // An array that the object already holds is filled again if its length is right; none stays none where there are no items.
    private static Action<TRow> ArraySetter<T, TItem>(DataViewRow input, DataViewSchema.Column source, InternalSchemaDefinition.Column column, Func<T, TItem> convert)
    {
        var getter = input.GetGetter<VBuffer<T>>(source);
        var peek = MemberAccess.CanPeek(column.MemberInfo) ? MemberAccess.Peek<TRow, TItem[]>(column.MemberInfo) : _ => null;
        var poke = MemberAccess.Poke<TRow, TItem[]>(column.MemberInfo);
        VBuffer<T> value = default;
        return row =>
        {
            getter(ref value);
            TItem[] array = peek(row);
            if ((array?.Length ?? 0) != value.Length)
                array = new TItem[value.Length];
            if (array is T[] same)
            {
                value.CopyTo(same);
            }
            else
            {
                int i = 0;
                foreach (T item in value.DenseValues())
                    array[i++] = convert(item);
            }
            poke(row, array);
        };
    }

    // Likewise for the storage of a buffer.
    private static Action<TRow> BufferSetter<T>(DataViewRow input, DataViewSchema.Column source, InternalSchemaDefinition.Column column)
    {
        var getter = input.GetGetter<VBuffer<T>>(source);
        var peek = MemberAccess.CanPeek(column.MemberInfo) ? MemberAccess.Peek<TRow, VBuffer<T>>(column.MemberInfo) : _ => default;
        var poke = MemberAccess.Poke<TRow, VBuffer<T>>(column.MemberInfo);
        return row =>
        {
            VBuffer<T> value = peek(row);
            getter(ref value);
            poke(row, value);
        };
    }
}
