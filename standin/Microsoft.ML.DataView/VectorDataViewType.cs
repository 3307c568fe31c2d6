using System;
using System.Collections.Immutable;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>A vector of known size or, where a dimension is 0, of a size that each row decides.</summary>
public sealed class VectorDataViewType : StructuredDataViewType
{
    public VectorDataViewType(PrimitiveDataViewType itemType, int size = 0)
        : base(GetRawType(itemType))
    {
        if (size < 0)
            throw new ArgumentOutOfRangeException(nameof(size));

        ItemType = itemType;
        Dimensions = ImmutableArray.Create(size);
        Size = size;
    }

    public VectorDataViewType(PrimitiveDataViewType itemType, params int[] dimensions)
        : this(itemType, (dimensions ?? []).ToImmutableArray())
    {
    }

    public VectorDataViewType(PrimitiveDataViewType itemType, ImmutableArray<int> dimensions)
        : base(GetRawType(itemType))
    {
        if (dimensions.Length == 0 || dimensions.Any(dimension => dimension < 0))
            throw new ArgumentOutOfRangeException(nameof(dimensions));

        ItemType = itemType;
        Dimensions = dimensions;
        Size = dimensions.Aggregate(1, (size, dimension) => checked(size * dimension));
    }

    public ImmutableArray<int> Dimensions { get; }

    public PrimitiveDataViewType ItemType { get; }

    public int Size { get; }

    public bool IsKnownSize => Size > 0;

    public override bool Equals(DataViewType other)
        => other is VectorDataViewType vector
            && ItemType.Equals(vector.ItemType)
            && Dimensions.AsSpan().SequenceEqual(vector.Dimensions.AsSpan());

    public override bool Equals(object other) => other is DataViewType type && Equals(type);

    public override int GetHashCode()
        => Dimensions.Aggregate(ItemType.GetHashCode(), HashCode.Combine);

    public override string ToString()
    {
        if (Dimensions.Length == 1 && !IsKnownSize)
            return $"Vector<{ItemType}>";
        var sizes = Dimensions.Select(dimension => dimension > 0 ? dimension.ToString() : "*");
        return $"Vector<{ItemType}, {string.Join(", ", sizes)}>";
    }

    private static Type GetRawType(PrimitiveDataViewType itemType)
    {
        if (itemType == null)
            throw new ArgumentNullException(nameof(itemType));
        return typeof(VBuffer<>).MakeGenericType(itemType.RawType);
    }
}
