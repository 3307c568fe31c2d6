using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>Reads the features of a cursor's current row. What it throws says what is wrong; the reader says which row it is.</summary>
internal interface IFeatureSource
{
    void Read(Span<float> features);
}

/// <summary>A vector's numbers.</summary>
internal sealed class VectorFeatures(ValueGetter<VBuffer<float>> getter, int size) : IFeatureSource
{
    private readonly float[] _dense = new float[size];
    private VBuffer<float> _values;

    public void Read(Span<float> features)
    {
        getter(ref _values);
        if (_values.Length != size)
            throw new InvalidOperationException($"has {_values.Length} numbers, but the column's type says {size}.");

        _values.CopyTo(_dense);
        for (int i = 0; i < size; i++)
        {
            if (!float.IsFinite(_dense[i]))
                throw new InvalidOperationException($"slot {i} is {FormattableString.Invariant($"{_dense[i]}")}, but features must be finite numbers. Leave such rows out, or replace what is missing.");
        }
        _dense.CopyTo(features);
    }
}

/// <summary>An image's pixels, from -1 to 1, planes first as vectors of pixels have them.</summary>
internal sealed class PixelFeatures(IPixelReader pixels, ImageFormat format) : IFeatureSource
{
    private readonly byte[] _bytes = new byte[format.Size];

    public void Read(Span<float> features)
    {
        pixels.Read(_bytes);
        for (int channel = 0, i = 0; channel < format.Channels; channel++)
        {
            for (int from = channel; from < _bytes.Length; from += format.Channels, i++)
                features[i] = _bytes[from] / 127.5f - 1;
        }
    }
}

/// <summary>Reads a column of features once, in the view's order, in blocks of rows.</summary>
internal static class FeatureReader
{
    private const int MostRows = 1024;
    private const int MostNumbers = 1 << 24;

    /// <param name="features">The column.</param>
    /// <param name="pictures">Keeps some of the pictures on the way; may be null.</param>
    /// <param name="add">Takes blocks [n, size] of Single, which it does not keep.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="progress">Told the number of rows after each.</param>
    public static void Read(FeatureColumn features, SampledPictures? pictures, Action<Tensor> add, CancellationToken cancellation, Action<long>? progress = null)
    {
        var columns = new List<DataViewSchema.Column> { features.Column };
        if (pictures != null)
            columns.Add(pictures.Column);
        using DataViewRowCursor cursor = features.View.GetRowCursor(columns);
        IFeatureSource source = features.Images is { } images
            ? new PixelFeatures(PixelReader.For(cursor, features.Column, images), images)
            : new VectorFeatures(cursor.GetGetter<VBuffer<float>>(features.Column), features.Size);
        IPixelReader? pixels = pictures == null ? null : PixelReader.For(cursor, pictures.Column, pictures.Format);

        int blockRows = Math.Clamp(MostNumbers / features.Size, 1, MostRows);
        var block = new float[blockRows * features.Size];
        long rows = 0;
        for (; cursor.MoveNext(); rows++)
        {
            cancellation.ThrowIfCancellationRequested();
            int at = (int)(rows % blockRows);
            ReadRow(features, features.Column.Name, cursor, () => source.Read(block.AsSpan(at * features.Size, features.Size)));
            if (pictures != null)
                ReadRow(features, pictures.Column.Name, cursor, () => pictures.Offer(rows, pixels!));
            if (at == blockRows - 1)
                Add(block, blockRows, features.Size, add);
            progress?.Invoke(rows + 1);
        }
        if (rows % blockRows is > 0 and long rest)
            Add(block, (int)rest, features.Size, add);
    }

    private static void Add(float[] block, int rows, int size, Action<Tensor> add)
    {
        using var scope = NewDisposeScope();
        add(tensor(rows * size == block.Length ? block : block[..(rows * size)], new long[] { rows, size }));
    }

    private static void ReadRow(FeatureColumn features, string columnName, DataViewRowCursor cursor, Action read) =>
        RowErrors.Naming(() => $"Column '{columnName}' of the {features.Role} view, {RowErrors.Describe(features.View, cursor)}", read);
}

