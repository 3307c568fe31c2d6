namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>How good the pictures become with one or another option: the tables by which defaults are chosen.</summary>
internal static class OptionQuality
{
    /// <summary>Another figure of samples.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Of">What it is of pictures as bytes.</param>
    /// <param name="OfReal">What it is of real pictures that were not trained on.</param>
    public sealed record Column(string Name, Func<byte[], double> Of, double OfReal);

    private const string Example = "example";

    public static double? Run(BenchmarkOptions options)
    {
        using PictureSet set = PictureSet.Open(options);
        using ResNetFeatures? network = options.Network ? new ResNetFeatures(set) : null;
        IReadOnlyList<Column> columns = network == null ? [] : [new("ResNet18", network.Distance, network.DistanceOfTraining)];
        Table(options, set, options.Settings.Count > 0 ? options.Settings : [Configuration.DefaultsName, ""], int.MaxValue, columns);
        return null;
    }

    /// <summary>Trains what is not trained yet, and prints a row for each.</summary>
    /// <param name="options">What they have in common.</param>
    /// <param name="set">What to train on.</param>
    /// <param name="settings">Each a <see cref="Configuration"/>, the first of which the others are compared with.</param>
    /// <param name="most">How many of the pictures at most.</param>
    /// <param name="columns">Shown beside those that are always shown.</param>
    public static void Table(BenchmarkOptions options, PictureSet set, IEnumerable<string> settings, int most,
        IReadOnlyList<Column> columns)
    {
        // Null is the example.
        Configuration?[] configurations = settings.Select(text => text == Example ? null : Configuration.Parse(text))
            .DistinctBy(configuration => Title(configuration, options)).ToArray();
        foreach (Configuration configuration in configurations.OfType<Configuration>())
            JudgedModel.Check(configuration.Apply(JudgedModel.Options(options, seed: 1)));
        (int pictures, int epochs) = set.Passes(options.Images, most);
        Report.Line($"{set.Title}: {pictures} pictures, epochs: {epochs}, batch {options.Batch}, {options.Maps} feature maps; {set.Samples} samples against {set.HeldOut.shape[0]} held-out pictures");

        // Seed by seed, so that an interrupted run has something of every configuration.
        var runs = new KeptRuns(options, set);
        string[][] names = options.SeedList.Select(seed =>
            configurations.Select(configuration => configuration == null ? runs.Example(seed, options.Images, most)
                : runs.Ours(configuration, seed, options.Images, most)).ToArray()).ToArray();
        runs.Judged(names.SelectMany(row => row));

        Row(["configuration", .. options.SeedList.Select(seed => Text($"seed {seed}")), "mean", "deviation", "ratio", "precision", "recall",
            .. columns.Select(column => column.Name), "D(x) - D(G(z))", "alarms", "processor seconds"]);
        Row(["---", .. Enumerable.Repeat("---:", options.SeedList.Count + 8 + columns.Count)]);
        RunFigures real = runs.JudgedRealPictures();
        Row(["real training pictures", .. options.SeedList.Select(_ => ""), Text($"{real.Frechet:0.00}"), "", "",
            Text($"{real.Precision:0.000}"), Text($"{real.Recall:0.000}"),
            .. columns.Select(column => Text($"{column.OfReal:0.000}")), "", "", ""]);

        double baseline = double.NaN;
        for (int i = 0; i < configurations.Length; i++)
        {
            IReadOnlyList<KeptRun> all = runs.Judged(names.Select(row => row[i]));
            KeptRun[] done = all.Where(run => run.Figures != null).ToArray();
            IEnumerable<string> cells = all.Select(run => run.Figures is { } figures ? Text($"{figures.Frechet:0.00}") : "failed")
                .Prepend(Title(configurations[i], options));
            if (done.Length == 0)
            {
                Row([.. cells, .. Enumerable.Repeat("", 8 + columns.Count)]);
                continue;
            }
            double[] distances = done.Select(run => run.Figures!.Frechet).ToArray();
            baseline = i == 0 ? distances.Average() : baseline;
            Row([.. cells, Text($"{distances.Average():0.00}"), distances.Length > 1 ? Text($"{Deviation(distances):0.00}") : "",
                Text($"{distances.Average() / baseline:0.00}"),
                Text($"{done.Average(run => run.Figures!.Precision):0.000}"), Text($"{done.Average(run => run.Figures!.Recall):0.000}"),
                .. columns.Select(column => Text(
                    $"{done.Average(run => column.Of(File.ReadAllBytes(run.Samples(options.Output)))):0.000}")),
                Text($"{done.Max(run => run.LargestScoreGap):0.00}"), Text($"{done.Sum(run => run.Alarms.Count)}"),
                Text($"{done.Average(run => run.ProcessorSeconds):0}")]);
        }
        if (options.CurveInterval > 0)
            Courses(runs, names);
    }

    // The distance after so many images, training by training.
    private static void Courses(KeptRuns runs, string[][] names)
    {
        Console.WriteLine();
        string[] all = [.. names.SelectMany(row => row).Distinct()];
        runs.JudgeCourses(all);
        foreach (string name in all)
        {
            (long Images, double Frechet)[] course = runs.Course(name);
            if (course.Length == 0)
                continue;
            Row(["images", .. course.Select(point => Text($"{point.Images}"))]);
            Row(["---", .. course.Select(_ => "---:")]);
            Row([name, .. course.Select(point => Text($"{point.Frechet:0.00}"))]);
        }
    }

    private static string Title(Configuration? configuration, BenchmarkOptions options) =>
        configuration?.Name(() => JudgedModel.Options(options, seed: 1)) ?? "PyTorch's example, its own rate and minibatch";

    private static double Deviation(double[] values) =>
        Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1));

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static void Row(IEnumerable<string> cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");
}
