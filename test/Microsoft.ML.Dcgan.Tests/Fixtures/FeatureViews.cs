using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests;

/// <summary>Views for the evaluator's tests.</summary>
internal static class FeatureViews
{
    /// <summary>A view with a column "Features" of the rows of [n, size].</summary>
    public static IDataView Of(MLContext ml, Tensor features) =>
        Of(ml, features.split(1).Select(row => row.@float().data<float>().ToArray()).ToArray());

    public static IDataView Of(MLContext ml, float[][] rows, int? size = null)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(FeatureRow));
        schema[nameof(FeatureRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, size ?? rows[0].Length);
        return ml.Data.LoadFromEnumerable(rows.Select((row, i) => new FeatureRow { Features = row, Name = $"sample {i}" }).ToList(),
            schema);
    }

    /// <summary>A view with a column "Image" of picture files, and of no stated size.</summary>
    public static IDataView Images(MLContext ml, string[] files)
    {
        IDataView paths = ml.Data.LoadFromEnumerable(files.Select(file => new FileRow { Path = file }).ToList());
        return ml.Transforms.LoadImages("Image", null, "Path").Fit(paths).Transform(paths);
    }
}

public sealed class FeatureRow
{
    public float[] Features { get; set; } = [];

    public string Name { get; set; } = "";

    public double[] Doubles { get; set; } = [];
}
