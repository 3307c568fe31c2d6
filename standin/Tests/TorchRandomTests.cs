using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class TorchRandomTests
{
    // What PyTorch 1.13 prints for torch.manual_seed(1); torch.randn(2, 3).
    private static readonly float[] OfSeedOne = [0.66135216f, 0.2669241f, 0.06167726f, 0.6213173f, -0.45190597f, -0.16613023f];

    [TestMethod]
    public void ASeedGivesPyTorchsNumbers()
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator _ = manual_seed(1);

        CollectionAssert.AreEqual(OfSeedOne, Values(randn(2, 3)));
        CollectionAssert.AreEqual(OfSeedOne, Values(randn(2, 3, generator: new Generator(1))));
        CollectionAssert.AreEqual(OfSeedOne, Values(empty(2, 3).normal_(generator: new Generator().manual_seed(1))));
    }

    [TestMethod]
    public void AGeneratorsStateIsSavedAndRestored()
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(5);
        randn(3, generator: generator);
        Tensor state = generator.get_state();
        float[] expected = Values(randn(7, generator: generator));
        generator.set_state(state);

        CollectionAssert.AreEqual(expected, Values(randn(7, generator: generator)));
        Assert.AreEqual(5, generator.initial_seed());
        Assert.AreEqual(ScalarType.Byte, state.dtype);

        using var restored = new Generator();
        restored.set_state(tensor(state.data<byte>().ToArray()));
        randn(7, generator: restored);
        CollectionAssert.AreEqual(Values(rand(3, generator: generator)), Values(rand(3, generator: restored)));
    }

    [TestMethod]
    public void TheDefaultGeneratorsStateIsSavedAndRestored()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor state = get_rng_state();
        float[] expected = Values(rand(4));
        set_rng_state(state);

        CollectionAssert.AreEqual(expected, Values(rand(4)));
        using Generator other = new Generator(9);
        randn(3, generator: other);
        set_rng_state(state);
        CollectionAssert.AreEqual(expected, Values(rand(4)));
    }

    [TestMethod]
    public void IntegersAndPermutationsStayInRange()
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(2);
        long[] numbers = randint(3, 6, [100], generator: generator).data<long>().ToArray();
        long[] order = randperm(50, generator: generator).data<long>().ToArray();

        CollectionAssert.AreEquivalent(new long[] { 3, 4, 5 }, numbers.Distinct().ToArray());
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 50).Select(i => (long)i).ToArray(), order);
        CollectionAssert.AreNotEqual(order.Order().ToArray(), order);
    }

    private static float[] Values(Tensor tensor) => tensor.data<float>().ToArray();
}
