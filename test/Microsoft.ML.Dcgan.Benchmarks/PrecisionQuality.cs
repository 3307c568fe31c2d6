using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>
/// Whether bfloat16 costs quality: trains on Fashion-MNIST in both precisions, from the same seeds, and compares the
/// Fréchet distances of what they generate.
/// </summary>
internal static class PrecisionQuality
{
    /// <returns>The mean distance in bfloat16 over the mean in float32.</returns>
    public static double Run(BenchmarkOptions options)
    {
        Directory.CreateDirectory(options.Output);
        var samples = new TrainedSamples(options);
        samples.Describe();

        var files = new List<(DcganPrecision Precision, string File)>();
        for (int seed = 1; seed <= options.Seeds; seed++)
        {
            foreach (DcganPrecision precision in new[] { DcganPrecision.Float32, DcganPrecision.BFloat16 })
                files.Add((precision, samples.Ours(precision, seed)));
        }

        Dictionary<string, double> distances = ClassifierFeatures.Distances(options, files.Select(entry => entry.File));
        var means = new List<double>();
        foreach (IGrouping<DcganPrecision, (DcganPrecision, string File)> runs in files.GroupBy(entry => entry.Precision))
        {
            double[] found = runs.Select(run => distances[run.File]).ToArray();
            Report.Line($"{runs.Key,-9} {string.Join("  ", found.Select((distance, i) => FormattableString.Invariant($"seed {i + 1}: {distance:0.00}")))}  mean {found.Average():0.00}, {found.Min():0.00} to {found.Max():0.00}");
            means.Add(found.Average());
        }
        return means[1] / means[0];
    }
}
