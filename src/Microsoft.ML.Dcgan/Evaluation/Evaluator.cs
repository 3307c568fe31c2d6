using Microsoft.ML.Dcgan.Bridge;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Runtime;
using TorchSharp;
using static System.FormattableString;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>Reads two views and measures what the options ask for.</summary>
internal sealed class ImageGenerationEvaluator
{
    // Covariances of 8,192 features take 0.5 GB each, and their eigenvalues some minutes.
    private const int LargestFrechetSize = 8192;

    private readonly MLContext _mlContext;
    private readonly ImageGenerationOptions _options;
    private readonly IHostEnvironment _environment;
    private readonly Device _device;

    public ImageGenerationEvaluator(MLContext mlContext, ImageGenerationOptions options)
    {
        _mlContext = mlContext;
        _options = options;
        _environment = EnvironmentBridge.Of(mlContext.Transforms);
        _device = DeviceSelection.Choose(options.Device, EnvironmentBridge.GpuDeviceId(_environment), EnvironmentBridge.FallbackToCpu(_environment));
    }

    public ImageGenerationMetrics Evaluate(IDataView real, IDataView generated)
    {
        using IChannel log = _environment.Start("Evaluation of generated images");
        long realCount = Count(real, "real"), generatedCount = Count(generated, "generated");
        FeatureColumns columns = FeatureColumns.Find(_mlContext, _options, real, generated, "real");
        Require("real", realCount, Needed(isReal: true));
        Require("generated", generatedCount, Needed(isReal: false));
        int seed = _options.Seed ?? EnvironmentBridge.Seed(_environment) ?? Random.Shared.Next();
        using RandomFeatureColumns? random = _options.RandomFeatures ? new RandomFeatureColumns(columns, realCount, _options, (ulong)seed, _device) : null;
        columns = random?.Columns ?? columns;
        int size = columns.Real.Size;
        GenerationMetrics measured = size > LargestFrechetSize ? _options.Metrics & ~GenerationMetrics.FrechetDistance : _options.Metrics;

        using FeatureSet realSet = Keep("real", realCount, size, measured), generatedSet = Keep("generated", generatedCount, size, measured);
        using SampledPictures? pictures = Pictures(columns.Generated, generatedCount, (uint)seed);
        Read(columns.Real, null, realSet, Progress(before: 0));
        Read(columns.Generated, pictures, generatedSet, Progress(before: realCount));

        (double kernel, double error) = measured.HasFlag(GenerationMetrics.KernelDistance)
            ? KernelDistance.Between(realSet.All!, generatedSet.All!, _options.KernelSubsets, _options.KernelSubsetSize, (uint)seed, _device)
            : (double.NaN, double.NaN);
        Neighborhoods neighborhoods = Neighborhoods.Measure(realSet.All, generatedSet.All, _options, _device);
        var metrics = new ImageGenerationMetrics
        {
            FrechetDistance = realSet.Moments == null ? double.NaN : FrechetDistance.Between(realSet.Moments, generatedSet.Moments!),
            KernelDistance = kernel,
            KernelDistanceStandardError = error,
            Precision = neighborhoods.Precision,
            Recall = neighborhoods.Recall,
            Density = neighborhoods.Density,
            Coverage = neighborhoods.Coverage,
            MsSsim = pictures?.MeanSimilarity(_device) ?? double.NaN,
            SimilarityScales = pictures == null ? 0 : MsSsim.Scales(pictures.Format.Height, pictures.Format.Width),
            RealCount = realCount,
            GeneratedCount = generatedCount,
            FeatureSize = size,
            FeatureExtractor = columns.Description,
            Seed = seed,
            Warnings = [.. TooManyFeatures(size), .. SampleWarnings.Of(_options, measured, realCount, generatedCount, size)],
        };
        log.Info(MessageSensitivity.None, "{0}", metrics);
        foreach (string warning in metrics.Warnings)
            log.Warning(MessageSensitivity.None, "{0}", warning);
        return metrics;

        Action<long>? Progress(long before) => _options.Progress is { } told ? rows => told((before + rows) / (double)(realCount + generatedCount)) : null;
    }

    public IReadOnlyList<NearestImages> FindNearest(IDataView training, IDataView generated, int count)
    {
        long trainingCount = Count(training, "training"), generatedCount = Count(generated, "generated");
        FeatureColumns columns = FeatureColumns.Find(_mlContext, _options, training, generated, "training");
        Require("training", trainingCount, (count, $"{count} nearest images"));
        using var scope = NewDisposeScope();
        using var queries = new FeatureSet("generated", generatedCount, columns.Generated.Size, keepsMoments: false, keepsAll: true, _device);
        Read(columns.Generated, null, queries);
        using var neighbors = new NearestNeighbors(queries.All!, count, _device);
        FeatureReader.Read(columns.Real, null, neighbors.Add, _options.CancellationToken);

        float[] squares = neighbors.Squares.cpu().data<float>().ToArray();
        long[] indices = neighbors.Indices.cpu().data<long>().ToArray();
        return Enumerable.Range(0, (int)generatedCount).Select(row => new NearestImages(row,
            Enumerable.Range(row * count, count).Select(i => new NearestImage(indices[i], Math.Sqrt(squares[i]))).ToArray())).ToArray();
    }

    private void Read(FeatureColumn column, SampledPictures? pictures, FeatureSet set, Action<long>? progress = null)
    {
        FeatureReader.Read(column, pictures, set.Add, _options.CancellationToken, progress);
        set.Complete();
    }

