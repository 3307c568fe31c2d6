using System.Text;
using Microsoft.ML.Dcgan.Pictures;
using Microsoft.ML.Dcgan.Storage;

namespace Microsoft.ML.Dcgan.Benchmarks.Speed;

/// <summary>How the time of an image, and memory, grow with each side of the work by itself, beside PyTorch's example on the same libtorch: a
/// table, and a picture of curves.</summary>
internal static class CostCurves
{
    private const string Ours = "Microsoft.ML.Dcgan", Example = "PyTorch's example";

    public static double? Run(BenchmarkOptions options)
    {
        var charts = new List<string>();
        foreach ((string axis, string unit, int[] values, Func<int, BenchmarkOptions> at) in Axes(options))
        {
            Report.Line($"");
            Report.Line($"| {axis} | ours, ms an image | the example's | ours is faster by | ours, peak memory | the example's |");
            Report.Line($"|---|---|---|---|---|---|");
            Point[] points = [.. values.Select(value => Measure(value, at(value)))];
            charts.Add(Chart($"Milliseconds an image, by {axis}", unit, points, point => point.Milliseconds));
            if (axis == "size")
                charts.Add(Chart("Peak memory, GB, by size", unit, points, point => point.Gigabytes));
        }
        string file = System.IO.Path.Combine(options.Output, "costs.svg");
        Directory.CreateDirectory(options.Output);
        AtomicFile.Write(file, Encoding.UTF8.GetBytes(TrainingCurves.Picture([.. charts], "How cost grows with the work")));
        Report.Line($"");
        Report.Line($"{file}");
        return null;
    }

    // All but one are as the command line has them.
    private static IEnumerable<(string Axis, string Unit, int[] Values, Func<int, BenchmarkOptions> At)> Axes(BenchmarkOptions options) =>
    [
        ("size", "pixels a side", [16, 32, 64, 128], value => options with { Size = value }),
        ("feature maps", "feature maps", [16, 32, 64, 128], value => options with { Maps = value }),
        ("minibatch", "images in a minibatch", [8, 16, 32, 64, 128], value => options with { Batch = value }),
        ("threads", "threads", [.. Powers(options.Threads)], value => options with { Threads = value }),
    ];

    private static Point Measure(int value, BenchmarkOptions options)
    {
        options = options with { Steps = Math.Max(1, 2 * ExampleLoop.OwnBatch / options.Batch) };
        double ours = PeakMemory(() => new Library(options), options), example = PeakMemory(() => new ExampleLoop(options), options);
        using var library = new Library(options);
        using var peer = new ExampleLoop(options);
        double[][] seconds = new Comparison([library, peer], options.Rounds).Seconds(contender => contender.Train(options.Steps));
        double[] milliseconds = [.. seconds.Select(turns => 1000 * Comparison.Median(turns) / (options.Batch * options.Steps))];
        double ratio = Comparison.Median([.. seconds[0].Zip(seconds[1], (own, theirs) => theirs / own)]);
        Report.Line($"| {value} | {milliseconds[0]:0.00} | {milliseconds[1]:0.00} | {ratio:0.00} | {ours:0.00} GB | {example:0.00} GB |");
        return new Point(value, milliseconds, [ours, example]);
    }

    private static double PeakMemory(Func<IContender> create, BenchmarkOptions options)
    {
        Machine.ForgetPeakMemory();
        using IContender contender = create();
        contender.Train(2);
        return Machine.PeakMemory() / 1e9;
    }

    private static string Chart(string title, string unit, Point[] points, Func<Point, double[]> values) => new SvgChart(title, unit,
        [.. new[] { Ours, Example }.Select((name, i) => (name,
            (IReadOnlyList<(double, double)>)[.. points.Select(point => ((double)point.Value, values(point)[i]))]))], []).ToString();

    private static IEnumerable<int> Powers(int most)
    {
        for (int value = 1; value < most; value *= 2)
            yield return value;
        yield return most;
    }

    /// <summary>This library's and the example's.</summary>
    private sealed record Point(int Value, double[] Milliseconds, double[] Gigabytes);
}
