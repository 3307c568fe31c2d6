using System.Text;
using Microsoft.ML.Dcgan.Distributed;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Pictures;
using Microsoft.ML.Dcgan.Storage;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>How far replicas with synchronised batch statistics, and with their own, come from one process that trains on the same
/// minibatches; and the losses of all of them, one over the other.</summary>
internal static class ReplicaAgreement
{
    private const int Steps = 50;

    public static double? Run(BenchmarkOptions options)
    {
        using Dataset images = Images(Steps * options.Batch);
        Report.Line($"Fashion-MNIST, 32x32x1, minibatches of {options.Batch}, {options.Maps} feature maps, {Steps} steps; all weights' distance over their norm from one process of one thread");
        var charts = new List<string>();
        foreach ((string name, DcganEstimator.Options settings) in new[]
        {
            ("the paper's settings", DcganEstimator.Options.Paper() with { KernelSize = 4 }),
            ("the defaults", new DcganEstimator.Options()),
        })
        {
            DcganEstimator.Options own = settings with { Epochs = 1, BatchSize = options.Batch, Seed = 1, ProgressInterval = 1, HealthInterval = 0, SynchronizeBatchStatistics = false };
            DcganEstimator.Options synchronized = own with { SynchronizeBatchStatistics = true };
            (string Name, int Size, int Threads, DcganEstimator.Options Options)[] trainings =
            [
                ("1 replica", 1, 1, own), ("1 of 2 threads", 1, 2, own), ("2, synchronised", 2, 1, synchronized),
                ("4, synchronised", 4, 1, synchronized), ("2, each its own", 2, 1, own), ("4, each its own", 4, 1, own),
            ];
            (double[] Weights, IReadOnlyList<TrainingProgress> History)[] results = All();
            double[][] exact = InDouble(() => All().Select(result => result.Weights).ToArray());
            for (int i = 1; i < trainings.Length; i++)
            {
                Report.Line($"  {name}, {trainings[i].Name}: {Distance(results[0].Weights, results[i].Weights):0.0e+0}; in double precision {Distance(exact[0], exact[i]):0.0e+0}");
            }
            charts.Add(Chart($"Discriminator's loss, {name}", progress => progress.DiscriminatorLoss));
            charts.Add(Chart($"Generator's loss, {name}", progress => progress.GeneratorLoss));

            (double[] Weights, IReadOnlyList<TrainingProgress> History)[] All() => [.. trainings.Select(training =>
                ThreadCommunicator.Run(training.Size, ranks => Train(options, images, training.Options, training.Threads, ranks)))];
            string Chart(string title, Func<TrainingProgress, double> value) => new SvgChart(title, "minibatches",
                [.. trainings.Zip(results).Where(pair => pair.First is { Size: 1, Threads: 1 } or { Options.SynchronizeBatchStatistics: true })
                    .Select(pair => (pair.First.Name,
                    (IReadOnlyList<(double, double)>)[.. pair.Second.History.Select(progress => ((double)progress.Step, value(progress)))]))], [])
                .ToString();
        }
        string file = System.IO.Path.Combine(options.Output, "replicas.svg");
        Directory.CreateDirectory(options.Output);
        AtomicFile.Write(file, Encoding.UTF8.GetBytes(TrainingCurves.Picture([.. charts], "Replicas and one process")));
        Report.Line($"{file}");
        return null;
    }

    private static T InDouble<T>(Func<T> train)
    {
        Numbers.WeightType = ScalarType.Float64;
        try
        {
            return train();
        }
        finally
        {
            Numbers.WeightType = ScalarType.Float32;
        }
    }

    private static MemoryDataset Images(int count)
    {
        var images = new MemoryDataset(count, (1, FashionMnist.Side, FashionMnist.Side), CPU);
        using Tensor pictures = FashionMnist.Pictures(FashionMnist.Training, count);
        images.Complete([.. Enumerable.Range(0, count).Select(i => images.Add(pictures[i].bytes))]);
        return images;
    }

    private static (double[] Weights, IReadOnlyList<TrainingProgress> History) Train(BenchmarkOptions options, Dataset images,
        DcganEstimator.Options settings, int threads, Communicator ranks)
    {
        set_num_threads(threads);
        using var random = new torch.Generator(1, CPU);
        using GanNetworks networks = options.MakeNetworks(random);
        TrainingSummary summary = new TrainingLoop(networks, images, settings) { Ranks = ranks }.Run(CancellationToken.None);
        double[] weights = [.. new nn.Module[] { networks.Generator, networks.Discriminator }.SelectMany(network => network.parameters())
            .SelectMany(weight => weight.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray())];
        return (weights, summary.History);
    }

    private static double Distance(double[] one, double[] other) =>
        Math.Sqrt(one.Zip(other, (a, b) => Math.Pow(a - b, 2)).Sum() / one.Sum(a => a * a));
}
