using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.ML.Dcgan.Distributed;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Pictures;
using Microsoft.ML.Dcgan.Storage;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Speed;

/// <summary>Training steps of several replicas on a minibatch between them: in this process, or, started by a launcher of MPI, in its
/// processes. And what a step takes with more machines: its share of the minibatch, as measured, and the sums of gradients, by the
/// link.</summary>
internal static class Scaling
{
    private static readonly int[] _sizes = [32, 64, 128];
    private static readonly (string Name, double BitsPerSecond)[] _links = [("1 Gbit/s", 1e9), ("10 Gbit/s", 1e10)];

    public static double? Run(BenchmarkOptions options)
    {
        Report.Line($"{options.Size}x{options.Size}x{options.Channels}, batch {options.Batch}, {options.Maps} feature maps; {options.Rounds} rounds");
        // As in a training.
        using var memory = new MallocTuning();
        return DcganMpi.IsLaunched ? Ranks(options) : Replicas(options);
    }

    // Two replicas' speed over one's.
    private static double Replicas(BenchmarkOptions options)
    {
        int[] sizes = [1, 2, 4];
        List<Figures>[] rounds = [.. sizes.Select(_ => new List<Figures>())];
        // They take turns: what the machine does besides then slows all.
        for (int round = 0; round < options.Rounds; round++)
        {
            for (int i = 0; i < sizes.Length; i++)
            {
                BenchmarkOptions each = options with { Threads = Math.Max(1, options.Threads / sizes[i]) };
                rounds[i].Add(ThreadCommunicator.Run(sizes[i], ranks => Measure(each, ranks)));
            }
        }
        for (int i = 0; i < sizes.Length; i++)
            Show($"{sizes[i]} replicas of {Math.Max(1, options.Threads / sizes[i])} threads", options, rounds[i], rounds[0]);
        Predict(options);
        return Ratios(rounds[1], rounds[0]).Median;
    }

    // All ranks' over that of the first by itself, which then has all its processors.
    private static double? Ranks(BenchmarkOptions options)
    {
        var ranks = new MpiCommunicator(timeout: 5);
        BenchmarkOptions each = options with { Threads = Math.Max(1, options.Threads / RankAgreement.Place(ranks).Sharing) };
        List<Figures> together = [], alone = [];
        for (int round = 0; round < options.Rounds; round++)
        {
            ranks.Together(() =>
            {
                if (ranks.IsRoot)
                    alone.Add(Measure(options, Communicator.Alone));
            });
            together.Add(Measure(each, ranks));
        }
        if (!ranks.IsRoot)
            return null;
        Show($"1 rank of {options.Threads} threads", options, alone, alone);
        Show($"{ranks.Size} ranks of {each.Threads} threads", options, together, alone);
        return Ratios(together, alone).Median;
    }

    private static Figures Measure(BenchmarkOptions options, Communicator ranks)
    {
        set_num_threads(options.Threads);
        using var random = new torch.Generator(1, CPU);
        using GanNetworks networks = options.MakeNetworks(random);
        using Dataset images = SyntheticSet.Read(options, 4 * options.Batch, cacheFolder: null);
        double together = Seconds(options, networks, images, ranks), share = Seconds(options, networks, images, Communicator.Alone, ranks);
        using Tensor gradients = zeros(networks.Shape.GeneratorParameters + networks.Shape.DiscriminatorParameters);
        double[] sums = [.. Enumerable.Range(0, options.Steps).Select(_ => Seconds(() => ranks.Sum(gradients)))];
        return new(together, share, Comparison.Median(sums), gradients.numel() * sizeof(float));
    }

    // Of a step; or of a share of the minibatch, for which no others are asked.
    private static double Seconds(BenchmarkOptions options, GanNetworks networks, Dataset images, Communicator ranks, Communicator? share = null)
    {
        DcganEstimator.Options settings = options.Settings.Aggregate(
            DcganEstimator.Options.Paper() with { Epochs = 1, BatchSize = options.Batch, Seed = 1 },
            (paper, text) => Configuration.Parse(text).Apply(paper));
        long batch = share?.ShareOf(options.Batch).Count ?? options.Batch;
        var replicas = new ReplicaExchange(ranks, settings, batch);
        using var random = new torch.Generator(2, CPU);
        using var step = new TrainingStep(networks, settings, replicas);
        using var minibatches = new DataLoader(images, batch, seed: 2, options.Device, share: replicas.Share);
        networks.Generator.train();
        networks.Discriminator.train();
        void Step()
        {
            using var _ = NewDisposeScope();
            Tensor real = minibatches.Next().Images;
            Tensor noise = replicas.Share.Of(randn(batch, BenchmarkOptions.NoiseSize, generator: random)).to(options.Device);
            step.Run(real, noise, new StepContext(0, 1, random) { Share = replicas.Share });
        }
        Step();
        // All begin together.
        (share ?? ranks).Any(false);
        return Seconds(() =>
        {
            for (int i = 0; i < options.Steps; i++)
                Step();
        }) / options.Steps;
    }

