using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>The values that keys stand for: texts, or numbers of one type.</summary>
internal abstract class KeyVocabulary
{
    protected const byte TextTerms = 0;
    protected const byte NumberTerms = 1;

    protected KeyVocabulary(PrimitiveDataViewType itemType, int count)
    {
        ItemType = itemType;
        KeyType = new KeyDataViewType(typeof(uint), Math.Max(count, 1));
    }

    public PrimitiveDataViewType ItemType { get; }

    public KeyDataViewType KeyType { get; }

    public static bool Takes(DataViewType type) => type.GetItemType() is TextDataViewType or NumberDataViewType;

    /// <summary>The first values of a column, up to a number, in their order or sorted.</summary>
    public static KeyVocabulary Learn(IDataView data, DataViewSchema.Column column, int maximum, bool sorted)
        => GenericCall.Invoke<KeyVocabulary>(Learn<int>, column.Type.GetItemType().RawType, data, column, maximum, sorted);

    public static KeyVocabulary Load(ModelLoadContext ctx)
    {
        if (ctx.Reader.ReadByte() == TextTerms)
        {
            var texts = Enumerable.Range(0, ctx.Reader.ReadInt32()).Select(_ => ctx.LoadNonEmptyString().AsMemory());
            return new KeyVocabulary<ReadOnlyMemory<char>>(TextDataViewType.Instance, texts);
        }
        DataViewType type = TypeCodec.Read(ctx.Reader);
        Contracts.CheckDecode(type is NumberDataViewType);
        return GenericCall.Invoke<KeyVocabulary>(LoadNumbers<int>, type.RawType, ctx, type);
    }

    public abstract void Save(ModelSaveContext ctx);

    public abstract void AddKeyValues(DataViewSchema.Annotations.Builder builder, bool asText);

    /// <summary>A getter of the keys of a column's values.</summary>
    public abstract Delegate MakeGetter(DataViewRow row, DataViewSchema.Column column);

    private static KeyVocabulary Learn<T>(IDataView data, DataViewSchema.Column column, int maximum, bool sorted)
        where T : struct
    {
        var terms = new HashSet<T>(KeyTerms<T>.Comparer);
        var ordered = new List<T>();
        using DataViewRowCursor cursor = data.GetRowCursor(column);
        var read = KeyTerms<T>.Reader(cursor, column);
        while (ordered.Count < maximum && cursor.MoveNext())
        {
            foreach (T term in read())
            {
                if (ordered.Count < maximum && !KeyTerms<T>.IsMissing(term) && terms.Add(term))
                    ordered.Add(term);
            }
        }
        if (sorted)
            ordered.Sort(KeyTerms<T>.Order);
        return new KeyVocabulary<T>((PrimitiveDataViewType)column.Type.GetItemType(), ordered);
    }

    private static KeyVocabulary LoadNumbers<T>(ModelLoadContext ctx, DataViewType type)
        where T : struct
    {
        int count = ctx.Reader.ReadInt32();
        Contracts.CheckDecode(count >= 0 && count <= ctx.Reader.BaseStream.Length);
        var terms = new T[count];
        ctx.Reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(terms.AsSpan()));
        return new KeyVocabulary<T>((PrimitiveDataViewType)type, terms);
    }
}
