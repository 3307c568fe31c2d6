using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>Images of two views in the features of one discriminator with random weights, set by the real images, which are read once and kept.</summary>
internal sealed class RandomFeatureColumns : IDisposable
{
    private const int BatchSize = 64;

    private readonly TrainingImages _images;
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

        _images = TrainingImages.Create(realCount, (format.Channels, format.Height, format.Width), device, cacheFolder: null);
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
