using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>Views of noise vectors, and of labels beside them where there are classes.</summary>
internal static class NoiseSamples
{
    /// <summary>A view whose row i holds the noise of <see cref="RowId"/> i.</summary>
    public static IDataView View(NoiseColumn column, int count, int seed)
    {
        SchemaDefinition schema = Schema(typeof(NoiseSample), column);
        return new MLContext().Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(Sample).ToList(), schema);

        NoiseSample Sample(int row) => new() { Noise = Noise(column, seed, row) };
    }

    /// <summary>The same, and beside the noise the key of each row's class.</summary>
    /// <param name="column">The noise.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="seed">The noise's.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="classOf">A row's class, from 0.</param>
    public static IDataView View(NoiseColumn column, int count, int seed, LabelColumn labels, Func<int, long> classOf)
    {
        SchemaDefinition schema = Schema(typeof(LabelledNoiseSample), column);
        SchemaDefinition.Column label = Member(schema, nameof(LabelledNoiseSample.Label));
        label.ColumnName = labels.Name;
        label.ColumnType = labels.Type;
        labels.ValueType?.Annotate(label, labels.Classes);
        return new MLContext().Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(Sample).ToList(), schema);

        LabelledNoiseSample Sample(int row) => new() { Noise = Noise(column, seed, row), Label = (uint)classOf(row) };
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

    private static float[] Noise(NoiseColumn column, int seed, int row)
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
