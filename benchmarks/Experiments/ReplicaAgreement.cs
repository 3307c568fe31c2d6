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
        using Dataset images = Speed.SyntheticSet.Read(options, Steps * options.Batch, cacheFolder: null);
        DcganEstimator.Options defaults = new() { Epochs = 1, BatchSize = options.Batch, Seed = 1, ProgressInterval = 1, HealthInterval = 0 };
        (string Name, int Size, DcganEstimator.Options Options)[] trainings =
        [
            ("1 replica", 1, defaults),
            ("2, synchronised", 2, defaults with { SynchronizeBatchStatistics = true }),
            ("4, synchronised", 4, defaults with { SynchronizeBatchStatistics = true }),
            ("2, each its own", 2, defaults),
            ("4, each its own", 4, defaults),
        ];
        (float[] Weights, IReadOnlyList<TrainingProgress> History)[] results = [.. trainings.Select(training =>
            ThreadCommunicator.Run(training.Size, ranks => Train(options, images, training.Options, ranks)))];
        Report.Line($"{options.Size}x{options.Size}x{options.Channels}, minibatches of {options.Batch}, {options.Maps} feature maps, {Steps} steps, defaults; all weights' distance over their norm");
        for (int i = 1; i < trainings.Length; i++)
            Report.Line($"  {trainings[i].Name}: {Distance(results[0].Weights, results[i].Weights):0.0e+0}");
        string file = System.IO.Path.Combine(options.Output, "replicas.svg");
        Directory.CreateDirectory(options.Output);
        AtomicFile.Write(file, Encoding.UTF8.GetBytes(TrainingCurves.Picture(
            [Chart("Discriminator's loss", progress => progress.DiscriminatorLoss), Chart("Generator's loss", progress => progress.GeneratorLoss)],
            "Replicas and one process")));
        Report.Line($"{file}");
        return null;

        string Chart(string title, Func<TrainingProgress, double> value) => new SvgChart(title, "minibatches",
            [.. trainings.Zip(results, (training, result) => (training.Name,
                (IReadOnlyList<(double, double)>)[.. result.History.Select(progress => ((double)progress.Step, value(progress)))]))], []).ToString();
    }

    private static (float[] Weights, IReadOnlyList<TrainingProgress> History) Train(BenchmarkOptions options, Dataset images,
        DcganEstimator.Options settings, Communicator ranks)
    {
        set_num_threads(1);
        using var random = new torch.Generator(1, CPU);
        using GanNetworks networks = options.MakeNetworks(random);
        TrainingSummary summary = new TrainingLoop(networks, images, settings) { Ranks = ranks }.Run(CancellationToken.None);
        float[] weights = [.. new nn.Module[] { networks.Generator, networks.Discriminator }.SelectMany(network => network.parameters())
            .SelectMany(weight => weight.detach().contiguous().data<float>().ToArray())];
        return (weights, summary.History);
    }

    private static double Distance(float[] one, float[] other) =>
        Math.Sqrt(one.Zip(other, (a, b) => Math.Pow(a - b, 2)).Sum() / one.Sum(a => (double)a * a));
}
