using System;
using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>A 128-bit row identity. New identities derive from old ones by rounds of 128-bit MurmurHash3, so they rarely collide.</summary>
public readonly struct DataViewRowId : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    private const ulong C1 = 0x87c37b91114253d5;
    private const ulong C2 = 0x4cf5ad432745937f;

    public readonly ulong Low;

    public readonly ulong High;

    public DataViewRowId(ulong low, ulong high)
    {
        Low = low;
        High = high;
    }

    public int CompareTo(DataViewRowId other)
    {
        int order = High.CompareTo(other.High);
        return order != 0 ? order : Low.CompareTo(other.Low);
    }

    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    public override bool Equals(object obj) => obj is DataViewRowId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Low, High);

    public override string ToString() => $"{High:x16}{Low:x16}";

    /// <summary>The identity of the first row that this one gives rise to.</summary>
    public DataViewRowId Fork()
    {
        DataViewRowId next = Next();
        return new DataViewRowId(next.Low ^ ScrambleLow(1), next.High);
    }

    /// <summary>The identity of the next row that came of the same parent.</summary>
    public DataViewRowId Next() => Round(0, 0);

    public DataViewRowId Combine(DataViewRowId other)
    {
        other = other.Fork();
        return Round(ScrambleLow(other.Low), BitOperations.RotateLeft(other.High * C2, 33) * C1);
    }

    private static ulong ScrambleLow(ulong key) => BitOperations.RotateLeft(key * C1, 31) * C2;

    private DataViewRowId Round(ulong keyLow, ulong keyHigh)
    {
        ulong low = (BitOperations.RotateLeft(Low ^ keyLow, 27) + High) * 5 + 0x52dce729;
        ulong high = (BitOperations.RotateLeft(High ^ keyHigh, 31) + low) * 5 + 0x38495ab5;
        return new DataViewRowId(low, high);
    }
}
