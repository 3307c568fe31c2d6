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
            SynchronizeBatchStatistics = true,
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
            SynchronizeBatchStatistics = true,
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
            SynchronizeBatchStatistics = true,
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
        float[] alone = Train(1, Options()), together = Train(2, Options());
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
            float[] weights = [.. new nn.Module[] { networks.Generator, networks.Discriminator }
                .SelectMany(network => network.parameters()).SelectMany(weight => weight.detach().to(float32).contiguous().data<float>().ToArray())];
            show?.Invoke(ranks.Rank, weights);
            return weights;
        });

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
