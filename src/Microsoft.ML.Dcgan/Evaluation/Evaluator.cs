using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>Reads two columns and measures what the options ask for.</summary>
/// <param name="options">What to measure, and how.</param>
/// <param name="seed">Of random features, subsets and pairs.</param>
/// <param name="device">Where to compute.</param>
internal sealed class Evaluator(ImageGenerationOptions options, int seed, Device device)
{
    public ImageGenerationMetrics Evaluate(FeatureColumns columns)
    {
        Metric[] asked = Metric.All.Where(metric => options.Metrics.HasFlag(metric.Flag)).ToArray();
        (long Real, long Generated, string For)[] needs = Array.ConvertAll(asked, metric => metric.Rows(options));
        Require("real", columns.RealCount, needs.Select(rows => (rows.Real, rows.For)));
        Require("generated", columns.GeneratedCount, needs.Select(rows => (rows.Generated, rows.For)));
        if (options.RandomFeatures)
            columns = columns.AsImages();
        using Dataset? images = options.RandomFeatures ? ReadImages(columns.Real, columns.RealCount) : null;
        using FeatureExtractor extractor = images == null ? new PixelFeatures(columns.Real.Size, device) : RandomFeatures(images);
        int size = extractor.Size;

        FeatureColumn? pictured = asked.Any(metric => metric.TakesPictures) && columns.GeneratedCount > 1
            ? Pictured(columns.Generated) : null;
        using PicturePairs? pairs = pictured?.Images is { } format
            ? new PicturePairs(format, columns.GeneratedCount, options.SimilarityPairs, (uint)seed)
            : null;
        Metric[] measured = asked.Where(metric => size <= metric.MostFeatures && (!metric.TakesPictures || pairs != null)).ToArray();
        using FeatureSet real = Keep("real", columns.RealCount), generated = Keep("generated", columns.GeneratedCount);
        if (images == null)
            Read(columns.Real, extractor, real.Add, Progress(before: 0));
        else
            extractor.Read((int)images.Count, (first, count) => images.Gather(arange(first, first + count)), real.Add,
                options.CancellationToken, Progress(before: 0));
        real.Complete();
        Read(columns.Generated, extractor, generated.Add, Progress(before: columns.RealCount), pictured, pairs);
        generated.Complete();

        using var sets = new Comparison(options, measured, real, generated, pairs, size, seed, device);
        return new ImageGenerationMetrics
        {
            Results = Metric.All.Select(metric => Result(metric, sets)).ToArray(),
            SimilarityScales = pairs?.Scales ?? 0,
            RealCount = real.Count,
            GeneratedCount = generated.Count,
            FeatureSize = size,
            FeatureExtractor = options.RandomFeatures ? $"random features of {columns.Description}" : columns.Description,
            Seed = seed,
            Warnings = [.. Metric.Warnings(sets)],
        };

        FeatureSet Keep(string role, long count) => new(role, count, size,
            measured.Any(metric => metric.TakesMoments), measured.Any(metric => metric.TakesFeatures), device);

        Action<long>? Progress(long before) => options.Progress is { } told
            ? rows => told((before + rows) / (double)(columns.RealCount + columns.GeneratedCount))
            : null;
    }

    public IReadOnlyList<NearestImages> FindNearest(FeatureColumns columns, int count)
    {
        Require(columns.Real.Role, columns.RealCount, [(count, $"{count} nearest images")]);
        using var scope = NewDisposeScope();
        using var pixels = new PixelFeatures(columns.Real.Size, device);
        using var queries = new FeatureSet("generated", columns.GeneratedCount, pixels.Size, keepsMoments: false, keepsAll: true, device);
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
        column.Read(pictured == column ? null : pictured, (block, pictures) =>
        {
            add(column.Images == null ? block : extractor.Extract(block));
            pairs?.Add(pictures ?? block);
        }, options.CancellationToken, progress);

    private Dataset ReadImages(FeatureColumn column, long count)
    {
        ImageFormat format = column.Images!.Value;
        Dataset created = Dataset.Create(count, (format.Channels, format.Height, format.Width), device, cacheFolder: null);
        return Ownership.HandOver(created, images =>
        {
            ImageReader.Read(column.View, column.Column, format, images, options.CancellationToken);
            return images;
        });
    }

    private RandomFeatures RandomFeatures(Dataset images)
    {
        using var random = new torch.Generator((ulong)seed, CPU);
        using Tensor order = randperm(images.Count, ScalarType.Int64, generator: random);
        return new RandomFeatures(images, [.. order.data<long>()], random, device);
    }

    // The generated view's own column of images, whatever its features are, where they are large enough.
    private FeatureColumn? Pictured(FeatureColumn features) =>
        features.View.Schema.GetColumnOrNull(options.GeneratedColumnName) is { } column
        && (column.Index == features.Column.Index ? features
            : FeatureColumn.Find("generated", features.View, column.Name)).AsImages() is { } pictured
        && MsSsim.Scales(pictured.Images!.Value.Height, pictured.Images.Value.Width) > 0 ? pictured : null;

    private static ImageGenerationMetric Result(Metric metric, Comparison sets)
    {
        bool isMeasured = sets.Measured.Contains(metric);
        return new(metric.Id, metric.Name, isMeasured ? metric.Compute(sets) : double.NaN,
            metric.StandardError is { } error ? isMeasured ? error(sets) : double.NaN : null, metric.Best, metric.Meaning);
    }

    private static void Require(string role, long count, IEnumerable<(long Count, string For)> needs)
    {
        (long needed, string purpose) = needs.MaxBy(need => need.Count);
        if (count < needed)
        {
            throw new InvalidOperationException($"The {role} view has {count} row{(count == 1 ? "" : "s")}, " +
                $"but at least {needed} are needed for {purpose}. Give more rows, or measure something else.");
        }
    }
}
