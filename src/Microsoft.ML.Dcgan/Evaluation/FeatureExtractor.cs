using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>From images, bytes [n, height, width, channels], to the numbers that they are compared by.</summary>
internal abstract class FeatureExtractor : IDisposable
{
    protected const int BatchSize = 64;
    private const int BlockSize = 1024;

    /// <summary>Numbers an image.</summary>
    public abstract int Size { get; }

    /// <summary>The features [n, <see cref="Size"/>] of any number of images, in Single.</summary>
    public Tensor Extract(Tensor images)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return cat(images.split(BatchSize).Select(Compute).ToArray()).MoveToOuterDisposeScope();
    }

    /// <summary>The features of images that are made, or read, a batch at a time.</summary>
    /// <param name="count">How many images there are.</param>
    /// <param name="images">Gives those from a number on, so many of them.</param>
    /// <param name="add">Takes blocks of features, which it does not keep.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="progress">Told the number of images after each batch.</param>
    public void Read(int count, Func<int, int, Tensor> images, Action<Tensor> add, CancellationToken cancellation,
        Action<long>? progress = null)
    {
        for (int done = 0; done < count;)
        {
            using var scope = NewDisposeScope();
            var block = new List<Tensor>();
            for (int end = Math.Min(done + BlockSize, count); done < end; progress?.Invoke(done))
            {
                cancellation.ThrowIfCancellationRequested();
                using var batchScope = NewDisposeScope();
                int batch = Math.Min(BatchSize, end - done);
                block.Add(Extract(images(done, batch)).MoveToOuterDisposeScope());
                done += batch;
            }
            add(cat(block));
        }
    }

    public virtual void Dispose()
    {
    }

    protected abstract Tensor Compute(Tensor images);
}

/// <summary>An image's pixels, from -1 to 1, planes first as vectors of pixels have them.</summary>
internal sealed class PixelFeatures(int size, Device device) : FeatureExtractor
{
    public override int Size => size;

    protected override Tensor Compute(Tensor images) => ImageBytes.Normalize(images, device).flatten(1);
}

/// <summary>The features of a discriminator with random weights. Naeem et al. 2020, section 4, find such features fit for images that are
/// unlike those that other networks were trained on.</summary>
internal sealed class RandomFeatures : FeatureExtractor
{
    // A covariance of so many takes a few thousand samples, and a tenth of a second to take the root of.
    private const int MostFeatures = 512;
    private const int MostFeatureMaps = 16;

    // Running means and variances move a tenth of the way with each, so that nothing is left of what they start from.
    private const int CalibrationBatches = 200;

    private readonly Discriminator _discriminator;

    /// <param name="images">The real images.</param>
    /// <param name="chosen">Those to set batch normalisation by.</param>
    /// <param name="random">Draws the weights.</param>
    /// <param name="device">Where to compute.</param>
    public RandomFeatures(Dataset images, long[] chosen, torch.Generator random, Device device)
    {
        (int channels, int height, int width) = images.Shape;
        var shape = new NetworkShape(height, width, channels, NoiseSize: 1, GeneratorFeatureMaps: 1,
            DiscriminatorFeatureMaps: MostFeatureMaps, KernelSize: 4);
        while (shape.Features > MostFeatures && shape.DiscriminatorFeatureMaps > 1)
            shape = shape with { DiscriminatorFeatureMaps = shape.DiscriminatorFeatureMaps / 2 };

        _discriminator = Discriminator.InEvaluation(shape, device, ScalarType.Float32);
        WeightInitialization.Apply(_discriminator, random);
        Calibrate(images, chosen, device);
    }

    public override int Size => _discriminator.Shape.Features;

    public override void Dispose()
    {
        _discriminator.Dispose();
        base.Dispose();
    }

    protected override Tensor Compute(Tensor images) =>
        _discriminator.Features(ImageBytes.Normalize(images, _discriminator.Device));

    // Without real images' means and variances, each layer's features would be smaller than those of the layer before.
    private void Calibrate(Dataset images, long[] chosen, Device device)
    {
        using var _ = no_grad();
        _discriminator.train();
        int size = Math.Min(BatchSize, chosen.Length);
        for (int i = 0; i < CalibrationBatches; i++)
        {
            using var scope = NewDisposeScope();
            long[] batch = Enumerable.Range(i * size, size).Select(at => chosen[at % chosen.Length]).ToArray();
            _discriminator.call(ImageBytes.Normalize(images.Gather(tensor(batch)), device));
        }
        _discriminator.eval();
    }
}

/// <summary>The column of vectors that a user's transformer adds to a view of images.</summary>
internal sealed class TransformerFeatures : FeatureExtractor
{
    private readonly ITransformer _transformer;
    private readonly string _imageColumnName;
    private readonly string _featureColumnName;

    /// <param name="transformer">The transformer, which stays its owner's.</param>
    /// <param name="imageColumnName">The column that it reads.</param>
    /// <param name="height">Of every image.</param>
    /// <param name="width">Of every image.</param>
    /// <param name="channels">Of every image.</param>
    /// <exception cref="InvalidOperationException">It cannot read such images.</exception>
    public TransformerFeatures(ITransformer transformer, string imageColumnName, int height, int width, int channels)
    {
        _transformer = transformer;
        _imageColumnName = imageColumnName;
        using Tensor none = zeros([0, height, width, channels], ScalarType.Byte);
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

    public override int Size { get; }

    protected override Tensor Compute(Tensor images)
    {
        using var view = new ImageTensorView(images, _imageColumnName);
        Tensor features = zeros(images.shape[0], Size);
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
