using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>Views of noise vectors, and of labels beside them where there are classes.</summary>
internal static class NoiseSamples
{
    /// <summary>The first vectors of a seed.</summary>
    public static float[][] Draw(NoiseColumn column, int count, int seed) => Enumerable.Range(0, count).Select(row => Vector(column, seed, row)).ToArray();

    /// <summary>A view of vectors, a row each.</summary>
    public static IDataView View(NoiseColumn column, IEnumerable<float[]> vectors) =>
        new MLContext().Data.LoadFromEnumerable(vectors.Select(noise => new NoiseSample { Noise = noise }).ToList(), Schema(typeof(NoiseSample), column));

    /// <summary>The same, and beside the noise the key of each row's class.</summary>
    /// <param name="column">The noise.</param>
    /// <param name="vectors">The rows'.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="classOf">A row's class, from 0.</param>
    public static IDataView View(NoiseColumn column, IEnumerable<float[]> vectors, LabelColumn labels, Func<int, long> classOf)
    {
        SchemaDefinition schema = Schema(typeof(LabelledNoiseSample), column);
        SchemaDefinition.Column label = Member(schema, nameof(LabelledNoiseSample.Label));
        label.ColumnName = labels.Name;
        label.ColumnType = labels.Type;
        labels.ValueType?.Annotate(label, labels.Classes);
        return new MLContext().Data.LoadFromEnumerable(vectors.Select(Sample).ToList(), schema);

        LabelledNoiseSample Sample(float[] noise, int row) => new() { Noise = noise, Label = (uint)classOf(row) };
    }

    public static DataViewRowId RowId(int row) => new((ulong)row, 0);

    private static SchemaDefinition Schema(Type rows, NoiseColumn column)
    {
        SchemaDefinition schema = SchemaDefinition.Create(rows);
        SchemaDefinition.Column noise = Member(schema, nameof(NoiseSample.Noise));
        noise.ColumnName = column.Name;
        noise.ColumnType = column.Type;
        return schema;
    }

    // Not by column name: the columns may have one another's.
    private static SchemaDefinition.Column Member(SchemaDefinition schema, string name) => schema.Single(column => column.MemberName == name);

    private static float[] Vector(NoiseColumn column, int seed, int row)
    {
        var noise = new float[column.Size];
        column.Draw(noise, seed, RowId(row));
        return noise;
    }
}

/// <summary>A row of <see cref="NoiseSamples"/>.</summary>
internal sealed class NoiseSample
{
    public float[] Noise { get; set; } = [];
}

/// <summary>A row of <see cref="NoiseSamples"/> with classes. ML.NET counts the keys of members from 0, and those of columns from 1.</summary>
internal sealed class LabelledNoiseSample
{
    public float[] Noise { get; set; } = [];

    public uint Label { get; set; }
}
