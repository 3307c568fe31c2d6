using Microsoft.ML.Dcgan.Distributed;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Distributed;

/// <summary>Replicas against one process with the same minibatches.</summary>
[TestClass]
public sealed class ReplicasTests
{
    // 24 images in minibatches of 12, which 5 replicas share as 2, 2, 3, 2 and 3.
    [TestMethod]
    [DataRow(2, DcganNormalization.Batch)]
    [DataRow(5, DcganNormalization.Batch)]
    [DataRow(2, DcganNormalization.Spectral)]
    [DataRow(2, DcganNormalization.None)]
    public void With_synchronised_statistics_they_follow_one_process(int size, DcganNormalization normalization)
    {
        DcganEstimator.Options options = Options() with
        {
            DiscriminatorNormalization = normalization,
            MinibatchDeviation = true,
        };
        float[] alone = Train(1, options), together = Train(size, options);
        Assert.IsLessThan(1e-4, Distance(alone, together));
    }

    // With rounding out of the way, nothing else is between them, however far they train.
    [TestMethod]
    [DataRow(2)]
    [DataRow(4)]
    public void In_double_precision_they_follow_it_for_fifty_steps(int size)
    {
        DcganEstimator.Options options = DcganEstimator.Options.Paper() with
        {
            BatchSize = 12,
            Epochs = 25,
            Seed = 5,
            HealthInterval = 0,
        };
        Numbers.WeightType = float64;
        try
        {
            float[] alone = Train(1, options), together = Train(size, options);
            Assert.IsLessThan(1e-4, Distance(alone, together));
            Assert.IsGreaterThan(1e-3, Distance(alone, Train(1, options with { Epochs = 24 })));
        }
        finally
        {
            Numbers.WeightType = float32;
        }
    }

    // All that is random is what it is in one process, image by image.
    [TestMethod]
    public void So_they_do_with_noise_of_all_kinds()
    {
        DcganEstimator.Options options = Options() with
        {
            Augmentation = DcganAugmentation.All,
            Mirror = true,
            InstanceNoise = 0.1,
            GeneratorDropout = 0.2,
            DiscriminatorDropout = 0.2,
            Loss = DcganLoss.NonSaturating,
            LabelNoise = 0.1,
        };
        Assert.IsLessThan(1e-4, Distance(Train(1, options), Train(3, options)));
        Assert.IsGreaterThan(1e-3, Distance(Train(1, options), Train(1, options with { Seed = 8 })));
    }

    [TestMethod]
    public void Without_they_train_by_statistics_of_their_own()
    {
        DcganEstimator.Options options = Options() with { SynchronizeBatchStatistics = false };
        float[] alone = Train(1, options), together = Train(2, options);
        double distance = Distance(alone, together);
        Assert.IsGreaterThan(1e-4, distance);
        Assert.IsLessThan(0.1, distance);
    }

    [TestMethod]
    [DataRow(1, false)]
    [DataRow(1, true)]
    [DataRow(3, false)]
    [DataRow(3, true)]
    public void All_are_the_same_in_the_end(int localSteps, bool compress)
    {
        DcganEstimator.Options options = Options() with { LocalSteps = localSteps, CompressGradients = compress };
        var weights = new float[3][];
        Train(3, options, (rank, values) => weights[rank] = values);
        CollectionAssert.AreEqual(weights[0], weights[1]);
        CollectionAssert.AreEqual(weights[0], weights[2]);
        Assert.IsGreaterThan(1e-3, Distance(Train(1, options with { Epochs = 1 }), weights[0]));
    }

    // As a processor that rounds differently does to them, on one of three: after the second step, and once more after the fourth.
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void One_that_drifts_is_noticed_and_goes_on_as_the_root_does(int localSteps)
    {
        var weights = new List<float[]>[3];
        TrainingSummary summary = ThreadCommunicator.Run(3, ranks =>
        {
            using Dataset images = Pictures.TrainingSet(24, 16, 16, 1);
            using var networks = new GanNetworks(new NetworkShape(16, 16, 1, 6, 4, 4, KernelSize: 4), CPU);
            weights[ranks.Rank] = [];
            return new TrainingLoop(networks, images, Options() with { LocalSteps = localSteps })
            {
                Ranks = ranks,
                Report = progress =>
                {
                    weights[ranks.Rank].Add(WeightsOf(networks));
                    if (ranks.Rank == 1 && progress.Step is 2 or 4)
                    {
                        using var _ = no_grad();
                        networks.Discriminator.parameters().First().mul_(1 + 1e-6f);
                    }
                },
            }.Run(CancellationToken.None);
        });
        // Ten steps.
        Assert.HasCount(10 / localSteps, weights[0]);
        foreach ((float[] root, float[] first, float[] second) in weights[0].Zip(weights[1], weights[2]))
        {
            CollectionAssert.AreEqual(root, first);
            CollectionAssert.AreEqual(root, second);
        }
        // The mean of weights makes them the same without a word.
        if (localSteps > 1)
        {
            Assert.IsEmpty(summary.Events);
            return;
        }
        TrainingEvent found = summary.Events.Single();
        Assert.AreEqual((TrainingAlarm.ReplicasDiffer, 3L, DcganHealthPolicy.Warn), (found.Alarm, found.Step, found.Action));
        StringAssert.StartsWith(found.Message, "Of 3 replicas, 1 no longer had the weights of replica 0, ");
    }

