using System.Diagnostics;
using Microsoft.ML.Dcgan.Benchmarks.Speed;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>
/// How long training takes until pictures are as good as those of PyTorch's official example at the end of its 25 epochs with its own
/// settings, on the same libtorch: the example itself; the example with --example-rate and --batch; and this library's defaults, for
/// --images images. Good is the Fréchet distance to held-out pictures. The images that each takes are those of trainings that are
/// kept, seed by seed; how fast it trains is measured here and now, by turns.
/// </summary>
internal static class TimeToQuality
{
    // Images that a turn trains on.
    private const int TurnImages = 20_000;

    /// <returns>The example's time with its own settings over this library's; null if that did not become as good.</returns>
    public static double? Run(BenchmarkOptions options)
    {
        using PictureSet set = PictureSet.Open(options);
        Contender[] contenders =
        [
            Ours(options with { Batch = new DcganEstimator.Options().BatchSize }, set),
            Example(options with { Batch = ExampleLoop.OwnBatch, CurveInterval = 0 }, set, ExampleLoop.OwnLearningRate),
            Example(options, set, options.ExampleRate),
        ];
        Report.Line($"{set.Title}: {set.Training.shape[0]} pictures, {options.Maps} feature maps, {options.Threads} threads; {set.Samples} samples against {set.HeldOut.shape[0]} held-out pictures");
        string[][] names = [.. options.SeedList.Select(seed => contenders.Select(contender => contender.Train(seed)).ToArray())];
        double[] speeds = Speeds(options, contenders);

        Console.WriteLine("| training | seed | Fréchet distance | images until as good | images/s | seconds |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        double?[][] seconds = [.. names.Select((row, i) => Seconds(row, options.SeedList[i], contenders, speeds))];
        double? Ratio(int other) => seconds.Average(row => row[other] / row[0]);
        if (seconds.All(row => row[2] != null) && Ratio(2) is { } ratio)
            Report.Line($"ratio to {contenders[2].Title}: {ratio:0.00}");
        return seconds.All(row => row[0] != null) ? Ratio(1) : null;
    }

    private static double?[] Seconds(string[] names, int seed, Contender[] contenders, double[] speeds)
    {
        double target = contenders[1].Distance(names[1]);
        var seconds = new double?[contenders.Length];
        for (int i = 0; i < contenders.Length; i++)
        {
            long? images = contenders[i].ImagesUntil(target, names[i]);
            seconds[i] = images / speeds[i];
            Console.WriteLine(FormattableString.Invariant($"| {contenders[i].Title} | {seed} | {contenders[i].Distance(names[i]):0.00} | {(images is { } good ? good : "never")} | {speeds[i]:0} | {seconds[i]:0} |"));
        }
        return seconds;
    }

    // Images a second, medians of turns.
    private static double[] Speeds(BenchmarkOptions options, Contender[] contenders)
    {
        set_num_threads(options.Threads);
        double[][] seconds = [.. Enumerable.Range(0, options.Rounds)
            .Select(_ => contenders.Select(contender => contender.Turn().TotalSeconds).ToArray())];
        return [.. contenders.Select((_, i) => TurnImages / seconds.Select(round => round[i]).Order().ElementAt(options.Rounds / 2))];
    }

    private static Contender Ours(BenchmarkOptions options, PictureSet set)
    {
        var runs = new KeptRuns(options with { CurveInterval = 0 }, set);
        return new("the defaults", options.Images, runs, seed => runs.Ours(Configuration.Defaults, seed, options.Images), () =>
        {
            DcganEstimator.Options training = JudgedModel.Options(options, seed: 1);
            training.Epochs = 1;
            using Tensor some = set.Training.narrow(0, 0, TurnImages);
            using DcganTransformer gan = JudgedModel.Train(training, JudgedModel.View(some));
            return gan.Summary.Duration;
        });
    }

    private static Contender Example(BenchmarkOptions options, PictureSet set, double rate)
    {
        var runs = new KeptRuns(options, set);
        int images = options.Epochs * (int)set.Training.shape[0];
        return new(FormattableString.Invariant($"PyTorch's example, rate {rate}, minibatches of {options.Batch}"), images, runs,
            seed => runs.Example(seed, images, rate: rate, batch: options.Batch), () =>
            {
                using var scope = NewDisposeScope();
                using ExampleLoop example = ExampleLoop.For(set.Training, options, seed: 1, rate);
                var clock = Stopwatch.StartNew();
                example.TrainOn(set.Training.narrow(0, 0, TurnImages), epochs: 1);
                return clock.Elapsed;
            });
    }

    /// <param name="Title">What trains.</param>
    /// <param name="Images">Images that it trains on.</param>
    /// <param name="Runs">Its trainings.</param>
    /// <param name="Train">Trains with a seed, or finds what it trained; returns the run's name.</param>
    /// <param name="Turn">How long <see cref="TurnImages"/> images take.</param>
    private sealed record Contender(string Title, int Images, KeptRuns Runs, Func<int, string> Train, Func<TimeSpan> Turn)
    {
        public double Distance(string name) => Runs.Judged([name])[0].Figures?.Frechet ?? double.PositiveInfinity;

        /// <summary>After how many images a run was as good as that, first; null: never.</summary>
        public long? ImagesUntil(double distance, string name)
        {
            IEnumerable<(long Images, double Frechet)> course = [.. Runs.Course(name), (Images, Distance(name))];
            return course.Where(point => point.Frechet <= distance).Select(point => (long?)point.Images).FirstOrDefault();
        }
    }
}
