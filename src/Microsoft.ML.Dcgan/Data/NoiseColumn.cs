using System.Numerics;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>Where a row's noise vector comes from: its noise column, or, where the data has none, the seed and the row's id, which stays
/// with a row however the data is shuffled or split.</summary>
internal sealed record NoiseColumn(string Name, int Size, int Seed, DcganNoise Distribution)
{
    public VectorDataViewType Type => new(NumberDataViewType.Single, Size);

    /// <summary>The column, or null where the schema has none of this name.</summary>
    public DataViewSchema.Column? Find(DataViewSchema schema)
    {
        DataViewSchema.Column? column = schema.GetColumnOrNull(Name);
        if (column is { Type: var type } && !(type.IsVectorOfSingle() && ((VectorDataViewType)type).Size == Size))
        {
            throw ColumnErrors.Mismatch(Name, $"a vector of Single of size {Size}", $"{type}",
                " Make it with SampleNoise, or leave the column out to have noise drawn.");
        }
        return column;
    }

    /// <summary>Reads the noise of a row's current position.</summary>
    public RowReader<float> ReaderOf(DataViewRow row)
    {
        if (Find(row.Schema) is { } column)
        {
            return RowReaders.OfVectors(row, column, (_, value) => $"holds {value}, but a noise vector must be finite numbers, " +
                $"{(Distribution == DcganNoise.Uniform ? "in [-1, 1)" : "about N(0, 1)")}.");
        }
        ValueGetter<DataViewRowId> id = row.GetIdGetter();
        return noise =>
        {
            DataViewRowId current = default;
            id(ref current);
            RowNoise.Fill(noise, Seed, current, Distribution);
        };
    }
}

/// <summary>Noise as a function of a seed and a row's id, so that any row's can be drawn at any time and in any order:
/// <see cref="SplitMix64"/> for the bits, Box and Muller 1958 for the normal distribution.</summary>
internal static class RowNoise
{
    public static void Fill(Span<float> noise, int seed, DataViewRowId row, DcganNoise distribution = DcganNoise.Normal)
    {
        ulong ofSeed = SplitMix64.Mix((uint)seed + SplitMix64.GoldenRatio);
        ulong state = SplitMix64.Mix(SplitMix64.Mix(ofSeed ^ row.Low) ^ BitOperations.RotateLeft(row.High, 32));
        if (distribution == DcganNoise.Uniform)
        {
            // In [-1, 1), of as many random bits as a float has room for.
            foreach (ref float number in noise)
                number = (Next() >> 40) * (1f / (1 << 23)) - 1;
            return;
        }
        for (int i = 0; i < noise.Length; i += 2)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - NextUniform()));
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * NextUniform());
            noise[i] = (float)(radius * cosine);
            if (i + 1 < noise.Length)
                noise[i + 1] = (float)(radius * sine);
        }

        ulong Next() => SplitMix64.Mix(state += SplitMix64.GoldenRatio);

        // In [0, 1), of 53 random bits.
        double NextUniform() => (Next() >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>The vectors of rows that follow one another.</summary>
    public static float[][] Draw(int count, int size, int seed, DcganNoise distribution, int first = 0) =>
        [.. Enumerable.Range(first, count).Select(row =>
        {
            var noise = new float[size];
            Fill(noise, seed, RowId(row), distribution);
            return noise;
        })];

    public static DataViewRowId RowId(int row) => new((ulong)row, 0);
}

/// <summary>Views of noise vectors, and of labels beside them where there are classes.</summary>
internal static class NoiseSamples
{
    /// <summary>A view of vectors, a row each; where there are labels, with a column of keys: of each row's class, from 0.</summary>
    public static IDataView View(NoiseColumn column, IEnumerable<float[]> vectors, LabelColumn? labels = null,
        Func<int, long>? classOf = null)
    {
        // Not by column name: the columns may have one another's.
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        SchemaDefinition.Column noise = schema.Single(member => member.MemberName == nameof(Row.Noise));
        SchemaDefinition.Column label = schema.Single(member => member.MemberName == nameof(Row.Label));
        (noise.ColumnName, noise.ColumnType) = (column.Name, column.Type);
        if (labels == null)
        {
            schema.Remove(label);
        }
        else
        {
            (label.ColumnName, label.ColumnType) = (labels.Name, labels.Type);
            labels.ValueType?.Annotate(label, labels.Classes);
        }
        List<Row> rows = [.. vectors.Select((vector, row) => new Row { Noise = vector, Label = (uint)(classOf?.Invoke(row) ?? 0) })];
        return new MLContext().Data.LoadFromEnumerable(rows, schema);
    }

    private sealed class Row
    {
        public float[] Noise { get; set; } = [];

        /// <summary>ML.NET counts the keys of members from 0, and those of columns from 1.</summary>
        public uint Label { get; set; }
    }
}
