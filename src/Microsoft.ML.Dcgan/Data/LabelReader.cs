using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>Reads the class, from 0, of the row that a cursor is at.</summary>
internal static class LabelReader
{
    /// <param name="row">Where it is read.</param>
    /// <param name="column">A column of keys: of the classes themselves, or of values that are to be found among them.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="which">What errors call the row.</param>
    public static Func<long> OfKeys(DataViewRow row, DataViewSchema.Column column, LabelColumn labels, Func<string> which)
    {
        Func<ulong> read = KeyReader(row, column);
        ulong count = ((KeyDataViewType)column.Type).Count;
        KeyValueType? type = labels.ValueType == null ? null : KeyValueType.Of(column);
        string[]? values = type?.ValuesOf(column).ToArray();
        int[]? classes = values?.Select(labels.IndexOf).ToArray();
        return () =>
        {
            ulong key = read();
            if (key == 0)
                throw Missing(labels, which);
            if (key > count)
                throw Failure(labels, which, $"holds the key {key}, but its type, {column.Type}, ends at {count}.");
            if (classes == null)
                return (long)key - 1;
            return Known(classes[key - 1], values![key - 1], labels, which);
        };
    }

    /// <param name="read">Reads the class's value.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="which">What errors call the row.</param>
    public static Func<long> OfValues(Func<string> read, LabelColumn labels, Func<string> which) => () =>
    {
        string value = read();
        return Known(labels.IndexOf(value), value, labels, which);
    };

    private static long Known(int index, string value, LabelColumn labels, Func<string> which) => index >= 0
        ? index
        : throw Failure(labels, which, $"holds '{value}', which is none of the classes trained on: {labels.Listing()}.");

    private static Func<ulong> KeyReader(DataViewRow row, DataViewSchema.Column column)
    {
        Type raw = column.Type.RawType;
        return raw == typeof(byte) ? KeyReader<byte>(row, column)
            : raw == typeof(ushort) ? KeyReader<ushort>(row, column)
            : raw == typeof(uint) ? KeyReader<uint>(row, column)
            : KeyReader<ulong>(row, column);
    }

    private static Func<ulong> KeyReader<T>(DataViewRow row, DataViewSchema.Column column) where T : unmanaged, INumberBase<T>
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T key = default;
        return () =>
        {
            getter(ref key);
            return ulong.CreateChecked(key);
        };
    }

    private static InvalidOperationException Missing(LabelColumn labels, Func<string> which) => Failure(labels, which,
        "has no key. MapValueToKey gives none to a missing value, or to one that it did not learn. Leave such rows out of the data, or give them a class.");

    private static InvalidOperationException Failure(LabelColumn labels, Func<string> which, string what) =>
        new($"Column '{labels.Name}', {which()}: {what}");
}
