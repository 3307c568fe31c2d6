namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>
/// How good this library's pictures are beside those of PyTorch's official example, trained on as many images of
/// Fashion-MNIST, and on half as many: all against the test pictures, which none saw, by the library's own evaluator.
/// </summary>
internal static class ExampleQuality
{
    private static readonly (string Name, Func<RunFigures, double> Of)[] _columns =
    [
        ("Fréchet", figures => figures.Frechet),
        ("kernel", figures => figures.Kernel),
        ("precision", figures => figures.Precision),
        ("recall", figures => figures.Recall),
        ("density", figures => figures.Density),
        ("coverage", figures => figures.Coverage),
    ];

    /// <returns>The mean Fréchet distance of this library's over the mean of the example's.</returns>
    public static double Run(BenchmarkOptions options)
    {
        using PictureSet set = PictureSet.Open(options);
        if (set.Name != PictureSet.Fashion)
            throw new FormatException($"quality is measured on {PictureSet.Fashion} only, which PyTorch's example is trained on");
        foreach (int images in new[] { options.Images, options.Images / 2 })
        {
            (int pictures, int epochs) = set.Passes(images);
            Report.Line($"{set.Title}: {images} images are {pictures} pictures, epochs: {epochs}; batch {options.Batch}, {options.Maps} feature maps; {set.Samples} samples");
        }

        var runs = new KeptRuns(options, set);
        var names = options.SeedList.Select(seed => (Ours: runs.Ours(Configuration.Defaults, seed, options.Images),
            Half: runs.Ours(Configuration.Defaults, seed, options.Images / 2), Theirs: runs.Theirs(seed, options.Images))).ToArray();
        runs.Judged(names.SelectMany(seed => new[] { seed.Ours, seed.Half, seed.Theirs }));

        Report.Line($"all against the {set.HeldOut.shape[0]} test pictures, in the features of the classifier:");
        Console.WriteLine($"| {"",-35} | {string.Join(" | ", _columns.Select(column => $"{column.Name,9}"))} |");
        Console.WriteLine($"|-{new string('-', 35)}-|{string.Concat(_columns.Select(_ => "----------:|"))}");
        Row("real training pictures", [runs.JudgedRealPictures()]);
        double ours = Contender("Microsoft.ML.Dcgan", names.Select(seed => seed.Ours));
        double half = Contender("Microsoft.ML.Dcgan, half", names.Select(seed => seed.Half));
        double theirs = Contender("PyTorch's example", names.Select(seed => seed.Theirs));
        Report.Line($"ratio at half the images {half / theirs:0.00}");
        return ours / theirs;

        double Contender(string name, IEnumerable<string> runNames)
        {
            RunFigures[] all = runs.Judged(runNames)
                .Select(run => run.Figures ?? throw new InvalidOperationException($"{run.Name} failed: {run.Failure}")).ToArray();
            for (int i = 0; i < all.Length; i++)
                Row(FormattableString.Invariant($"{name}, seed {options.SeedList[i]}"), [all[i]]);
            Row($"{name}, mean", all);
            return all.Average(figures => figures.Frechet);
        }
    }

    private static void Row(string name, RunFigures[] figures) => Console.WriteLine(
        $"| {name,-35} | {string.Join(" | ", _columns.Select(column => FormattableString.Invariant($"{figures.Average(column.Of),9:0.000}")))} |");
}
