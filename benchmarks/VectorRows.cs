using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>Views of one column of vectors.</summary>
internal static class VectorRows
{
    public const string Column = nameof(VectorRow.Values);

    /// <param name="rows">Enumerated anew by each cursor.</param>
    /// <param name="dimensions">The vectors' dimensions.</param>
    public static IDataView View(MLContext ml, IEnumerable<float[]> rows, params int[] dimensions)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(VectorRow));
        schema[Column].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimensions);
        return ml.Data.LoadFromEnumerable(rows.Select(values => new VectorRow { Values = values }), schema);
    }

    /// <summary>The same, with classes from 0 as column <see cref="ClassifiedRow.Label"/>.</summary>
    public static IDataView View(MLContext ml, IEnumerable<float[]> rows, byte[] classes, params int[] dimensions)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(ClassifiedRow));
        schema[Column].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimensions);
        return ml.Data.LoadFromEnumerable(rows.Zip(classes, (values, label) => new ClassifiedRow { Values = values, Label = label }), schema);
    }
}

internal sealed class VectorRow
{
    public float[] Values { get; set; } = [];
}

internal sealed class ClassifiedRow
{
    public float[] Values { get; set; } = [];

    /// <summary>A class from 0; ML.NET counts keys from 1.</summary>
    [KeyType(10)]
    public uint Label { get; set; }
}
