using System.Numerics;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>The column that says which class a picture is, or is to be, of; and what the classes are.</summary>
internal sealed class LabelColumn
{
    private const int MostListed = 20;
    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);

    /// <param name="name">The column's name.</param>
    /// <param name="valueType">The type of what the keys stand for; null where they stand for nothing.</param>
    /// <param name="classes">What they stand for, or else 1, 2, 3 and so on.</param>
    /// <exception cref="ArgumentException">Two classes are the same, or one is no value of the type.</exception>
    public LabelColumn(string name, KeyValueType? valueType, IReadOnlyList<string> classes)
    {
        Name = name;
        ValueType = valueType;
        Classes = classes;
        foreach (string text in classes)
        {
            if (!_indices.TryAdd(text, _indices.Count))
                throw new ArgumentException($"Column '{name}' has two keys of the value '{text}', but each class must have one.");
            if (valueType is { } type && !type.Knows(text))
                throw new ArgumentException($"Column '{name}' has the class '{text}', which is no value of type {type.Type}.");
        }
    }

    public string Name { get; }

    public KeyValueType? ValueType { get; }

    public IReadOnlyList<string> Classes { get; }

    /// <summary>The type of the columns of keys that are made here.</summary>
    public KeyDataViewType Type => new(typeof(uint), Classes.Count);

    /// <summary>Checks as much of a training set's labels as a <see cref="SchemaShape"/> tells.</summary>
    public static void Check(SchemaShape schema, string name)
    {
        SchemaShape.Column column = schema.FirstOrDefault(candidate => candidate.Name == name);
        if (column.Name == null)
            throw Missing(name, ColumnErrors.Names(schema));
        if (!column.IsKey || column.Kind != SchemaShape.Column.VectorKind.Scalar)
            throw NoKey(name, (column.Kind == SchemaShape.Column.VectorKind.Scalar ? "" : $"{column.Kind} of ") + column.ItemType);
    }

    /// <summary>The labels to train on: a column of keys, of as many classes as its type says.</summary>
    public static LabelColumn OfTraining(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name) ?? throw Missing(name, ColumnErrors.Names(schema));
        if (column.Type is not KeyDataViewType key)
            throw NoKey(name, $"{column.Type}");
        if (key.Count > NetworkShape.MostClasses)
        {
            throw ColumnErrors.Wrong(name, $"is of type {key}, which leaves the number of classes open, " +
                $"or has more of them than {NetworkShape.MostClasses}, the most there may be. " +
                "Make the keys with MapValueToKey, which counts them.");
        }

        KeyValueType? type = KeyValueType.Of(column);
        return new LabelColumn(name, type, type?.ValuesOf(column) ?? Numbers((int)key.Count));
    }

    /// <summary>What keys are called that stand for nothing: 1, 2, 3 and so on.</summary>
    public static IReadOnlyList<string> Numbers(int count) =>
        Enumerable.Range(1, count).Select(number => number.ToString(CultureInfo.InvariantCulture)).ToArray();

    /// <summary>The column of a view that says which classes to generate: keys, or what the keys of training stood for.</summary>
    public DataViewSchema.Column Find(DataViewSchema schema)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(Name) ?? throw ColumnErrors.Missing(Name, ColumnErrors.Names(schema),
            ", which says of which class to generate a picture", $" SampleNoise makes it along with the noise; or add it: {Expected}.");
        if (column.Type is KeyDataViewType key)
            Agree(column, key);
        else if (ValueType == null || !column.Type.Equals(ValueType.Type))
            throw ColumnErrors.Mismatch(Name, Expected, $"{column.Type}");
        return column;
    }

    /// <summary>Reads the class of a row's current position, from 0.</summary>
    public RowReader<long> ReaderOf(DataViewRow row)
    {
        DataViewSchema.Column column = Find(row.Schema);
        if (column.Type is KeyDataViewType key)
            return KeyReader(row, column, key);
        Func<string> read = ValueType!.ReaderOf(row, column);
        return label => label[0] = Known(read());
    }

    /// <summary>The class's index, from 0; -1 for none.</summary>
    public int IndexOf(string label) => _indices.GetValueOrDefault(label, -1);

    /// <summary>For messages: the classes of these indices, or all, or the first of many.</summary>
    public string Listing(IEnumerable<int>? indices = null)
    {
        int[] all = (indices ?? Enumerable.Range(0, Classes.Count)).ToArray();
        string first = string.Join(", ", all.Take(MostListed).Select(index => $"'{Classes[index]}'"));
        return all.Length > MostListed ? $"{first} and {all.Length - MostListed} more" : first;
    }

    private string Expected => $"a key of {Classes.Count} classes" +
        (ValueType == null ? "" : $", or of their values, or those values themselves, of type {ValueType.Type}");

    // Keys of the same values may count them in any order, and need not have them all; of other keys there is only the number.
    private void Agree(DataViewSchema.Column column, KeyDataViewType key)
    {
        KeyValueType? type = KeyValueType.Of(column);
        if (type != null && ValueType != null ? type != ValueType : key.Count != (ulong)Classes.Count)
        {
            throw ColumnErrors.Mismatch(Name, Expected, $"{key}{(type == null ? " without values" : $" of values of type {type.Type}")}");
        }
    }

    private static ArgumentOutOfRangeException Missing(string name, string present) =>
        ColumnErrors.Missing(name, present, ", which LabelColumnName asks for");

    private static ArgumentOutOfRangeException NoKey(string name, string found) => ColumnErrors.Mismatch(name, "a key", found,
        " Make keys of it with MapValueToKey, or leave LabelColumnName out to train without classes.");

    // Keys of the classes themselves, or of values that are to be found among them.
    private RowReader<long> KeyReader(DataViewRow row, DataViewSchema.Column column, KeyDataViewType type)
    {
        Type raw = type.RawType;
        Func<ulong> read = raw == typeof(byte) ? KeyReader<byte>(row, column)
            : raw == typeof(ushort) ? KeyReader<ushort>(row, column)
            : raw == typeof(uint) ? KeyReader<uint>(row, column)
            : KeyReader<ulong>(row, column);
        IReadOnlyList<string>? values = ValueType == null ? null : KeyValueType.Of(column)?.ValuesOf(column);
        return label => label[0] = read() switch
        {
            0 => throw new InvalidOperationException("has no key. MapValueToKey gives none to a missing value, or to one that it did not " +
                "learn. Leave such rows out of the data, or give them a class."),
            ulong key when key > type.Count =>
                throw new InvalidOperationException($"holds the key {key}, but its type, {type}, ends at {type.Count}."),
            ulong key => values == null ? (long)key - 1 : Known(values[(int)key - 1]),
        };
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

    private long Known(string value) => _indices.TryGetValue(value, out int index) ? index
        : throw new InvalidOperationException($"holds '{value}', which is none of the classes trained on: {Listing()}.");
}

