using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>
/// How good this library's pictures are beside those of PyTorch's official example, trained on as many images of
/// Fashion-MNIST: both against the test pictures, which neither saw, by the library's own evaluator.
/// </summary>
internal static class ExampleQuality
{
    private static readonly (string Name, Func<ImageGenerationMetrics, double> Of)[] _columns =
    [
        ("Fréchet", metrics => metrics.FrechetDistance),
        ("kernel", metrics => metrics.KernelDistance),
        ("precision", metrics => metrics.Precision),
        ("recall", metrics => metrics.Recall),
        ("density", metrics => metrics.Density),
        ("coverage", metrics => metrics.Coverage),
    ];

    /// <returns>The mean Fréchet distance of this library's over the mean of the example's.</returns>
    public static double Run(BenchmarkOptions options)
    {
        Directory.CreateDirectory(options.Output);
        int[] seeds = options.NamedSeeds.Count > 0 ? [.. options.NamedSeeds.Distinct()] : [.. Enumerable.Range(1, options.Seeds)];
        var samples = new TrainedSamples(options);
        samples.Describe();
        (string Ours, string Theirs)[] files = seeds.Select(seed => (samples.Ours(options.Precision, seed), samples.Theirs(seed))).ToArray();

        Report.Line($"Fréchet distances to the training pictures, for comparison with those of precision:");
        foreach ((string file, double distance) in ClassifierFeatures.Distances(options, files.SelectMany(pair => new[] { pair.Ours, pair.Theirs })).Skip(1))
            Report.Line($"{file}: {distance:0.00}");

        Report.Line($"all against the {TrainedSamples.Count} test pictures, in the same features:");
        Console.WriteLine($"| {"",-30} | {string.Join(" | ", _columns.Select(column => $"{column.Name,9}"))} |");
        Console.WriteLine($"|-{new string('-', 30)}-|{string.Concat(_columns.Select(_ => "----------:|"))}");
        Row("real training pictures", [Evaluate(options, "train")]);
        double ours = Contender("Microsoft.ML.Dcgan", seeds, files.Select(pair => Evaluate(options, pair.Ours)));
        double theirs = Contender("PyTorch's example", seeds, files.Select(pair => Evaluate(options, pair.Theirs)));
        return ours / theirs;
    }

    private static double Contender(string name, int[] seeds, IEnumerable<ImageGenerationMetrics> evaluated)
    {
        ImageGenerationMetrics[] all = evaluated.ToArray();
        for (int i = 0; i < seeds.Length; i++)
            Row(FormattableString.Invariant($"{name}, seed {seeds[i]}"), [all[i]]);
        Row($"{name}, mean", all);
        return all.Average(metrics => metrics.FrechetDistance);
    }

    private static void Row(string name, ImageGenerationMetrics[] metrics) => Console.WriteLine(
        $"| {name,-30} | {string.Join(" | ", _columns.Select(column => FormattableString.Invariant($"{metrics.Average(column.Of),9:0.000}")))} |");

    private static ImageGenerationMetrics Evaluate(BenchmarkOptions options, string file)
    {
        var ml = new MLContext(seed: 1);
        return ml.ImageGeneration().Evaluate(ClassifierFeatures.View(ml, options, "test"), ClassifierFeatures.View(ml, options, file), new ImageGenerationOptions
        {
            RealColumnName = VectorRows.Column,
            GeneratedColumnName = VectorRows.Column,
            Metrics = GenerationMetrics.All & ~GenerationMetrics.MultiscaleSimilarity,
        });
    }
}
