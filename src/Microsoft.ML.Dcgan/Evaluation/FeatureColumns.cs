using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>The two columns of features that are compared, and what made them.</summary>
internal sealed record FeatureColumns(FeatureColumn Real, FeatureColumn Generated, string Description)
{
    /// <param name="mlContext">Copies columns.</param>
    /// <param name="options">Names the columns and the extractor.</param>
    /// <param name="real">The real view, of at least a row.</param>
    /// <param name="generated">The generated view, of at least a row.</param>
    /// <param name="realRole">What the real view is called in messages.</param>
    public static FeatureColumns Find(MLContext mlContext, ImageGenerationOptions options, IDataView real, IDataView generated, string realRole)
    {
        FeatureColumns columns = options.FeatureExtractor is { } extractor
            ? Extracted(mlContext, options, extractor, real, generated, realRole)
            : AsTheyAre(options, real, generated, realRole);
        if (columns.Real.Size != columns.Generated.Size)
        {
            throw new ArgumentOutOfRangeException(nameof(generated),
                $"The {realRole} view has {columns.Real.Size} features a row ({columns.Real.Description}), but the generated view has {columns.Generated.Size} ({columns.Generated.Description}). " +
                "Resize the images to one size first, or give columns of the same features.");
        }
        return columns;
    }

    private static FeatureColumns AsTheyAre(ImageGenerationOptions options, IDataView real, IDataView generated, string realRole)
    {
        FeatureColumn realColumn = FeatureColumn.Find(realRole, real, options.RealColumnName, Channels(generated, options.GeneratedColumnName));
        FeatureColumn generatedColumn = FeatureColumn.Find("generated", generated, options.GeneratedColumnName, Channels(real, options.RealColumnName));
        return new(realColumn, generatedColumn, (realColumn.Images == null ? generatedColumn : realColumn).Description);
    }

    private static FeatureColumns Extracted(MLContext mlContext, ImageGenerationOptions options, ITransformer extractor, IDataView real, IDataView generated, string realRole)
    {
        FeatureColumn.Find(realRole, real, options.RealColumnName);
        FeatureColumn.Find("generated", generated, options.GeneratedColumnName);

        // The extractor knows one column by name; in the generated view that column may be missing, or hold something else.
        if (options.GeneratedColumnName != options.RealColumnName)
            generated = mlContext.Transforms.CopyColumns(options.RealColumnName, options.GeneratedColumnName).Fit(generated).Transform(generated);
        IDataView realFeatures = extractor.Transform(real), generatedFeatures = extractor.Transform(generated);
        string name = options.FeatureColumnName ?? LastVector(realFeatures.Schema, extractor);
        FeatureColumn realColumn = FeatureColumn.Find(realRole, realFeatures, name);
        return new(realColumn, FeatureColumn.Find("generated", generatedFeatures, name), $"column '{name}' of {extractor.GetType().Name}, {realColumn.Column.Type}");
    }

    public static string LastVector(DataViewSchema schema, ITransformer extractor)
    {
        DataViewSchema.Column[] vectors = schema.Where(column => !column.IsHidden
            && column.Type is VectorDataViewType { IsKnownSize: true } vector && vector.ItemType.Equals(NumberDataViewType.Single)).ToArray();
        return vectors.Length > 0 ? vectors[^1].Name : throw new ArgumentOutOfRangeException("featureExtractor",
            $"The output of the feature extractor, {extractor.GetType().Name}, has no column of known-size vectors of Single. Its columns are: {string.Join(", ", schema.Select(column => $"{column.Name} ({column.Type})"))}.");
    }

    // Grey pictures come out of generators as images with three equal planes: they are read as the other side has them.
    private static int? Channels(IDataView other, string name) =>
        other.Schema.GetColumnOrNull(name) is { Type: VectorDataViewType } column ? FeatureColumn.Pictures(column, null)?.Channels : null;
}
