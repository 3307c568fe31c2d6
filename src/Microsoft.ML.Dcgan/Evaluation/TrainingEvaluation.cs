using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Distributed;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>The Fréchet distance of a generator's images to training images while it trains: the same noise and the same training images
/// each time, so that evaluations compare.</summary>
internal sealed class TrainingEvaluation : IDisposable
{
    private readonly int _samples;
    private readonly int _seed;
    private readonly Device _device;
    private readonly FeatureExtractor _features;
    private readonly FeatureMoments _real;

    // Of the training images that are looked at, so that classes are as frequent among generated images as among these.
    private readonly long[]? _classes;

    /// <summary>Looks at a random choice of the training images, here and no more.</summary>
    /// <exception cref="InvalidOperationException">There are fewer than two images, or the extractor cannot read them.</exception>
    public TrainingEvaluation(Dataset images, DcganEstimator.Options options, Device device)
    {
        if (images.Count < 2)
        {
            throw new InvalidOperationException($"EvaluationInterval is {options.EvaluationInterval}, but the data has " +
                $"{images.Count} image, and a Fréchet distance needs at least 2. " +
                "Set EvaluationInterval to 0 and Epochs above 0, or give more images.");
        }
        (_samples, _seed, _device) = (options.EvaluationSamples, options.Seed!.Value, device);

        using var random = new torch.Generator((ulong)_seed, CPU);
        using Tensor order = randperm(images.Count, ScalarType.Int64, generator: random);
        long[] chosen = order.data<long>().Take((int)Math.Min(_samples, images.Count)).ToArray();
        _classes = images.Labels is { } labels ? Array.ConvertAll(chosen, index => labels[(int)index]) : null;
        _features = options.EvaluationFeatures is { } extractor
            ? OfTransformer(new TransformerFeatures(extractor, options.ImageColumnName,
                new ImageFormat(images.Shape.Height, images.Shape.Width, images.Shape.Channels)))
            : FeatureExtractor.OfRandomWeights(images, chosen, random, device);
        _real = new FeatureMoments(_features.Size, device);
        try
        {
            _features.Read(0, chosen.Length, (first, count) => images.Gather(tensor(chosen[first..(first + count)])), _real.Add,
                options.CancellationToken);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A <see cref="GeneratorEvaluation"/>, of which each replica makes a part; not to be cancelled: a run that is cancelled keeps
    /// what it has.</summary>
    public double Distance(GanNetworks networks, Communicator ranks)
    {
        using var generator = new FoldedGenerator(networks);
        using var generated = new FeatureSet("generated", _samples, _features.Size, keepsMoments: true, keepsAll: false, _device, ranks);
        _features.Read((int)generated.Own.First, (int)generated.Own.Count, (first, count) => Generate(generator, first, count),
            generated.Add, CancellationToken.None);
        generated.Complete();
        return ranks.FromRoot(() => FrechetDistance.Between(_real, generated.Moments!));
    }

    public void Dispose()
    {
        _real.Dispose();
        _features.Dispose();
    }

    private static FeatureExtractor OfTransformer(TransformerFeatures features) => new(features.Size, features.Compute);

    // As bytes, which are what a model's user gets. A sample's noise is that of the same row of SampleNoise.
    private Tensor Generate(FoldedGenerator generator, int first, int count)
    {
        NetworkShape shape = generator.Shape;
        float[][] noise = RowNoise.Draw(count, shape.NoiseSize, _seed, shape.NoiseDistribution, first);
        long[]? labels = _classes == null ? null : Enumerable.Range(first, count).Select(row => _classes[row % _classes.Length]).ToArray();
        return NetworkColumns.Generate(generator, [.. noise.SelectMany(row => row)], labels);
    }
}
