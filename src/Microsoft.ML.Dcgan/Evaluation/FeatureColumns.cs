using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Transforms.Image;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>A view's column of features: vectors, or images, whose features are their pixels.</summary>
/// <param name="Role">What the view is called in messages: real, generated or training.</param>
/// <param name="View">The view.</param>
/// <param name="Column">Its column.</param>
/// <param name="Images">The images' size; null for vectors.</param>
/// <param name="Size">Features of each row.</param>
internal sealed record FeatureColumn(string Role, IDataView View, DataViewSchema.Column Column, ImageFormat? Images, int Size)
{
    /// <summary>What the features are.</summary>
    public string Description => Images is { } images ? Pixels(images) : $"column '{Column.Name}', {Column.Type}";

    /// <param name="role">What the view is called in messages.</param>
    /// <param name="view">The view, of at least a row.</param>
    /// <param name="name">The column.</param>
    /// <param name="channels">How to read images, where they are to be compared with vectors that say so.</param>
    public static FeatureColumn Find(string role, IDataView view, string name, int? channels = null)
    {
        DataViewSchema.Column column = view.Schema.GetColumnOrNull(name) ?? throw new ArgumentOutOfRangeException(role,
            $"Could not find column '{name}' in the {role} view. The columns are: {string.Join(", ", view.Schema.Where(candidate => !candidate.IsHidden).Select(candidate => candidate.Name))}.");
        if (column.Type is ImageDataViewType)
        {
            ImageFormat images = new ImageColumn(name, null, null, channels).Resolve(view).Format;
            return new(role, view, column, images, images.Size);
        }
        if (column.Type is VectorDataViewType { IsKnownSize: true } vector && vector.ItemType.Equals(NumberDataViewType.Single))
            return new(role, view, column, null, vector.Size);
        throw new ArgumentOutOfRangeException(role, $"Column '{name}' of the {role} view is of type {column.Type}, but an image or a known-size vector of Single is expected. " +
            "Name another column, or convert this one first.");
    }

    /// <summary>The size of the pictures that a column's type stands for, if it does: an image, or a vector of planes.</summary>
    public static ImageFormat? Pictures(DataViewSchema.Column column, ImageFormat? images) =>
        images ?? (column.Type is VectorDataViewType { Dimensions: { Length: 3 } dimensions } && dimensions[0] is 1 or 3
            ? new ImageFormat(dimensions[1], dimensions[2], dimensions[0])
            : null);

    public static string Pixels(ImageFormat images) => $"pixels {images.Width}x{images.Height}x{images.Channels}";
}

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

/// <summary>Images of two views in the features of one discriminator with random weights, set by the real images, which are read once and kept.</summary>
internal sealed class RandomFeatureColumns : IDisposable
{
    private const int BatchSize = 64;

    private readonly Dataset _images;
    private readonly RandomFeatures _features;

    /// <param name="pixels">The columns of images.</param>
    /// <param name="realCount">How many real images there are.</param>
    /// <param name="options">Whose column names and token are used.</param>
    /// <param name="seed">Draws the weights, and the images that batch normalisation is set by.</param>
    /// <param name="device">Where to compute.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is none of images, or they differ in size.</exception>
    public RandomFeatureColumns(FeatureColumns pixels, long realCount, ImageGenerationOptions options, ulong seed, Device device)
    {
        ImageFormat format = Format(pixels.Real), generatedFormat = Format(pixels.Generated);
        if (format != generatedFormat)
        {
            throw new ArgumentOutOfRangeException(nameof(ImageGenerationOptions.RandomFeatures),
                $"The {pixels.Real.Role} view's images are of {format}, but the generated view's of {generatedFormat}. Resize the images to one size first.");
        }

        _images = Dataset.Create(realCount, (format.Channels, format.Height, format.Width), device, cacheFolder: null);
        try
        {
            ImageReader.Read(pixels.Real.View, pixels.Real.Column, format, _images, options.CancellationToken);
            using var random = new TorchSharp.torch.Generator(seed, CPU);
            using Tensor order = randperm(_images.Count, ScalarType.Int64, generator: random);
            _features = new RandomFeatures(_images, [.. order.data<long>()], random, device);
        }
        catch
        {
            _images.Dispose();
            throw;
        }

        IDataView real = new StoredColumn(_images, options.RealColumnName, BatchSize).View(Enumerable.Range(0, (int)_images.Count).Select(index => (long)index));
        Columns = new FeatureColumns(
            Found(pixels.Real.Role, real, options.RealColumnName),
            Found(pixels.Generated.Role, pixels.Generated.View, options.GeneratedColumnName),
            $"{RandomFeatures.ColumnName.ToLowerInvariant()} of {FeatureColumn.Pixels(format)}");
    }

    public FeatureColumns Columns { get; }

    public void Dispose()
    {
        _features.Dispose();
        _images.Dispose();
    }

    private FeatureColumn Found(string role, IDataView view, string name) => FeatureColumn.Find(role, _features.Of(view, name), RandomFeatures.ColumnName);

    private static ImageFormat Format(FeatureColumn column) => FeatureColumn.Pictures(column.Column, column.Images) ?? throw new ArgumentOutOfRangeException(
        nameof(ImageGenerationOptions.RandomFeatures), $"RandomFeatures is true, but column '{column.Column.Name}' of the {column.Role} view is of type {column.Column.Type}: " +
        "images are expected, or vectors of their pixels with 1 or 3 planes in their type. Leave RandomFeatures out, or name another column.");
}
