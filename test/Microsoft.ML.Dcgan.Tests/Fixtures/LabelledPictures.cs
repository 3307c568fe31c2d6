using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Tests;

/// <summary>Training data of two classes, dark and bright pictures of 8x8 pixels.</summary>
internal static class LabelledPictures
{
    public const int Side = 8;

    public static LabelledRow[] Rows(int count) => Enumerable.Range(0, count).Select(i =>
    {
        // Not in turn, so that a shift would show.
        bool bright = i * i % 7 < 3;
        return new LabelledRow
        {
            Pixels = Enumerable.Repeat(bright ? 0.8f : -0.8f, Side * Side).ToArray(),
            Kind = bright ? "bright"
            : "dark",
            Size = bright ? 2.5f : 7,
            Number = i
        };
    }).ToArray();

    /// <summary>With a column "Class" of keys: of texts, dark then bright as the first rows are, or of the numbers 7 and 2.5.</summary>
    public static IDataView View(MLContext ml, int count, string values = nameof(LabelledRow.Kind)) => Keyed(ml, Rows(count), values);

    public static IDataView Keyed(MLContext ml, IEnumerable<LabelledRow> rows, string values = nameof(LabelledRow.Kind),
        IDataView? keys = null)
    {
        IDataView view = Plain(ml, rows);
        return ml.Transforms.Conversion.MapValueToKey("Class", values,
            keyOrdinality: Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue, keyData: keys).Fit(view).Transform(view);
    }

    public static IDataView Plain(MLContext ml, IEnumerable<LabelledRow> rows)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(LabelledRow));
        schema[nameof(LabelledRow.Pixels)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 1, Side, Side);
        return ml.Data.LoadFromEnumerable(rows.ToList(), schema);
    }

    public static DcganEstimator.Options Options(int epochs = 1)
    {
        DcganEstimator.Options options = Pictures.SmallOptions(epochs);
        options.LabelColumnName = "Class";
        return options;
    }

    /// <summary>A model that has learned what dark and bright are.</summary>
    public static DcganTransformer Learned(MLContext ml)
    {
        DcganEstimator.Options options = Options(epochs: 60);
        options.BatchSize = 16;
        options.LearningRate = 2e-3;
        return ml.Transforms.Dcgan(options).Fit(View(ml, 64));
    }

    /// <summary>A model that has hardly learned anything.</summary>
    public static DcganTransformer Hasty(MLContext ml, string values = nameof(LabelledRow.Kind)) =>
        ml.Transforms.Dcgan(Options()).Fit(View(ml, 8, values));
}

public sealed class LabelledRow
{
    public float[] Pixels { get; set; } = [];

    public string Kind { get; set; } = "";

    public float Size { get; set; }

    public int Number { get; set; }
}
