namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>
/// Whether a class-conditional model generates what it is asked for: how often a classifier that was trained on real
/// pictures of Fashion-MNIST takes its pictures for the class asked for.
/// </summary>
internal static class ConditionalAccuracy
{
    private const string Conditional = "LabelColumnName=" + nameof(ClassifiedRow.Label);
    private static readonly string[] _classes =
        ["T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"];

    public static double? Run(BenchmarkOptions options)
    {
        using PictureSet set = PictureSet.Open(options);
        if (set.Name != PictureSet.Fashion)
            throw new FormatException($"conditional is measured on {PictureSet.Fashion} only");
        (int pictures, int epochs) = set.Passes(options.Images);
        Report.Line($"{set.Title}: {pictures} pictures, epochs: {epochs}, batch {options.Batch}, {options.Maps} feature maps; {set.Samples / _classes.Length} samples of each class");

        var runs = new KeptRuns(options, set);
        Configuration[] configurations = options.Settings.DefaultIfEmpty(Configuration.DefaultsName)
            .Select(settings => Configuration.Parse($"{settings},{Conditional}")).ToArray();
        string[] names = options.SeedList.SelectMany(seed =>
            configurations.Select(configuration => runs.Ours(configuration, seed, options.Images))).Distinct().ToArray();

        var shares = runs.Judged(names)
            .Select(run => (run, Shares: run.Figures != null
            ? Shares(ClassifierFeatures.Classes(options, run.Name), row => row % _classes.Length) : [])).ToArray();
        byte[] test = FashionMnist.Labels(FashionMnist.Test);
        Console.WriteLine($"| run | Fréchet | named as asked | {string.Join(" | ", _classes)} |");
        Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---:|", _classes.Length + 2))}");
        Row("real test pictures", "", Shares(ClassifierFeatures.Classes(options, $"{set.Name}-test"), row => test[row]));
        foreach ((KeptRun run, double[] found) in shares)
        {
            if (run.Figures is { } figures)
                Row(run.Name, FormattableString.Invariant($"{figures.Frechet:0.00}"), found);
            else
                Console.WriteLine($"| {run.Name} | failed |");
        }
        return null;
    }

    /// <summary>Of each class, the share that is taken for it.</summary>
    private static double[] Shares(byte[] taken, Func<int, int> asked) =>
        taken.Select((name, row) => (Asked: asked(row), IsNamed: name == asked(row)))
            .GroupBy(row => row.Asked).OrderBy(group => group.Key).Select(group => group.Average(row => row.IsNamed ? 1 : 0)).ToArray();

    private static void Row(string name, string distance, double[] shares) => Console.WriteLine(
        $"| {name} | {distance} | {string.Join(" | ", shares.Prepend(shares.Average()).Select(share => FormattableString.Invariant($"{share:0.000}")))} |");
}