    [TestMethod]
    public void All_that_one_has_learned_becomes_the_root_s()
    {
        var states = new float[2][];
        ThreadCommunicator.Run(2, ranks =>
        {
            using var scope = NewDisposeScope();
            using var networks = new GanNetworks(new NetworkShape(16, 16, 1, 6, 4, 4, KernelSize: 4), CPU);
            var replicas = new ReplicaExchange(ranks, Options(), batch: 12);
            using var state = new TrainingState(networks, Options(), batch: 12, replicas: replicas);
            replicas.Begin(state);
            Assert.IsEmpty(replicas.Reconcile(state));
            using (no_grad())
            {
                foreach ((_, Tensor tensor) in state.Learned)
                    tensor.add_(ranks.Rank);
            }
            CollectionAssert.AreEqual(new[] { 1 }, replicas.Reconcile(state).ToArray());
            states[ranks.Rank] = [.. state.Learned.SelectMany(entry => entry.Tensor.to(float32).contiguous().data<float>().ToArray())];
            return 0;
        });
        CollectionAssert.AreEqual(states[0], states[1]);
    }

    // Each rank keeps a part of the images, and gets the others' from them.
    [TestMethod]
    public void It_does_not_matter_who_keeps_which_images()
    {
        float[] whole = Train(3, Options()), sharded = Train(3, Options(), isSharded: true);
        CollectionAssert.AreEqual(whole, sharded);
    }

    private static DcganEstimator.Options Options() => LoopOptions.Create(12, epochs: 5, rate: 1e-4, seed: 5) with
    {
        R1Penalty = 0.1,
        R2Penalty = 0.1,
        R1Interval = 2,
        AverageHalfLife = 50,
    };

    // The last weights of the root's networks; and each one's are shown.
    private static float[] Train(int size, DcganEstimator.Options options, Action<int, float[]>? show = null, bool isSharded = false) =>
        ThreadCommunicator.Run(size, ranks =>
        {
            using var scope = NewDisposeScope();
            using Dataset all = Pictures.TrainingSet(24, 16, 16, 1);
            using Dataset? sharded = isSharded ? Sharded(all, ranks) : null;
            using var networks = new GanNetworks(new NetworkShape(16, 16, 1, 6, 4, 4, KernelSize: 4)
            {
                DiscriminatorNormalization = options.DiscriminatorNormalization,
                MinibatchDeviation = options.MinibatchDeviation,
            }, CPU);
            TrainingSummary summary = new TrainingLoop(networks, sharded ?? all, options) { Ranks = ranks }.Run(CancellationToken.None);
            Assert.AreEqual(size, summary.Replicas);
            float[] weights = WeightsOf(networks);
            show?.Invoke(ranks.Rank, weights);
            return weights;
        });

    private static float[] WeightsOf(GanNetworks networks) => [.. new nn.Module[] { networks.Generator, networks.Discriminator }
        .SelectMany(network => network.parameters()).SelectMany(weight => weight.detach().to(float32).contiguous().data<float>().ToArray())];

    private static ShardedDataset Sharded(Dataset all, Communicator ranks)
    {
        (long first, long count) = ranks.ShareOf(all.Count);
        var own = new MemoryDataset(count, all.Shape, CPU);
        using Tensor pixels = all.Gather(arange(first, first + count, int64));
        own.Complete([.. Enumerable.Range(0, (int)count).Select(i => own.Add(pixels[i].contiguous().bytes))]);
        return new ShardedDataset(own, ranks);
    }

    // Relative, of all weights together.
    private static double Distance(float[] expected, float[] actual) =>
        Math.Sqrt(expected.Zip(actual, (a, b) => Math.Pow(a - b, 2)).Sum() / expected.Sum(a => (double)a * a));
}
