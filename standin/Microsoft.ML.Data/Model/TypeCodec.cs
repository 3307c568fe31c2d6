using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Column types in binary data views: a name, then as many bytes of details as said.</summary>
internal static class TypeCodec
{
    private const string Vector = "VBuffer";
    private const string Key = "Key2";

    private static readonly Dictionary<string, PrimitiveDataViewType> _simple = new PrimitiveDataViewType[]
    {
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16, NumberDataViewType.Int32,
        NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64, NumberDataViewType.Single, NumberDataViewType.Double,
        BooleanDataViewType.Instance, TimeSpanDataViewType.Instance, DateTimeDataViewType.Instance, DateTimeOffsetDataViewType.Instance,
        RowIdDataViewType.Instance, TextDataViewType.Instance,
    }.ToDictionary(NameOf);

    public static bool CanWrite(DataViewType type)
        => type.GetItemType() is KeyDataViewType || _simple.ContainsValue(type.GetItemType() as PrimitiveDataViewType);

    public static void Write(BinaryWriter writer, DataViewType type)
    {
        using var details = new MemoryStream();
        using (var inner = new BinaryWriter(details, Encoding.UTF8, leaveOpen: true))
        {
            if (type is VectorDataViewType vector)
            {
                Write(inner, vector.ItemType);
                inner.Write(vector.Dimensions.Length);
                foreach (int dimension in vector.Dimensions)
                    inner.Write(dimension);
            }
            else if (type is KeyDataViewType key)
            {
                Write(inner, ColumnTypeExtensions.PrimitiveTypeFromType(key.RawType));
                inner.Write(key.Count);
            }
        }
        writer.Write(type is VectorDataViewType ? Vector : type is KeyDataViewType ? Key : NameOf(type));
        writer.Write7BitEncodedInt64(details.Length);
        writer.Write(details.ToArray());
    }

    public static DataViewType Read(BinaryReader reader)
    {
        string name = reader.ReadString();
        reader.Read7BitEncodedInt64();
        switch (name)
        {
            case Vector:
                var itemType = Read(reader) as PrimitiveDataViewType;
                Contracts.CheckDecode(itemType != null);
                int rank = reader.ReadInt32();
                Contracts.CheckDecode(rank is >= 0 and <= 100);
                var dimensions = new int[rank];
                for (int i = 0; i < dimensions.Length; i++)
                    dimensions[i] = reader.ReadInt32();
                Contracts.CheckDecode(dimensions.All(dimension => dimension >= 0));
                return dimensions.Length == 0 ? new VectorDataViewType(itemType) : new VectorDataViewType(itemType, dimensions);
            case Key:
                Type rawType = Read(reader).RawType;
                Contracts.CheckDecode(KeyDataViewType.IsValidDataType(rawType));
                return new KeyDataViewType(rawType, reader.ReadUInt64());
            default:
                return _simple.TryGetValue(name, out PrimitiveDataViewType type) ? type : throw Contracts.ExceptDecode($"Unknown column type '{name}'");
        }
    }

    private static string NameOf(DataViewType type) => type is TextDataViewType ? "TextSpan" : type.RawType.Name;
}
