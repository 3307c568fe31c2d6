using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Distributed;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>Reads two columns and measures what the options ask for. The seed is that of random features, subsets and pairs. Of several
/// ranks, some of which share processors, each reads a part of the rows and computes its features; the root compares them.</summary>
internal sealed class Evaluator(ImageGenerationOptions options, int seed, Device device, Communicator ranks, int sharing)
{
    public ImageGenerationMetrics Evaluate(Func<FeatureColumns> find)
    {
        using IDisposable? threads = OpenMp.Share(sharing);
        Metric[] asked = Metric.All.Where(metric => options.Metrics.HasFlag(metric.Flag)).ToArray();
        FeatureColumns columns = ranks.Together(() => Measurable(find(), asked));
        RankAgreement.Require(ranks, [("real rows", $"{columns.Real.Count}"), ("generated rows", $"{columns.Generated.Count}")]);
        Dataset? own = ranks.Together(() => options.RandomFeatures ? columns.Real.Load(device, options.CancellationToken) : null);
        using Dataset? images = own == null || ranks.IsAlone ? own : new ShardedDataset(own, ranks);
        using FeatureExtractor extractor =
            images == null ? FeatureExtractor.OfPixels(columns.Real.Size, device) : RandomFeatures(images);
        int size = extractor.Size;

        // The generated view's own column of images, whatever its features are, where they are large enough.
        FeatureColumn? pictured = asked.Any(metric => metric.TakesPictures) && columns.Generated.Count > 1
            ? columns.Generated.Beside(options.GeneratedColumnName) : null;
        using PicturePairs? pairs = pictured?.Images is { } format && MsSsim.Scales(format.Height, format.Width) > 0
            ? new PicturePairs(format, columns.Generated.Count, options.SimilarityPairs, (uint)seed, ranks) : null;
        Metric[] measured = asked.Where(metric => size <= metric.MostFeatures && (!metric.TakesPictures || pairs != null)).ToArray();
        using FeatureSet real = Keep(columns.Real, own == null ? columns.Real.BlockSize() : FeatureExtractor.BlockSize);
        using FeatureSet generated = Keep(columns.Generated, columns.Generated.BlockSize(pairs == null ? null : pictured));
        ranks.Together(() =>
        {
            if (own == null)
                Read(columns.Real, extractor, real.Add, Progress(before: 0));
            else
                extractor.Read(0, (int)own.Count, (first, count) => own.Gather(Sequence(first + count).narrow(0, first, count)), real.Add,
                    options.CancellationToken, Progress(before: 0));
        });
        real.Complete();
        ranks.Together(() =>
            Read(columns.Generated, extractor, generated.Add, Progress(before: columns.Real.Own.Count), pictured, pairs));
        generated.Complete();
        pairs?.Complete();

        // The others wait for the root.
        threads?.Dispose();
        var sets = new Comparison(options, measured, real, generated, pairs, size, seed, device);
        return new ImageGenerationMetrics
        {
            Results = Metric.All.Select(metric => Result(metric, sets)).ToArray(),
            SimilarityScales = pairs?.Scales ?? 0,
            RealCount = real.Count,
            GeneratedCount = generated.Count,
            FeatureSize = size,
            FeatureExtractor = options.RandomFeatures ? $"random features of {columns.Description}" : columns.Description,
            Seed = seed,
            Warnings = ranks.FromRoot(() => string.Join('\n', Metric.Warnings(sets))).Split('\n', StringSplitOptions.RemoveEmptyEntries),
        };

        FeatureSet Keep(FeatureColumn column, int blockSize) => new(column.Role, column.Count, size,
            measured.Any(metric => metric.TakesMoments), measured.Any(metric => metric.TakesFeatures), device, ranks, blockSize);

        Action<long>? Progress(long before) => options.Progress is { } told
            ? rows => told((before + rows) / (double)(columns.Real.Own.Count + columns.Generated.Own.Count))
            : null;
    }

    public IReadOnlyList<NearestImages> FindNearest(FeatureColumns columns, int count)
    {
        Require(columns.Real, [(count, $"{count} nearest images")]);
        using var scope = NewDisposeScope();
        using var pixels = FeatureExtractor.OfPixels(columns.Real.Size, device);
        using var queries = new FeatureSet("generated", columns.Generated.Count, pixels.Size, keepsMoments: false, keepsAll: true, device,
            Communicator.Alone);
        Read(columns.Generated, pixels, queries.Add);
        queries.Complete();
        using var neighbors = new NearestNeighbors(queries.All!, count, device);
        Read(columns.Real, pixels, neighbors.Add);

        float[] squares = neighbors.Squares.cpu().data<float>().ToArray();
        long[] indices = neighbors.Indices.cpu().data<long>().ToArray();
        return Enumerable.Range(0, (int)queries.Count).Select(row => new NearestImages(row,
            Enumerable.Range(row * count, count).Select(i => new NearestImage(indices[i], Math.Sqrt(squares[i]))).ToArray())).ToArray();
    }

    private void Read(FeatureColumn column, FeatureExtractor extractor, Action<Tensor> add, Action<long>? progress = null,
        FeatureColumn? pictured = null, PicturePairs? pairs = null) =>
        column.Read(pictured == column || pairs == null ? null : pictured, (block, pictures) =>
        {
            add(column.Images == null ? block : extractor.Extract(block));
            pairs?.Add(pictures ?? block);
        }, options.CancellationToken, progress);

    private FeatureExtractor RandomFeatures(Dataset images)
    {
        using var random = new torch.Generator((ulong)seed, CPU);
        using Tensor order = randperm(images.Count, ScalarType.Int64, generator: random);
        return FeatureExtractor.OfRandomWeights(images, [.. order.data<long>()], random, device);
    }

    private ImageGenerationMetric Result(Metric metric, Comparison sets)
    {
        bool isMeasured = sets.Measured.Contains(metric);
        return new(metric.Id, metric.Name, isMeasured ? ranks.FromRoot(() => metric.Compute(sets)) : double.NaN,
            metric.StandardError is { } error ? isMeasured ? ranks.FromRoot(() => error(sets)) : double.NaN : null,
            metric.Best, metric.Meaning);
    }

    // Where there are rows enough.
    private FeatureColumns Measurable(FeatureColumns columns, Metric[] asked)
    {
        (long Real, long Generated, string For)[] needs = Array.ConvertAll(asked, metric => metric.Rows(options));
        Require(columns.Real, needs.Select(rows => (rows.Real, rows.For)));
        Require(columns.Generated, needs.Select(rows => (rows.Generated, rows.For)));
        return options.RandomFeatures ? columns.AsImages() : columns;
    }

    private static void Require(FeatureColumn column, IEnumerable<(long Count, string For)> needs)
    {
        (long needed, string purpose) = needs.MaxBy(need => need.Count);
        if (column.Count < needed)
        {
            throw new InvalidOperationException($"The {column.Role} view has {column.Count} row{(column.Count == 1 ? "" : "s")}, " +
                $"but at least {needed} are needed for {purpose}. Give more rows, or measure something else.");
        }
    }
}
