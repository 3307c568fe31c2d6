using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>Views of noise vectors.</summary>
internal static class NoiseSamples
{
    /// <summary>A view whose row i holds the noise of <see cref="RowId"/> i.</summary>
    public static IDataView View(NoiseColumn column, int count, int seed)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(NoiseSample));
        SchemaDefinition.Column noise = schema[nameof(NoiseSample.Noise)];
        noise.ColumnName = column.Name;
        noise.ColumnType = column.Type;
        List<NoiseSample> rows = Enumerable.Range(0, count).Select(Sample).ToList();
        return new MLContext().Data.LoadFromEnumerable(rows, schema);

        NoiseSample Sample(int row)
        {
            var sample = new NoiseSample { Noise = new float[column.Size] };
            column.Draw(sample.Noise, seed, RowId(row));
            return sample;
        }
    }

    public static DataViewRowId RowId(int row) => new((ulong)row, 0);
}

/// <summary>A row of <see cref="NoiseSamples"/>.</summary>
internal sealed class NoiseSample
{
    public float[] Noise { get; set; } = [];
}
