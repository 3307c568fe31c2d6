using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A type that keys may stand for values of. The values themselves are handled as culture-invariant texts.</summary>
internal abstract class KeyValueType(PrimitiveDataViewType type)
{
    protected const string AnnotationName = "KeyValues";

    /// <summary>The types that there are.</summary>
    public static IReadOnlyDictionary<DataKind, KeyValueType> All { get; } = new Dictionary<DataKind, KeyValueType>
    {
        [DataKind.String] = new KeyValueType<ReadOnlyMemory<char>>(TextDataViewType.Instance, text => text.AsMemory()),
        [DataKind.Boolean] = new KeyValueType<bool>(BooleanDataViewType.Instance, bool.Parse),
        [DataKind.SByte] = Number<sbyte>(NumberDataViewType.SByte),
        [DataKind.Byte] = Number<byte>(NumberDataViewType.Byte),
        [DataKind.Int16] = Number<short>(NumberDataViewType.Int16),
        [DataKind.UInt16] = Number<ushort>(NumberDataViewType.UInt16),
        [DataKind.Int32] = Number<int>(NumberDataViewType.Int32),
        [DataKind.UInt32] = Number<uint>(NumberDataViewType.UInt32),
        [DataKind.Int64] = Number<long>(NumberDataViewType.Int64),
        [DataKind.UInt64] = Number<ulong>(NumberDataViewType.UInt64),
        [DataKind.Single] = Number<float>(NumberDataViewType.Single),
        [DataKind.Double] = Number<double>(NumberDataViewType.Double),
    };

    public PrimitiveDataViewType Type { get; } = type;

    public DataKind Kind => All.Single(entry => entry.Value == this).Key;

    /// <summary>The type of the values of a column of keys, or null where it has none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are of a type that is not among <see cref="All"/>.</exception>
    public static KeyValueType? Of(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(AnnotationName)?.Type is not VectorDataViewType vector
            || column.Type is not KeyDataViewType key || (ulong)vector.Size != key.Count)
        {
            return null;
        }
        return All.Values.FirstOrDefault(known => known.Type.Equals(vector.ItemType))
            ?? throw new ArgumentOutOfRangeException("inputSchema",
                $"Input column '{column.Name}' has keys of values of type {vector.ItemType}, but of text, numbers or booleans are expected. Convert the values to text before MapValueToKey.");
    }

    /// <summary>The values of a column of keys, that of key 1 first.</summary>
    public abstract IReadOnlyList<string> ValuesOf(DataViewSchema.Column column);

    /// <summary>Gives a column of keys its values.</summary>
    public abstract void Annotate(SchemaDefinition.Column column, IReadOnlyList<string> values);

    /// <summary>Whether a text is one that this type's values are given as.</summary>
    public abstract bool Knows(string text);

    /// <summary>Reads a column of such values.</summary>
    public abstract Func<string> ReaderOf(DataViewRow row, DataViewSchema.Column column);

    private static KeyValueType<T> Number<T>(PrimitiveDataViewType type) where T : IParsable<T> =>
        new(type, text => T.Parse(text, CultureInfo.InvariantCulture));
}

/// <inheritdoc/>
internal sealed class KeyValueType<T>(PrimitiveDataViewType type, Func<string, T> parse) : KeyValueType(type)
{
    public override IReadOnlyList<string> ValuesOf(DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.Annotations.GetValue(AnnotationName, ref values);
        return values.DenseValues().Select(Text).ToArray();
    }

    public override void Annotate(SchemaDefinition.Column column, IReadOnlyList<string> values) =>
        column.AddAnnotation(AnnotationName, values.Select(parse).ToArray(), new VectorDataViewType(Type, values.Count));

    public override bool Knows(string text)
    {
        try
        {
            return Text(parse(text)) == text;
        }
        catch (Exception failure) when (failure is FormatException or OverflowException)
        {
            return false;
        }
    }

    public override Func<string> ReaderOf(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return Text(value);
        };
    }

    private static string Text(T value) => Convert.ToString(value is ReadOnlyMemory<char> text ? text.ToString() : value, CultureInfo.InvariantCulture)!;
}
