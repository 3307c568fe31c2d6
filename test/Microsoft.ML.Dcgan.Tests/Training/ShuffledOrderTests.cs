using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class ShuffledOrderTests
{
    [TestMethod]
    public void Every_image_comes_once_an_epoch_in_full_minibatches()
    {
        long[] order = Draw(count: 10, batch: 4, minibatches: 10);

        Assert.HasCount(40, order);
        foreach (long[] epoch in order.Chunk(10))
            CollectionAssert.AreEquivalent(Enumerable.Range(0, 10).Select(i => (long)i).ToArray(), epoch);
        Assert.AreEqual(4, order.Chunk(10).Select(epoch => string.Join(",", epoch)).Distinct().Count(), "every epoch is shuffled anew");
    }

    [TestMethod]
    public void Minibatches_may_be_the_whole_set() =>
        CollectionAssert.AreEquivalent(new long[] { 0, 1, 2, 0, 1, 2 }, Draw(count: 3, batch: 3, minibatches: 2));

    [TestMethod]
    [DataRow(1)]
    [DataRow(5)]
    [DataRow(9)]
    public void It_goes_on_from_anywhere_as_if_it_had_come_there(int before) =>
        CollectionAssert.AreEqual(Draw(count: 10, batch: 4, minibatches: 10).Skip(4 * before).ToArray(),
            Draw(count: 10, batch: 4, minibatches: 10 - before, start: 4 * before));

    private static long[] Draw(long count, long batch, int minibatches, long start = 0)
    {
        using var scope = NewDisposeScope();
        using var order = new InfiniteSampler(count, seed: 5, CPU, start);
        var drawn = new List<long>();
        for (int i = 0; i < minibatches; i++)
        {
            long[] indices = order.Next(batch).data<long>().ToArray();
            Assert.HasCount((int)batch, indices);
            drawn.AddRange(indices);
        }
        return drawn.ToArray();
    }
}
