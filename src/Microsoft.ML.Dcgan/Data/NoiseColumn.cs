using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>
/// Where a row's noise vector comes from: its noise column, or, where the data has none, the seed and the row's id, which
/// stays with a row however the data is shuffled or split.
/// </summary>
internal sealed record NoiseColumn(string Name, int Size, int Seed)
{
    public static NoiseColumn Of(NetworkShape shape, string name, int seed) => new(name, shape.NoiseSize, seed) { Distribution = shape.NoiseDistribution };

    public DcganNoise Distribution { get; init; }

    public VectorDataViewType Type => new(NumberDataViewType.Single, Size);

    /// <summary>The column, or null where the schema has none of this name.</summary>
    public DataViewSchema.Column? Find(DataViewSchema schema)
    {
        DataViewSchema.Column? column = schema.GetColumnOrNull(Name);
        if (column is { } found && !(found.Type is VectorDataViewType { IsKnownSize: true } vector
            && vector.Size == Size && vector.ItemType.Equals(NumberDataViewType.Single)))
        {
            throw new ArgumentOutOfRangeException("inputSchema",
                $"Schema mismatch for input column '{Name}': expected a vector of Single of size {Size}, got {found.Type}. " +
                "Make it with SampleNoise, or leave the column out to have noise drawn.");
        }
        return column;
    }

    /// <summary>The noise of a row where there is no column.</summary>
    public void Draw(Span<float> noise, int seed, DataViewRowId row) => RowNoise.Fill(noise, seed, row, Distribution);

    /// <summary>Reads the noise of a row's current position.</summary>
    /// <param name="row">Where it is read.</param>
    /// <param name="which">What errors call the row.</param>
    public Reader ReaderOf(DataViewRow row, Func<string> which)
    {
        if (Find(row.Schema) is not { } column)
        {
            ValueGetter<DataViewRowId> id = row.GetIdGetter();
            return noise =>
            {
                DataViewRowId current = default;
                id(ref current);
                Draw(noise, Seed, current);
            };
        }

        ValueGetter<VBuffer<float>> getter = row.GetGetter<VBuffer<float>>(column);
        VBuffer<float> buffer = default;
        var dense = new float[Size];
        return noise =>
        {
            getter(ref buffer);
            buffer.CopyTo(dense);
            foreach (float value in dense)
            {
                if (!float.IsFinite(value))
                {
                    throw new InvalidOperationException(
                        $"Column '{Name}', {which()}: holds {value}, but a noise vector must be finite numbers, {Range}.");
                }
            }
            dense.CopyTo(noise);
        };
    }

    private string Range => Distribution == DcganNoise.Uniform ? "in [-1, 1)" : "about N(0, 1)";

    public delegate void Reader(Span<float> noise);
}
