using System.Diagnostics;
using Microsoft.ML.Dcgan.Benchmarks.Speed;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>
/// How long training takes until pictures are as good as those of PyTorch's official example at the end of its 25 epochs, on the
/// same libtorch: its own settings, and those of --example-rate and --batch, beside this library's defaults for --images images.
/// Good is the Fréchet distance to held-out pictures.
/// </summary>
internal static class TimeToQuality
{
    /// <returns>The example's time with its own settings over this library's; null if that did not become as good.</returns>
    public static double? Run(BenchmarkOptions options)
    {
        using PictureSet set = PictureSet.Open(options);
        Report.Line($"{set.Title}: {set.Training.shape[0]} pictures, {options.Maps} feature maps, {options.Threads} threads; {set.Samples} samples against {set.HeldOut.shape[0]} held-out pictures");
        Console.WriteLine("| training | seed | images | seconds | images/s | Fréchet distance |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        set_num_threads(options.Threads);

        var (own, best) = (new List<double>(), new List<double>());
        foreach (int seed in options.SeedList)
        {
            (TimeSpan Time, double Distance) example = Example(options with { Batch = ExampleLoop.OwnBatch }, set, ExampleLoop.OwnLearningRate, seed);
            (TimeSpan Time, double Distance)? tuned = (options.ExampleRate, options.Batch) == (ExampleLoop.OwnLearningRate, ExampleLoop.OwnBatch)
                ? null : Example(options, set, options.ExampleRate, seed);
            (TimeSpan Time, double Distance) ours = Ours(options, set, seed);
            if (ours.Distance <= example.Distance)
                own.Add(example.Time / ours.Time);
            if (tuned is { } other && ours.Distance <= other.Distance)
                best.Add(other.Time / ours.Time);
        }
        if (best.Count == options.SeedList.Count)
            Report.Line($"ratio to the example at rate {options.ExampleRate}, batch {options.Batch}: {best.Average():0.00}");
        if (own.Count == options.SeedList.Count)
            return own.Average();
        Report.Line($"after {options.Images} images this library was not as good as the example with every seed: it takes more --images");
        return null;
    }

    private static (TimeSpan, double) Example(BenchmarkOptions options, PictureSet set, double rate, int seed)
    {
        using var scope = NewDisposeScope();
        using ExampleLoop example = ExampleLoop.For(set.Training, options, seed, rate);
        var clock = Stopwatch.StartNew();
        example.TrainOn(set.Training, options.Epochs);
        TimeSpan time = clock.Elapsed;
        return Judge(options, set, FormattableString.Invariant($"example, rate {rate}, batch {options.Batch}"), seed,
            set.Training.shape[0] * options.Epochs, time, example.Samples(set.Samples));
    }

    private static (TimeSpan, double) Ours(BenchmarkOptions options, PictureSet set, int seed)
    {
        DcganEstimator.Options training = JudgedModel.Options(options, seed);
        training.BatchSize = new DcganEstimator.Options().BatchSize;
        training.Epochs = set.Passes(options.Images).Epochs;
        using DcganTransformer gan = JudgedModel.Train(training, JudgedModel.View(set.Training, set.Classes));
        return Judge(options, set, "Microsoft.ML.Dcgan, defaults", seed, gan.Summary.Steps * gan.Summary.BatchSize, gan.Summary.Duration,
            JudgedModel.Samples(gan, set.Samples, seed, (int)set.Training.shape[1]));
    }

    private static (TimeSpan, double) Judge(
        BenchmarkOptions options, PictureSet set, string title, int seed, long images, TimeSpan time, byte[] samples)
    {
        string name = $"time-to-quality-{title.Replace(", ", "-").Replace(' ', '-')}-{seed}";
        string file = Path.Combine(options.Output, name + ".bytes");
        KeptRun.Write(file, samples);
        ClassifierFeatures.Distances(options, [file]);
        double distance = KeptRuns.Evaluate(options, set, name).FrechetDistance;
        Console.WriteLine(FormattableString.Invariant(
            $"| {title} | {seed} | {images} | {time.TotalSeconds:0} | {images / time.TotalSeconds:0} | {distance:0.00} |"));
        return (time, distance);
    }
}
