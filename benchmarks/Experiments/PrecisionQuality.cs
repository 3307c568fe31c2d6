namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>
/// Whether bfloat16 costs quality: trains on Fashion-MNIST in both precisions, from the same seeds, and compares the
/// Fréchet distances of what they generate.
/// </summary>
internal static class PrecisionQuality
{
    /// <returns>The mean distance in bfloat16 over the mean in float32.</returns>
    public static double Run(BenchmarkOptions options)
    {
        using PictureSet set = PictureSet.Open(options);
        var runs = new KeptRuns(options, set);
        Configuration[] precisions = [Configuration.Parse("Precision=Float32"), Configuration.Parse("Precision=BFloat16")];
        string[][] names = options.SeedList.Select(seed =>
            precisions.Select(precision => runs.Ours(precision, seed, options.Images)).ToArray()).ToArray();
        runs.Judged(names.SelectMany(row => row));

        var means = new List<double>();
        for (int i = 0; i < precisions.Length; i++)
        {
            double[] found = runs.Judged(names.Select(row => row[i])).Select(run => run.Figures?.FrechetToTraining ?? double.NaN).ToArray();
            Report.Line($"{precisions[i].Name(() => JudgedModel.Options(options, seed: 1)),-18} {string.Join("  ", found.Zip(options.SeedList, (distance, seed) => FormattableString.Invariant($"seed {seed}: {distance:0.00}")))}  mean {found.Average():0.00}, {found.Min():0.00} to {found.Max():0.00}");
            means.Add(found.Average());
        }
        return means[1] / means[0];
    }
}
