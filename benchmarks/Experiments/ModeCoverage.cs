namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>
/// Whether a generator leaves kinds of pictures out: three grey pictures as the channels of one have 1,000 combinations of
/// classes (Metz et al. 2017, section 3.3.1; Srivastava et al. 2017, of MNIST). A classifier names each channel; counted are the
/// combinations among 25,600 samples, and measured is how far they are from being as frequent as each other.
/// </summary>
internal static class ModeCoverage
{
    private const int Classes = 10;
    private const int Modes = Classes * Classes * Classes;

    public static double? Run(BenchmarkOptions options)
    {
        using PictureSet set = PictureSet.Stacked();
        (int pictures, int epochs) = set.Passes(options.Images);
        Report.Line($"{set.Title}: {pictures} pictures, epochs: {epochs}, batch {options.Batch}, {options.Maps} feature maps; {set.Samples} samples");

        Directory.CreateDirectory(options.Output);
        string real = Path.Combine(options.Output, $"{set.Name}-real.bytes");
        KeptRun.Write(real, set.Training.narrow(0, 0, set.Samples).bytes.ToArray());
        var runs = new KeptRuns(options, set);
        var names = options.Settings.DefaultIfEmpty(Configuration.DefaultsName).SelectMany(settings => options.SeedList.Select(seed =>
            (Title: $"{settings}, seed {seed}",
                File: Path.Combine(options.Output, runs.Ours(Configuration.Parse(settings), seed, options.Images) + ".bytes")))).ToArray();
        string[] files = [real, .. names.Select(run => run.File).Where(File.Exists)];
        ClassifierFeatures.Distances(options, files);

        Console.WriteLine("| run | combinations of 1,000 | Kullback-Leibler divergence from even |");
        Console.WriteLine("|---|---:|---:|");
        foreach ((string title, string file) in names.Prepend(("real pictures", real)))
        {
            if (!files.Contains(file))
            {
                Console.WriteLine($"| {title} | failed | |");
                continue;
            }
            double[] shares = Shares(ClassifierFeatures.Classes(options, Path.GetFileNameWithoutExtension(file)));
            double divergence = shares.Where(share => share > 0).Sum(share => share * Math.Log(share * Modes));
            Console.WriteLine(FormattableString.Invariant($"| {title} | {shares.Count(share => share > 0)} | {divergence:0.000} |"));
        }
        return null;
    }

    // Of each combination, among what the classifier takes the channels for, one after the other.
    private static double[] Shares(byte[] classes)
    {
        var shares = new double[Modes];
        foreach (byte[] channels in classes.Chunk(3))
            shares[(channels[0] * Classes + channels[1]) * Classes + channels[2]] += 3.0 / classes.Length;
        return shares;
    }
}
