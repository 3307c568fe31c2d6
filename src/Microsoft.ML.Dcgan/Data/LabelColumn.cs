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
    /// <param name="row">Where it is read.</param>
    /// <param name="which">What errors call the row.</param>
    public Func<long> ReaderOf(DataViewRow row, Func<string> which)
    {
        DataViewSchema.Column column = Find(row.Schema);
        return column.Type is KeyDataViewType ? KeyReader(row, column, which) : ValueReader(row, column, which);
    }

    /// <summary>The class's index, from 0; -1 for none.</summary>
    public int IndexOf(string label) => _indices.GetValueOrDefault(label, -1);

    /// <summary>For messages: the classes of these indices, or the first of many.</summary>
    public string Listing(IEnumerable<int> indices)
    {
        int[] all = indices.ToArray();
        string first = string.Join(", ", all.Take(MostListed).Select(index => $"'{Classes[index]}'"));
        return all.Length > MostListed ? $"{first} and {all.Length - MostListed} more" : first;
    }

    /// <summary>For messages: all classes, or the first of many.</summary>
    public string Listing() => Listing(Enumerable.Range(0, Classes.Count));

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
    private Func<long> KeyReader(DataViewRow row, DataViewSchema.Column column, Func<string> which)
    {
        Type raw = column.Type.RawType;
        Func<ulong> read = raw == typeof(byte) ? KeyReader<byte>(row, column)
            : raw == typeof(ushort) ? KeyReader<ushort>(row, column)
            : raw == typeof(uint) ? KeyReader<uint>(row, column)
            : KeyReader<ulong>(row, column);
        ulong count = ((KeyDataViewType)column.Type).Count;
        IReadOnlyList<string>? values = ValueType == null ? null : KeyValueType.Of(column)?.ValuesOf(column);
        int[]? classes = values?.Select(IndexOf).ToArray();
        return () =>
        {
            ulong key = read();
            if (key == 0)
            {
                throw Failure(which, "has no key. MapValueToKey gives none to a missing value, or to one that it did not learn. " +
                    "Leave such rows out of the data, or give them a class.");
            }
            if (key > count)
                throw Failure(which, $"holds the key {key}, but its type, {column.Type}, ends at {count}.");
            return classes == null ? (long)key - 1 : Known(classes[key - 1], values![(int)key - 1], which);
        };
    }

    private Func<long> ValueReader(DataViewRow row, DataViewSchema.Column column, Func<string> which)
    {
        Func<string> read = ValueType!.ReaderOf(row, column);
        return () =>
        {
            string value = read();
            return Known(IndexOf(value), value, which);
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

    private long Known(int index, string value, Func<string> which) => index >= 0 ? index
        : throw Failure(which, $"holds '{value}', which is none of the classes trained on: {Listing()}.");

    private InvalidOperationException Failure(Func<string> which, string what) => new($"Column '{Name}', {which()}: {what}");
}

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
            ?? throw ColumnErrors.Wrong(column.Name, $"has keys of values of type {vector.ItemType}, " +
                "but of text, numbers or booleans are expected. Convert the values to text before MapValueToKey.");
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

    private static string Text(T value) =>
        Convert.ToString(value is ReadOnlyMemory<char> text ? text.ToString() : value, CultureInfo.InvariantCulture)!;
}
