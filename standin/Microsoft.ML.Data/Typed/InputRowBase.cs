using System;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A row whose columns are the members of an object.</summary>
internal abstract class InputRowBase<TRow> : DataViewRow
    where TRow : class
{
    protected readonly IHost Host;

    private readonly Delegate[] _getters;

    protected InputRowBase(IHostEnvironment env, DataViewSchema schema, InternalSchemaDefinition definition, Func<int, bool> predicate)
    {
        Host = env.Register("Row");
        Schema = schema;
        _getters = definition.Columns.Select((column, col) => predicate(col) ? CreateGetter(column) : null).ToArray();
    }

    public override DataViewSchema Schema { get; }

    public override long Batch => 0;

    public override bool IsColumnActive(DataViewSchema.Column column)
    {
        if (column.Index < 0 || column.Index >= _getters.Length)
            throw Host.Except("Column index must be between 0 and {0}", _getters.Length);
        return _getters[column.Index] != null;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Host.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
        Delegate getter = _getters[column.Index];
        return getter as ValueGetter<TValue>
            ?? throw Host.Except($"Invalid TValue in GetGetter for column #{column}: '{typeof(TValue)}', expected type: '{getter.GetType().GetGenericArguments()[0]}'.");
    }

    public override ValueGetter<DataViewRowId> GetIdGetter()
        => (ref DataViewRowId value) =>
        {
            Host.Check(Position >= 0, RowCursorUtils.FetchValueStateError);
            value = new DataViewRowId((ulong)Position, 0);
        };

    protected abstract TRow GetCurrentRowObject();

    private Delegate CreateGetter(InternalSchemaDefinition.Column column)
    {
        Type type = column.OutputType;
        if (type == typeof(string))
            return TextGetter(column);
        if (type == typeof(string[]))
            return TextArrayGetter(column);
        if (type.IsArray)
            return GenericCall.Invoke<Delegate>(ArrayGetter<int>, type.GetElementType(), column);
        if (column.ColumnType is VectorDataViewType vector)
            return GenericCall.Invoke<Delegate>(BufferGetter<int>, vector.ItemType.RawType, column);
        if (column.ColumnType is KeyDataViewType)
            return GenericCall.Invoke<Delegate>(KeyGetter<int>, type, column);
        return GenericCall.Invoke<Delegate>(DirectGetter<int>, type, column);
    }

    private Delegate DirectGetter<T>(InternalSchemaDefinition.Column column)
    {
        var peek = MemberAccess.Peek<TRow, T>(column.MemberInfo);
        return (ValueGetter<T>)((ref T value) => value = peek(GetCurrentRowObject()));
    }

    private Delegate TextGetter(InternalSchemaDefinition.Column column)
    {
        var peek = MemberAccess.Peek<TRow, string>(column.MemberInfo);
        return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = peek(GetCurrentRowObject()).AsMemory());
    }

    private Delegate TextArrayGetter(InternalSchemaDefinition.Column column)
    {
        var peek = MemberAccess.Peek<TRow, string[]>(column.MemberInfo);
        return (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> value) =>
        {
            string[] texts = peek(GetCurrentRowObject()) ?? Array.Empty<string>();
            var editor = VBufferEditor.Create(ref value, texts.Length);
            for (int i = 0; i < texts.Length; i++)
                editor.Values[i] = texts[i].AsMemory();
            value = editor.Commit();
        });
    }

    private Delegate ArrayGetter<T>(InternalSchemaDefinition.Column column)
    {
        var peek = MemberAccess.Peek<TRow, T[]>(column.MemberInfo);
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
        {
            T[] items = peek(GetCurrentRowObject()) ?? Array.Empty<T>();
            var editor = VBufferEditor.Create(ref value, items.Length);
            items.CopyTo(editor.Values);
            value = editor.Commit();
        });
    }

    private Delegate BufferGetter<T>(InternalSchemaDefinition.Column column)
    {
        var peek = MemberAccess.Peek<TRow, VBuffer<T>>(column.MemberInfo);
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => peek(GetCurrentRowObject()).CopyTo(ref value));
    }

    // Members count from zero; in data views zero stands for a missing key.
    private Delegate KeyGetter<T>(InternalSchemaDefinition.Column column)
    {
        var peek = MemberAccess.Peek<TRow, T>(column.MemberInfo);
        ulong count = column.ColumnType.GetKeyCount();
        return (ValueGetter<T>)((ref T value) =>
        {
            ulong key = (ulong)Convert.ChangeType(peek(GetCurrentRowObject()), typeof(ulong));
            value = (T)Convert.ChangeType(key < count ? key + 1 : 0, typeof(T));
        });
    }
}
