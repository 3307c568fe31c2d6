namespace Microsoft.ML.Dcgan.Data;

/// <summary>Reads a column's value at a row's current position. What it throws says what is wrong with the value;
/// <see cref="RowReaders.Naming{T}"/> adds which row it is.</summary>
internal delegate void RowReader<T>(Span<T> row);

internal static class RowReaders
{
    /// <summary>Vectors of finite numbers, as many as fit. The complaint is of a slot and a number that is not finite.</summary>
    public static RowReader<float> OfVectors(DataViewRow row, DataViewSchema.Column column, Func<int, float, string> complaint)
    {
        ValueGetter<VBuffer<float>> getter = row.GetGetter<VBuffer<float>>(column);
        VBuffer<float> values = default;
        return numbers =>
        {
            getter(ref values);
            if (values.Length != numbers.Length)
                throw new InvalidOperationException($"has {values.Length} numbers, but the column's type says {numbers.Length}.");
            values.CopyTo(numbers);
            for (int i = 0; i < numbers.Length; i++)
            {
                if (!float.IsFinite(numbers[i]))
                    throw new InvalidOperationException(complaint(i, numbers[i]));
            }
        };
    }

    /// <summary>The same reader, whose errors say which column and row it was. What to call the row is asked only on failure.</summary>
    public static RowReader<T> Naming<T>(this RowReader<T> read, string column, Func<string> which, string of = "") => row =>
    {
        try
        {
            read(row);
        }
        catch (Exception failure) when (RowErrors.IsToBlame(failure))
        {
            throw RowErrors.Named($"Column '{column}'{of}, {which()}", failure);
        }
    };
}

/// <summary>A column's values of some rows, one row's after another's.</summary>
internal sealed class RowSlots<T>(int size, int capacity, RowReader<T> read)
{
    private readonly T[] _all = new T[capacity * size];

    public void Read(int slot) => read(_all.AsSpan(slot * size, size));

    public T[] First(int rows) => rows == capacity ? _all : _all[..(rows * size)];
}