/// <summary>A type that keys may stand for values of. The values themselves are handled as culture-invariant texts.</summary>
/// <param name="Kind">Its name in files.</param>
/// <param name="Type">The type itself.</param>
/// <param name="ValuesOf">The values of a column of keys, that of key 1 first.</param>
/// <param name="Annotate">Gives a column of keys its values.</param>
/// <param name="Knows">Whether a text is one that its values are given as.</param>
/// <param name="ReaderOf">Reads a column of such values.</param>
internal sealed record KeyValueType(DataKind Kind, PrimitiveDataViewType Type,
    Func<DataViewSchema.Column, IReadOnlyList<string>> ValuesOf, Action<SchemaDefinition.Column, IReadOnlyList<string>> Annotate,
    Func<string, bool> Knows, Func<DataViewRow, DataViewSchema.Column, Func<string>> ReaderOf)
{
    private const string AnnotationName = "KeyValues";

    /// <summary>The types that there are.</summary>
    public static IReadOnlyDictionary<DataKind, KeyValueType> All { get; } = new[]
    {
        Create(DataKind.String, TextDataViewType.Instance, text => text.AsMemory()),
        Create(DataKind.Boolean, BooleanDataViewType.Instance, bool.Parse),
        Number<sbyte>(DataKind.SByte, NumberDataViewType.SByte),
        Number<byte>(DataKind.Byte, NumberDataViewType.Byte),
        Number<short>(DataKind.Int16, NumberDataViewType.Int16),
        Number<ushort>(DataKind.UInt16, NumberDataViewType.UInt16),
        Number<int>(DataKind.Int32, NumberDataViewType.Int32),
        Number<uint>(DataKind.UInt32, NumberDataViewType.UInt32),
        Number<long>(DataKind.Int64, NumberDataViewType.Int64),
        Number<ulong>(DataKind.UInt64, NumberDataViewType.UInt64),
        Number<float>(DataKind.Single, NumberDataViewType.Single),
        Number<double>(DataKind.Double, NumberDataViewType.Double),
    }.ToDictionary(type => type.Kind);

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
            ?? throw ColumnErrors.Wrong(column.Name, $"has keys of values of type {vector.ItemType}, " +
                "but of text, numbers or booleans are expected. Convert the values to text before MapValueToKey.");
    }

    private static KeyValueType Number<T>(DataKind kind, PrimitiveDataViewType type) where T : IParsable<T> =>
        Create(kind, type, text => T.Parse(text, CultureInfo.InvariantCulture));

    private static KeyValueType Create<T>(DataKind kind, PrimitiveDataViewType type, Func<string, T> parse) => new(kind, type,
        column =>
        {
            VBuffer<T> values = default;
            column.Annotations.GetValue(AnnotationName, ref values);
            return values.DenseValues().Select(Text).ToArray();
        },
        (column, values) =>
            column.AddAnnotation(AnnotationName, values.Select(parse).ToArray(), new VectorDataViewType(type, values.Count)),
        text =>
        {
            try
            {
                return Text(parse(text)) == text;
            }
            catch (Exception failure) when (failure is FormatException or OverflowException)
            {
                return false;
            }
        },
        (row, column) =>
        {
            ValueGetter<T> getter = row.GetGetter<T>(column);
            T value = default!;
            return () =>
            {
                getter(ref value);
                return Text(value);
            };
        });

    private static string Text<T>(T value) =>
        Convert.ToString(value is ReadOnlyMemory<char> text ? text.ToString() : value, CultureInfo.InvariantCulture)!;
}