/// <summary>What an evaluation keeps of one view's features: their moments, or all of them, or both.</summary>
internal sealed class FeatureSet : IDisposable
{
    private readonly string _role;
    private readonly long _capacity;

    public FeatureSet(string role, long capacity, int featureSize, bool keepsMoments, bool keepsAll, Device device)
    {
        _role = role;
        _capacity = capacity;
        Moments = keepsMoments ? new FeatureMoments(featureSize, device) : null;
        All = keepsAll ? empty([capacity, featureSize], ScalarType.Float32, CPU).DetachFromDisposeScope() : null;
    }

    public long Count { get; private set; }

    public FeatureMoments? Moments { get; }

    /// <summary>[count, size] once all rows were added.</summary>
    public Tensor? All { get; }

    public void Add(Tensor block)
    {
        long rows = block.shape[0];
        if (Count + rows > _capacity)
            throw Changed("more");
        Moments?.Add(block);
        All?.narrow(0, Count, rows).copy_(block);
        Count += rows;
    }

    /// <summary>Fails where rows are missing.</summary>
    public void Complete()
    {
        if (Count < _capacity)
            throw Changed("fewer");
    }

    public void Dispose()
    {
        Moments?.Dispose();
        All?.Dispose();
    }

    private InvalidOperationException Changed(string what) =>
        new($"The {_role} view gives {what} rows than the {_capacity} that it had when they were counted. Cache it, or save it first.");
}

/// <summary>
/// The features of a discriminator with random weights. Naeem et al. 2020, section 4, find such features fit for images
/// that are unlike those that other networks were trained on.
/// </summary>
internal sealed class RandomFeatures : IDisposable
{
    public const string ColumnName = "Random features";

    // A covariance of so many takes a few thousand samples, and a tenth of a second to take the root of.
    private const int MostFeatures = 512;
    private const int MostFeatureMaps = 16;
    private const int BatchSize = 64;

    // Running means and variances move a tenth of the way with each, so that nothing is left of what they start from.
    private const int CalibrationBatches = 200;

    private readonly TrainedDiscriminator _discriminator;

    /// <param name="images">The training images.</param>
    /// <param name="chosen">Those to set batch normalisation by.</param>
    /// <param name="random">Draws the weights.</param>
    /// <param name="device">Where to compute.</param>
    public RandomFeatures(Dataset images, long[] chosen, torch.Generator random, Device device)
    {
        (int channels, int height, int width) = images.Shape;
        var shape = new NetworkShape(height, width, channels, NoiseSize: 1, GeneratorFeatureMaps: 1, DiscriminatorFeatureMaps: MostFeatureMaps, KernelSize: 4);
        while (shape.Features > MostFeatures && shape.DiscriminatorFeatureMaps > 1)
            shape = shape with { DiscriminatorFeatureMaps = shape.DiscriminatorFeatureMaps / 2 };

        _discriminator = new TrainedDiscriminator(shape, device, ScalarType.Float32);
        WeightInitialization.Apply(_discriminator.Network, random);
        Calibrate(images, chosen, device);
    }

    /// <summary>A view's images' features, as column <see cref="ColumnName"/>.</summary>
    public IDataView Of(IDataView images, string imageColumnName) =>
        new BatchedView(NetworkColumns.Features(_discriminator, ColumnName, imageColumnName, BatchSize), images);

    public void Dispose() => _discriminator.Dispose();

    // Without real images' means and variances, each layer's features would be smaller than those of the layer before.
    private void Calibrate(Dataset images, long[] chosen, Device device)
    {
        using var _ = no_grad();
        _discriminator.Network.train();
        int size = Math.Min(BatchSize, chosen.Length);
        for (int i = 0; i < CalibrationBatches; i++)
        {
            using var scope = NewDisposeScope();
            long[] batch = Enumerable.Range(i * size, size).Select(at => chosen[at % chosen.Length]).ToArray();
            _discriminator.Network.call(ImageBytes.Normalize(images.Gather(tensor(batch)), device));
        }
        _discriminator.Network.eval();
    }
}
