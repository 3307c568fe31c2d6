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
        if (DcganMpi.IsLaunched)
        {
            var ranks = new MpiCommunicator(timeout: 5);
            int sharing = RankAgreement.Place(ranks).Sharing;
            Figures figures = Measure(options with { Threads = Math.Max(1, options.Threads / sharing) }, ranks);
            if (ranks.IsRoot)
                Report.Line($"{figures.Text($"{ranks.Size} ranks of {get_num_threads()} threads")}");
            return null;
        }
        Report.Line($"{options.Size}x{options.Size}x{options.Channels}, batch {options.Batch}, {options.Maps} feature maps; {options.Rounds} rounds");
        Figures one = Measure(options, Communicator.Alone);
        Report.Line($"{one.Text($"1 replica of {options.Threads} threads")}");
        double ratio = 1;
        foreach (int size in new[] { 2, 4 })
        {
            BenchmarkOptions each = options with { Threads = Math.Max(1, options.Threads / size) };
            Figures several = ThreadCommunicator.Run(size, ranks => Measure(each, ranks));
            Report.Line($"{several.Text($"{size} replicas of {each.Threads} threads")}, {several.Speed / one.Speed:0.00} of one");
            ratio = size == 2 ? several.Speed / one.Speed : ratio;
        }
        Predict(options);
        Report.Line($"ratio {ratio:0.00}");
        return ratio;
    }

    private static Figures Measure(BenchmarkOptions options, Communicator ranks)
    {
        set_num_threads(options.Threads);
        using var random = new torch.Generator(1, CPU);
        using GanNetworks networks = options.MakeNetworks(random);
        using Dataset images = SyntheticSet.Read(options, 4 * options.Batch, cacheFolder: null);
        double[] together = Times(options, networks, images, ranks), alone = Times(options, networks, images, Communicator.Alone, ranks);
        long size = networks.Shape.GeneratorParameters + networks.Shape.DiscriminatorParameters;
        using Tensor gradients = zeros(size);
        double[] sums = [.. Enumerable.Range(0, options.Rounds * options.Steps).Select(_ => Seconds(() => ranks.Sum(gradients)))];
        return new(options.Batch, Comparison.Median(together), together.Min(), together.Max(), Comparison.Median(alone),
            Comparison.Median(sums), size * sizeof(float));
    }

    // Seconds a step, of each round; or of a share of the minibatch, for which no others are asked.
    private static double[] Times(BenchmarkOptions options, GanNetworks networks, Dataset images, Communicator ranks, Communicator? share = null)
    {
        DcganEstimator.Options settings = DcganEstimator.Options.Paper() with { Epochs = 1, BatchSize = options.Batch, Seed = 1 };
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
        return [.. Enumerable.Range(0, options.Rounds).Select(_ =>
        {
            // All begin together.
            (share ?? ranks).Any(false);
            return Seconds(() =>
            {
                for (int i = 0; i < options.Steps; i++)
                    Step();
            }) / options.Steps;
        })];
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
            BenchmarkOptions sized = options with { Size = side, Rounds = 3, Steps = 1 };
            using var random = new torch.Generator(1, CPU);
            using GanNetworks networks = sized.MakeNetworks(random);
            using Dataset images = SyntheticSet.Read(sized, sized.Batch, cacheFolder: null);
            double[] seconds = [.. ranks.Select(size =>
                Comparison.Median(Times(sized with { Batch = Math.Max(1, sized.Batch / size) }, networks, images, Communicator.Alone)))];
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

    /// <summary>Seconds of a step, of the same without others, and of the sums alone.</summary>
    private sealed record Figures(int Batch, double Step, double Least, double Most, double Share, double Sums, long Bytes)
    {
        public double Speed => Batch / Step;

        public string Text(string who) => string.Create(CultureInfo.InvariantCulture,
            $"  {who}: {Speed:0} images a second ({Batch / Most:0} to {Batch / Least:0}); a step {1000 * Step:0} ms, its share alone {1000 * Share:0} ms, sums of {Bytes / 1e6:0.0} MB alone {1000 * Sums:0.0} ms");
    }
}
