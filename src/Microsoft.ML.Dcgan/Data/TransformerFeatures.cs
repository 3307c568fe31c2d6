using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>The column of vectors that a user's transformer, which stays its owner's, adds to a view of images.</summary>
internal sealed class TransformerFeatures
{
    private readonly ITransformer _transformer;
    private readonly string _imageColumnName;
    private readonly string _featureColumnName;

    /// <exception cref="InvalidOperationException">It cannot read such images.</exception>
    public TransformerFeatures(ITransformer transformer, string imageColumnName, ImageFormat format)
    {
        _transformer = transformer;
        _imageColumnName = imageColumnName;
        using Tensor none = zeros([0, format.Height, format.Width, format.Channels], ScalarType.Byte);
        using var images = new ImageTensorView(none, imageColumnName);
        IDataView output;
        try
        {
            output = transformer.Transform(images.View);
        }
        catch (ArgumentException mismatch)
        {
            throw new InvalidOperationException($"EvaluationFeatures, {transformer.GetType().Name}, cannot read the training images, " +
                $"which it is given as column '{imageColumnName}' of type " +
                $"{images.View.Schema[imageColumnName].Type}: {mismatch.Message}", mismatch);
        }
        _featureColumnName = FeatureColumn.NameOfLast(output.Schema, transformer);
        Size = Features(output).Size;
    }

    /// <summary>Numbers an image.</summary>
    public int Size { get; }

    /// <summary>The features [n, <see cref="Size"/>] of images, bytes [n, height, width, channels].</summary>
    public Tensor Compute(Tensor images)
    {
        using var view = new ImageTensorView(images, _imageColumnName);
        Tensor features = zeros(images.shape[0], Size, ScalarType.Float32);
        long rows = 0;
        Features(_transformer.Transform(view.View)).Read(null, (block, _) =>
        {
            if (rows + block.shape[0] <= images.shape[0])
                features.narrow(0, rows, block.shape[0]).copy_(block);
            rows += block.shape[0];
        }, CancellationToken.None);
        return rows == images.shape[0] ? features : throw new InvalidOperationException(
            $"EvaluationFeatures, {_transformer.GetType().Name}, gives {rows} rows for {images.shape[0]} images, " +
            "but one for each is expected.");
    }

    private FeatureColumn Features(IDataView output) => FeatureColumn.Find("evaluation's", output, _featureColumnName);
}

/// <summary>A view of images that are there as bytes [n, height, width, channels], and which are freed with it.</summary>
internal sealed class ImageTensorView : IDisposable
{
    private readonly MLImage[] _images;

    public ImageTensorView(Tensor images, string name)
    {
        (int count, int height, int width) = ((int)images.shape[0], (int)images.shape[1], (int)images.shape[2]);
        byte[] bgra = Pixels.ToBgra(images);
        _images = Enumerable.Range(0, count).Select(index => Pixels.ToImage(bgra, index, height, width)).ToArray();
        new ImageTypeAttribute(height, width).Register();    // or LoadFromEnumerable knows no such type
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        (schema[0].ColumnName, schema[0].ColumnType) = (name, new ImageDataViewType(height, width));
        View = new MLContext().Data.LoadFromEnumerable(Array.ConvertAll(_images, image => new Row { Image = image }), schema);
    }

    public IDataView View { get; }

    public void Dispose()
    {
        foreach (MLImage image in _images)
            image.Dispose();
    }

    private sealed class Row
    {
        [ImageType(1, 1)]    // the schema says otherwise
        public MLImage Image { get; set; } = null!;
    }
}
