using System;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>The names of a concatenated vector's slots: those of the columns it is made of.</summary>
internal static class SlotNames
{
    public static DataViewSchema.Annotations Of(DataViewSchema.Column[] sources, VectorDataViewType type)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (type.IsKnownSize && sources.Any(source => source.Type is not VectorDataViewType || HasNames(source)))
        {
            var names = new Lazy<ReadOnlyMemory<char>[]>(() => sources.SelectMany(NamesOf).ToArray());
            ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter = (ref VBuffer<ReadOnlyMemory<char>> value)
                => VBuffer<ReadOnlyMemory<char>>.Copy(names.Value, 0, ref value, names.Value.Length);
            builder.Add(AnnotationUtils.Kinds.SlotNames, new VectorDataViewType(TextDataViewType.Instance, type.Size), getter);
        }
        return builder.ToAnnotations();
    }

    private static bool HasNames(DataViewSchema.Column column)
        => column.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.SlotNames)?.Type is VectorDataViewType type
            && type.ItemType is TextDataViewType && type.Size == column.Type.GetValueCount();

    private static ReadOnlyMemory<char>[] NamesOf(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType)
            return new[] { column.Name.AsMemory() };
        if (!HasNames(column))
            return new ReadOnlyMemory<char>[column.Type.GetValueCount()];
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.Annotations.GetValue(AnnotationUtils.Kinds.SlotNames, ref names);
        return names.DenseValues().Select(name => name.IsEmpty ? name : $"{column.Name}.{name}".AsMemory()).ToArray();
    }
}
