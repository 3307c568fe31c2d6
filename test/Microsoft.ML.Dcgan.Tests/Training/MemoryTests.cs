using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class MemoryTests
{
    [TestMethod]
    public void Only_the_networks_outlive_fitting_and_nothing_outlives_disposal()
    {
        var ml = new MLContext(seed: 1);
        Pictures.SmallModel(ml).Dispose();

        // TorchSharp never takes back the count of the tensor that a parameter was made of.
        long start = TensorsAlive();
        var networks = new GanNetworks(new NetworkShape(16, 12, 3, 6, 4, 4, 4), CPU);
        int weights = networks.Generator.state_dict().Count + networks.Discriminator.state_dict().Count;
        networks.Dispose();
        long before = TensorsAlive();
        long miscounted = before - start;

        DcganTransformer gan = Pictures.SmallModel(ml);
        gan.Generate(3);
        long fitted = TensorsAlive() - before;
        gan.Dispose();

        const int Folded = 5;    // of the generator as it is used: three kernels, and two biases
        Assert.AreEqual(weights + miscounted + Folded, fitted, "tensors alive after Fit");
        Assert.AreEqual(miscounted, TensorsAlive() - before, "tensors alive after Dispose");
    }

    [TestMethod]
    public void Long_training_does_not_grow_the_process()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(1, CPU);
        using var networks = new GanNetworks(new NetworkShape(32, 32, 3, 16, 32, 32, 4), CPU);
        networks.Initialize(random);
        using Dataset images = Pictures.TrainingSet(64, 32, 32, 3);
        using var minibatches = new DataLoader(images, 16, seed: 2, CPU);
        using var step = new TrainingStep(networks, LoopOptions.Create(16));

        Train(50);
        (long tensors, long warmObjects) = (TensorsAlive(), GC.GetTotalMemory(forceFullCollection: true));
        // Of a leak every stretch has its part; of what the process itself still allocates, as compiled code, not the least.
        long growth = long.MaxValue, native = NativeBytes();
        for (int i = 0; i < 3; i++)
        {
            Train(100);
            long after = NativeBytes();
            (growth, native) = (Math.Min(growth, after - native), after);
        }
        double objectGrowth = (double)GC.GetTotalMemory(forceFullCollection: true) / warmObjects - 1;

        Assert.AreEqual(tensors, TensorsAlive(), "tensors alive");
        Assert.IsTrue(growth < 2_000_000, $"native memory grew by {growth:N0} bytes in each 100 steps");
        Assert.IsTrue(objectGrowth < 0.02, $"live objects grew by {objectGrowth:P2} from {warmObjects:N0} bytes");

        void Train(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                using var minibatch = NewDisposeScope();
                step.Run(minibatches.Next().Images, randn(16, 16, generator: random), new StepContext(0, 1, random));
            }
        }
    }

    private static long TensorsAlive()
    {
        Collect();
        return Tensor.TotalCount;
    }

    // Without the collector's heap, whose size follows its own budget and not what is alive in it.
    private static long NativeBytes()
    {
        Collect();
        new MallocTuning().Dispose();    // gives back what is free, whichever test left it
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64 - GC.GetGCMemoryInfo().TotalCommittedBytes;
    }

    private static void Collect()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
