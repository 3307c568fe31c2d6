using System;

namespace Microsoft.ML.Data;

public static class SchemaAnnotationsExtensions
{
    public static bool HasSlotNames(this DataViewSchema.Column column)
        => column.Type.IsKnownSizeVector() && HasVector(column, AnnotationUtils.Kinds.SlotNames, TextDataViewType.Instance, (ulong)column.Type.GetVectorSize());

    public static void GetSlotNames(this DataViewSchema.Column column, ref VBuffer<ReadOnlyMemory<char>> slotNames)
        => column.Annotations.GetValue(AnnotationUtils.Kinds.SlotNames, ref slotNames);

    public static bool HasKeyValues(this DataViewSchema.Column column, PrimitiveDataViewType keyValueItemType = null)
        => column.Type.GetItemType() is KeyDataViewType key
            && HasVector(column, AnnotationUtils.Kinds.KeyValues, keyValueItemType ?? TextDataViewType.Instance, key.Count);

    public static void GetKeyValues<TValue>(this DataViewSchema.Column column, ref VBuffer<TValue> keyValues)
        => column.Annotations.GetValue(AnnotationUtils.Kinds.KeyValues, ref keyValues);

    private static bool HasVector(DataViewSchema.Column column, string kind, DataViewType itemType, ulong size)
        => column.Annotations.Schema.GetColumnOrNull(kind)?.Type is VectorDataViewType vector && (ulong)vector.Size == size && itemType.Equals(vector.ItemType);
}
