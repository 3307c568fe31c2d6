using System;

namespace Microsoft.ML.Data;

internal static class ColumnTypeExtensions
{
    public static DataViewType GetItemType(this DataViewType columnType) => (columnType as VectorDataViewType)?.ItemType ?? columnType;

    /// <summary>0 for what is no vector, or one of unknown size.</summary>
    public static int GetVectorSize(this DataViewType columnType) => (columnType as VectorDataViewType)?.Size ?? 0;

    /// <summary>1 for what is no vector, 0 for a vector of unknown size.</summary>
    public static int GetValueCount(this DataViewType columnType) => (columnType as VectorDataViewType)?.Size ?? 1;

    public static bool IsKnownSizeVector(this DataViewType columnType) => columnType.GetVectorSize() > 0;

    public static ulong GetKeyCount(this DataViewType columnType) => (columnType as KeyDataViewType)?.Count ?? 0;

    public static PrimitiveDataViewType PrimitiveTypeFromType(Type type)
    {
        if (type == typeof(ReadOnlyMemory<char>) || type == typeof(string))
            return TextDataViewType.Instance;
        if (type == typeof(bool))
            return BooleanDataViewType.Instance;
        if (type == typeof(TimeSpan))
            return TimeSpanDataViewType.Instance;
        if (type == typeof(DateTime))
            return DateTimeDataViewType.Instance;
        if (type == typeof(DateTimeOffset))
            return DateTimeOffsetDataViewType.Instance;
        if (type == typeof(DataViewRowId))
            return RowIdDataViewType.Instance;
        return NumberTypeFromType(type);
    }

    public static NumberDataViewType NumberTypeFromType(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.SByte => NumberDataViewType.SByte,
        TypeCode.Byte => NumberDataViewType.Byte,
        TypeCode.Int16 => NumberDataViewType.Int16,
        TypeCode.UInt16 => NumberDataViewType.UInt16,
        TypeCode.Int32 => NumberDataViewType.Int32,
        TypeCode.UInt32 => NumberDataViewType.UInt32,
        TypeCode.Int64 => NumberDataViewType.Int64,
        TypeCode.UInt64 => NumberDataViewType.UInt64,
        TypeCode.Single => NumberDataViewType.Single,
        TypeCode.Double => NumberDataViewType.Double,
        _ => throw new InvalidOperationException($"Bad type in ColumnTypeExtensions.NumberTypeFromType: {type}"),
    };
}
