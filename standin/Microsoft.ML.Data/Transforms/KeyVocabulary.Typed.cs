using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

internal sealed class KeyVocabulary<T> : KeyVocabulary
    where T : struct
{
    private readonly T[] _terms;
    private readonly Dictionary<T, uint> _keys;

    public KeyVocabulary(PrimitiveDataViewType itemType, IEnumerable<T> terms)
        : this(itemType, terms.ToArray())
    {
    }

    private KeyVocabulary(PrimitiveDataViewType itemType, T[] terms)
        : base(itemType, terms.Length)
    {
        _terms = terms;
        _keys = new Dictionary<T, uint>(KeyTerms<T>.Comparer);
        foreach (T term in terms)
            _keys.Add(term, (uint)_keys.Count + 1);
    }

    public override void Save(ModelSaveContext ctx)
    {
        ctx.Writer.Write(ItemType is TextDataViewType ? TextTerms : NumberTerms);
        if (ItemType is not TextDataViewType)
            TypeCodec.Write(ctx.Writer, ItemType);
        ctx.Writer.Write(_terms.Length);
        if (ItemType is not TextDataViewType)
        {
            ctx.Writer.Write(MemoryMarshal.AsBytes(_terms.AsSpan()));
            return;
        }
        foreach (T term in _terms)
            ctx.SaveNonEmptyString(term.ToString());
    }

    public override void AddKeyValues(DataViewSchema.Annotations.Builder builder, bool asText)
    {
        if (asText && ItemType is not TextDataViewType)
            Add(builder, TextDataViewType.Instance, Array.ConvertAll(_terms, term => Convert.ToString(term, CultureInfo.InvariantCulture).AsMemory()));
        else
            Add(builder, ItemType, _terms);
    }

    public override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType)
        {
            var getter = row.GetGetter<T>(column);
            T value = default;
            return (ValueGetter<uint>)((ref uint key) =>
            {
                getter(ref value);
                key = KeyOf(value);
            });
        }

        var read = KeyTerms<T>.Reader(row, column);
        return (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> keys) =>
        {
            uint[] found = read().Select(KeyOf).ToArray();
            VBuffer<uint>.Copy(found, 0, ref keys, found.Length);
        });
    }

    // What is missing, or was not learned, has no key.
    private uint KeyOf(T value) => _keys.GetValueOrDefault(value);

    private void Add<TValue>(DataViewSchema.Annotations.Builder builder, PrimitiveDataViewType itemType, TValue[] values)
    {
        ValueGetter<VBuffer<TValue>> getter = (ref VBuffer<TValue> value) => VBuffer<TValue>.Copy(values, 0, ref value, values.Length);
        builder.Add(AnnotationUtils.Kinds.KeyValues, new VectorDataViewType(itemType, (int)KeyType.Count), getter);
    }
}
