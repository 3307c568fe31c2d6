using System.Diagnostics;
using Microsoft.ML.Dcgan.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Speed;

/// <summary>Time and memory of the metrics, of Gaussian features that differ a little.</summary>
internal static class MetricsCost
{
    private const int Block = 1000;

    public static double? Run(BenchmarkOptions options)
    {
        using var scope = NewDisposeScope();
        Report.Line($"{options.Samples} against {options.Samples} samples of {options.Features} features, on {options.Device}");
        Tensor real = Gaussian(options, seed: 1, deviation: 1), generated = Gaussian(options, seed: 2, deviation: 1.02);
        Report.Line($"features made: peak memory {Machine.PeakMemory() / 1e9:0.00} GB");

        Measure("Fréchet distance", () => Frechet(options, real, generated));
        Measure("kernel distance", () => KernelDistance.Between(real, generated, 100, 1000, 1, options.Device).ToString());
        Measure("metrics of neighbours",
            () => NeighborMetrics.Measure(real, generated, neighbors: 3, coverageNeighbors: 5, options.Device).ToString());
        return null;
    }

    private static void Measure(string name, Func<string> metric)
    {
        var clock = Stopwatch.StartNew();
        string result = metric();
        Report.Line($"{name}: {clock.Elapsed.TotalSeconds:0.0} s, peak memory so far {Machine.PeakMemory() / 1e9:0.00} GB; {result}");
    }

    private static string Frechet(BenchmarkOptions options, Tensor real, Tensor generated)
    {
        using FeatureMoments realMoments = new(options.Features, options.Device), generatedMoments = new(options.Features, options.Device);
        for (int row = 0; row < options.Samples; row += Block)
        {
            using var scope = NewDisposeScope();
            int rows = Math.Min(Block, options.Samples - row);
            realMoments.Add(real.narrow(0, row, rows));
            generatedMoments.Add(generated.narrow(0, row, rows));
        }
        return FormattableString.Invariant($"{FrechetDistance.Between(realMoments, generatedMoments):0.000}");
    }

    private static Tensor Gaussian(BenchmarkOptions options, ulong seed, double deviation)
    {
        using var random = new torch.Generator(seed, CPU);
        Tensor features = empty([options.Samples, options.Features], ScalarType.Float32, CPU);
        return features.normal_(0, deviation, random);
    }
}
