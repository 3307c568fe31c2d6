using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>A column that a network computes from each row alone, a minibatch of rows at once, on any number of threads.</summary>
/// <param name="name">The column that is added to the input's.</param>
/// <param name="batchSize">Rows computed at once.</param>
internal abstract class ComputedColumn(string name, int batchSize)
{
    public string Name { get; } = name;

    public int BatchSize { get; } = batchSize;

    public abstract DataViewType Type { get; }

    /// <summary>The columns that it is computed from; none where that is each row's id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing where it has to be there, or does not fit.</exception>
    public abstract IReadOnlyList<DataViewSchema.Column> Sources(DataViewSchema inputSchema);

    /// <summary>Room for rows that are computed together.</summary>
    /// <param name="input">Where they are read, one after the other.</param>
    /// <param name="capacity">How many there may be.</param>
    /// <param name="which">What errors call the input's current row.</param>
    public abstract ComputedRows RowsOf(DataViewRow input, int capacity, Func<string> which);

    public DataViewSchema OutputSchema(DataViewSchema inputSchema)
    {
        Sources(inputSchema);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumn(Name, Type);
        return builder.ToSchema();
    }

    /// <summary>A getter, as <see cref="DataViewRow.GetGetter{TValue}"/> must return it, or its error for a wrong type.</summary>
    public static ValueGetter<TValue> Typed<TValue>(Delegate getter, DataViewSchema.Column column) =>
        getter as ValueGetter<TValue> ?? throw new InvalidOperationException(
            $"Invalid TValue in GetGetter for column '{column.Name}': '{typeof(TValue)}'; the column's type is {column.Type} and its values are of '{column.Type.RawType}'.");

    public static ArgumentOutOfRangeException Inactive(DataViewSchema.Column column) =>
        new(nameof(column), $"Column '{column.Name}' is not active in this cursor: name it when asking for the cursor.");
}

/// <summary>What some rows hold, and what was computed from it.</summary>
internal abstract class ComputedRows
{
    /// <summary>Reads the input's current row into a slot.</summary>
    public abstract void Read(int slot);

    /// <summary>Computes the first <paramref name="count"/> slots.</summary>
    public void Compute(int count) => LibTorchErrors.InOneSentence("Computing a column", () => ComputeSlots(count));

    protected abstract void ComputeSlots(int count);

    /// <summary>A <see cref="ValueGetter{TValue}"/> of the column's raw type that gets what was computed of the slot that <paramref name="current"/> says.</summary>
    public abstract Delegate Getter(Func<int> current);
}