    // Efficiency: of what so many machines could train on, how much they do. A step is its share's, as this machine does it, and two
    // sums; of each rank's numbers all but one part in so many go out and come in, twice.
    private static void Predict(BenchmarkOptions options)
    {
        List<(string, IReadOnlyList<(double, double)>)>[] curves = [.. _links.Select(_ => new List<(string, IReadOnlyList<(double, double)>)>())];
        int[] ranks = [1, 2, 4, 8, 16, 32, 64];
        Report.Line($"");
        Report.Line($"| size, link | {string.Join(" | ", ranks.Select(size => $"{size} ranks"))} |");
        Report.Line($"|---|{string.Concat(ranks.Select(_ => "---|"))}");
        foreach (int side in _sizes)
        {
            BenchmarkOptions sized = options with { Size = side, Steps = 1 };
            using var random = new torch.Generator(1, CPU);
            using GanNetworks networks = sized.MakeNetworks(random);
            using Dataset images = SyntheticSet.Read(sized, sized.Batch, cacheFolder: null);
            double[] seconds = [.. ranks.Select(size => Comparison.Median([.. Enumerable.Range(0, 3).Select(_ =>
                Seconds(sized with { Batch = Math.Max(1, sized.Batch / size) }, networks, images, Communicator.Alone))]))];
            double bits = 32.0 * (networks.Shape.GeneratorParameters + networks.Shape.DiscriminatorParameters);
            for (int i = 0; i < _links.Length; i++)
            {
                (string name, double link) = _links[i];
                double[] efficiency = [.. ranks.Zip(seconds, (size, share) => seconds[0] / (size * (share + 2.0 * (size - 1) / size * bits / link)))];
                curves[i].Add(($"{side}x{side}", [.. ranks.Zip(efficiency, (size, share) => ((double)size, share))]));
                Report.Line($"| {side}x{side}, {name} | {string.Join(" | ", efficiency.Select(share => share.ToString("0.00", CultureInfo.InvariantCulture)))} |");
            }
        }
        string file = System.IO.Path.Combine(options.Output, "scaling.svg");
        Directory.CreateDirectory(options.Output);
        AtomicFile.Write(file, Encoding.UTF8.GetBytes(TrainingCurves.Picture(
            [.. _links.Zip(curves, (link, sizes) => new SvgChart($"Efficiency at {link.Name}, minibatches of {options.Batch}", "ranks", sizes, []).ToString())],
            "How training scales")));
        Report.Line($"{file}");
    }

    private static double Seconds(Action work)
    {
        var clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds;
    }

    private static void Show(string who, BenchmarkOptions options, List<Figures> rounds, List<Figures> one)
    {
        double[] steps = Of(rounds, figures => figures.Step);
        (double median, double least, double most) = Ratios(rounds, one);
        Report.Line($"  {who}: {options.Batch / Comparison.Median(steps):0} images a second ({options.Batch / steps.Max():0} to {options.Batch / steps.Min():0}), {median:0.00} of one ({least:0.00} to {most:0.00}); a step {1000 * Comparison.Median(steps):0} ms, its share alone {1000 * Comparison.Median(Of(rounds, figures => figures.Share)):0} ms, sums of {rounds[0].Bytes / 1e6:0.0} MB alone {1000 * Comparison.Median(Of(rounds, figures => figures.Sums)):0.0} ms");
    }

    private static (double Median, double Least, double Most) Ratios(List<Figures> several, List<Figures> one)
    {
        double[] ratios = [.. several.Zip(one, (figures, alone) => alone.Step / figures.Step)];
        return (Comparison.Median(ratios), ratios.Min(), ratios.Max());
    }

    private static double[] Of(List<Figures> rounds, Func<Figures, double> value) => [.. rounds.Select(value)];

    /// <summary>A round's seconds of a step, of the same without others, and of the sums alone.</summary>
    private sealed record Figures(double Step, double Share, double Sums, long Bytes);
}
