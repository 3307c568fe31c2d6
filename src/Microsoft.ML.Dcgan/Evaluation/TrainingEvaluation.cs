using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>
/// The Fréchet distance of a generator's images to training images while it trains: the same noise and the same training
/// images each time, so that evaluations compare.
/// </summary>
internal sealed class TrainingEvaluation : IDisposable
{
    private const string NoiseName = "Noise of evaluation";
    private const string LabelName = "Class of evaluation";
    private const int BatchSize = 64;

    private readonly DcganEstimator.Options _settings;
    private readonly string _imageColumnName;
    private readonly Func<IDataView, FeatureColumn> _features;
    private readonly int _seed;
    private readonly Device _device;
    private readonly RandomFeatures? _random;
    private readonly FeatureMoments _real;

    // Of the training images that are looked at, so that classes are as frequent among generated images as among these.
    private readonly long[]? _classes;

    /// <param name="images">The training images; a random choice of them is looked at here, and no more.</param>
    /// <param name="settings">How many.</param>
    /// <param name="imageColumnName">The column that <paramref name="extractor"/> reads.</param>
    /// <param name="extractor">What looks at the images; null: random features.</param>
    /// <param name="seed">Chooses images and noise.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="cancellation">Ends the reading of the training images.</param>
    /// <exception cref="InvalidOperationException">There are fewer than two images, or the extractor cannot read them.</exception>
    public TrainingEvaluation(Dataset images, DcganEstimator.Options settings, string imageColumnName, ITransformer? extractor,
        int seed, Device device, CancellationToken cancellation)
    {
        _settings = settings;
        _imageColumnName = imageColumnName;
        _seed = seed;
        _device = device;
        if (images.Count < 2)
        {
            throw new InvalidOperationException($"EvaluationInterval is {settings.EvaluationInterval}, but the data has {images.Count} image, and a Fréchet distance needs at least 2. " +
                "Set EvaluationInterval to 0, or give more images.");
        }

        using var random = new TorchSharp.torch.Generator((ulong)seed, CPU);
        using Tensor order = randperm(images.Count, ScalarType.Int64, generator: random);
        long[] chosen = order.data<long>().Take((int)Math.Min(settings.EvaluationSamples, images.Count)).ToArray();
        _classes = images.Labels is { } labels ? Array.ConvertAll(chosen, index => labels[(int)index]) : null;
        IDataView real = new StoredColumn(images, imageColumnName, BatchSize).View(chosen);
        if (extractor == null)
        {
            _random = new RandomFeatures(images, chosen, random, device);
            _features = view => FeatureColumn.Find("evaluation's", _random.Of(view, imageColumnName), RandomFeatures.ColumnName);
        }
        else
        {
            _features = view => Extracted(extractor, view);
        }
        _real = MomentsOf(real, cancellation);
    }

    /// <summary>A <see cref="GeneratorEvaluation"/>.</summary>
    public double Distance(GanNetworks networks)
    {
        var noise = new NoiseColumn(NoiseName, networks.Shape.NoiseSize, _seed) { Distribution = networks.Shape.NoiseDistribution };
        float[][] drawn = NoiseSamples.Draw(noise, _settings.EvaluationSamples, _seed);
        LabelColumn? labels = _classes == null ? null : new LabelColumn(LabelName, null, LabelColumn.Numbers(networks.Shape.Classes));
        IDataView samples = labels == null
            ? NoiseSamples.View(noise, drawn)
            : NoiseSamples.View(noise, drawn, labels, row => _classes![row % _classes.Length]);
        var generated = new BatchedView(NetworkColumns.Generated(networks, noise, labels, _imageColumnName, BatchSize), samples);

        // Not to be cancelled: a run that is cancelled keeps what it has.
        using FeatureMoments moments = MomentsOf(generated, CancellationToken.None);
        return FrechetDistance.Between(_real, moments);
    }

    public void Dispose()
    {
        _real.Dispose();
        _random?.Dispose();
    }

    private FeatureMoments MomentsOf(IDataView images, CancellationToken cancellation)
    {
        FeatureColumn features = _features(images);
        var moments = new FeatureMoments(features.Size, _device);
        try
        {
            FeatureReader.Read(features, null, moments.Add, cancellation);
            return moments;
        }
        catch
        {
            moments.Dispose();
            throw;
        }
    }

    private FeatureColumn Extracted(ITransformer extractor, IDataView images)
    {
        IDataView output;
        try
        {
            output = extractor.Transform(images);
        }
        catch (ArgumentException mismatch)
        {
            throw new InvalidOperationException($"EvaluationFeatures, {extractor.GetType().Name}, cannot read the training images, which it is given as column " +
                $"'{_imageColumnName}' of type {images.Schema[_imageColumnName].Type}: {mismatch.Message}", mismatch);
        }
        return FeatureColumn.Find("evaluation's", output, FeatureColumns.LastVector(output.Schema, extractor));
    }
}

/// <summary>Random pairs of a view's pictures, which are picked out as the rows come by.</summary>
internal sealed class SampledPictures : IDisposable
{
    private const int PairsAtOnce = 50;
    private readonly long[] _left;
    private readonly long[] _right;
    private readonly Dictionary<long, long> _slots;
    private readonly Tensor _pictures;

    /// <param name="column">The column of pictures.</param>
    /// <param name="format">Their size.</param>
    /// <param name="count">How many rows there are, two or more.</param>
    /// <param name="pairs">How many pairs to draw, each of two different rows.</param>
    /// <param name="seed">Draws them.</param>
    public SampledPictures(DataViewSchema.Column column, ImageFormat format, long count, int pairs, ulong seed)
    {
        Column = column;
        Format = format;
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(seed, CPU);
        Tensor left = randint(0, count, [pairs], generator: random);
        Tensor right = (left + randint(1, count, [pairs], generator: random)).remainder(count);
        _left = left.data<long>().ToArray();
        _right = right.data<long>().ToArray();
        _slots = _left.Concat(_right).Distinct().Select((row, slot) => (row, slot)).ToDictionary(pair => pair.row, pair => (long)pair.slot);
        _pictures = zeros([_slots.Count, format.Height, format.Width, format.Channels], ScalarType.Byte, CPU).DetachFromDisposeScope();
    }

    public DataViewSchema.Column Column { get; }

    public ImageFormat Format { get; }

    /// <summary>Keeps the picture of a row, if it is wanted.</summary>
    public void Offer(long row, IPixelReader source)
    {
        if (!_slots.TryGetValue(row, out long slot))
            return;
        using Tensor picture = _pictures.select(0, slot);
        source.Read(picture.bytes);
    }

    /// <summary>The mean similarity of the pairs.</summary>
    public double MeanSimilarity(Device device)
    {
        double sum = 0;
        for (int start = 0; start < _left.Length; start += PairsAtOnce)
        {
            using var scope = NewDisposeScope();
            int end = Math.Min(start + PairsAtOnce, _left.Length);
            sum += MsSsim.Between(Take(_left[start..end], device), Take(_right[start..end], device)).sum().item<double>();
        }
        return sum / _left.Length;
    }

    public void Dispose() => _pictures.Dispose();

    private Tensor Take(long[] rows, Device device) =>
        _pictures.index_select(0, tensor(Array.ConvertAll(rows, row => _slots[row]))).permute(0, 3, 1, 2).to(ScalarType.Float64, device) / 255.0;
}