    private FeatureSet Keep(string role, long count, int size, GenerationMetrics measured) => new(role, count, size,
        keepsMoments: measured.HasFlag(GenerationMetrics.FrechetDistance),
        keepsAll: (measured & (GenerationMetrics.KernelDistance | GenerationMetrics.PrecisionRecall | GenerationMetrics.DensityCoverage)) != 0,
        _device);

    private SampledPictures? Pictures(FeatureColumn features, long count, ulong seed)
    {
        if (!_options.Metrics.HasFlag(GenerationMetrics.MsSsim) || count < 2 || features.View.Schema.GetColumnOrNull(_options.GeneratedColumnName) is not { } column)
            return null;
        bool isFeature = column.Index == features.Column.Index;
        ImageFormat? format = FeatureColumn.Pictures(column, (isFeature ? features : FeatureColumn.Find("generated", features.View, column.Name)).Images);
        return format is { } found && MsSsim.Scales(found.Height, found.Width) > 0
            ? new SampledPictures(column, found, count, _options.SimilarityPairs, seed)
            : null;
    }

    // The most that any metric needs, and which.
    private (long Count, string For) Needed(bool isReal) => new (long, string)[]
    {
        (1, "an evaluation"),
        (_options.Metrics.HasFlag(GenerationMetrics.FrechetDistance) ? 2 : 0, "a covariance"),
        (_options.Metrics.HasFlag(GenerationMetrics.KernelDistance) ? 2 : 0, "the kernel distance"),
        (_options.Metrics.HasFlag(GenerationMetrics.PrecisionRecall) ? _options.Neighbors + 1L : 0, $"precision and recall with {nameof(_options.Neighbors)} {_options.Neighbors}"),
        (_options.Metrics.HasFlag(GenerationMetrics.DensityCoverage) && isReal ? _options.CoverageNeighbors + 1L : 0, $"density and coverage with {nameof(_options.CoverageNeighbors)} {_options.CoverageNeighbors}"),
    }.MaxBy(need => need.Item1);

    private static long Count(IDataView view, string role) => ImageReader.Count(view) is > 0 and long count
        ? count
        : throw new InvalidOperationException($"The {role} view has no rows. Check the folder or the query that they come from.");

    private static void Require(string role, long count, (long Count, string For) needed)
    {
        if (count < needed.Count)
            throw new InvalidOperationException($"The {role} view has {count} row{(count == 1 ? "" : "s")}, but at least {needed.Count} are needed for {needed.For}. Give more rows, or measure something else.");
    }

    private IEnumerable<string> TooManyFeatures(int size)
    {
        if (size > LargestFrechetSize && _options.Metrics.HasFlag(GenerationMetrics.FrechetDistance))
        {
            yield return FormattableString.Invariant($"The Fréchet distance was left out: {size:N0} features are more than the {LargestFrechetSize:N0} whose covariance can be dealt with. ") +
                "Take a feature extractor, or smaller images.";
        }
    }
}

/// <summary>Says where the samples are too few for what is measured.</summary>
internal static class SampleWarnings
{
    // What the authors of each metric worked with, or advise, at least.
    private const long UsualFrechetSamples = 10_000;
    private const long UsualNeighborSamples = 1000;

    public static IEnumerable<string> Of(ImageGenerationOptions options, GenerationMetrics measured, long real, long generated, int featureSize)
    {
        long fewest = Math.Min(real, generated);
        if (measured.HasFlag(GenerationMetrics.FrechetDistance) && fewest <= featureSize)
        {
            yield return Invariant($"The Fréchet distance of {fewest:N0} samples in {featureSize:N0} features is unreliable: their covariance has no more than rank {fewest - 1:N0}. ") +
                Invariant($"Give more than {featureSize:N0} samples of each, better {Math.Max(UsualFrechetSamples, 2L * featureSize):N0} or more, or take an extractor of fewer features.");
        }
        else if (measured.HasFlag(GenerationMetrics.FrechetDistance) && fewest < UsualFrechetSamples)
        {
            yield return Invariant($"The Fréchet distance of {fewest:N0} samples is too large: it falls as samples are added. Compare it only with that of as many; {UsualFrechetSamples:N0} or more are usual.");
        }

        if (measured.HasFlag(GenerationMetrics.KernelDistance) && Math.Max(real, generated) <= options.KernelSubsetSize && real == generated)
            yield return Invariant($"The kernel distance has no standard error: all {fewest:N0} samples are in one subset. Give more, or set a smaller KernelSubsetSize.");
        else if (measured.HasFlag(GenerationMetrics.KernelDistance) && fewest < 2L * options.KernelSubsetSize)
            yield return Invariant($"The kernel distance's standard error is too small: its subsets of {Math.Min(fewest, options.KernelSubsetSize):N0} of {fewest:N0} samples are much the same. Give more, or set a smaller KernelSubsetSize.");

        GenerationMetrics byNeighbors = measured & (GenerationMetrics.PrecisionRecall | GenerationMetrics.DensityCoverage);
        if (byNeighbors != 0 && fewest < UsualNeighborSamples)
            yield return Invariant($"{Name(byNeighbors)} of {fewest:N0} samples vary by some percent from sample to sample. Give {UsualNeighborSamples:N0} or more.");
        if (byNeighbors.HasFlag(GenerationMetrics.PrecisionRecall) && real != generated)
            yield return Invariant($"Precision and recall depend on how many samples there are: those of {real:N0} real and {generated:N0} generated ones do not compare with others. Take as many of each.");
    }

    private static string Name(GenerationMetrics metrics) => metrics switch
    {
        GenerationMetrics.PrecisionRecall => "Precision and recall",
        GenerationMetrics.DensityCoverage => "Density and coverage",
        _ => "Precision, recall, density and coverage",
    };
}
