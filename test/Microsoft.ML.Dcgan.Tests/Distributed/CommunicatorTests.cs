using Microsoft.ML.Dcgan.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Distributed;

[TestClass]
public sealed class CommunicatorTests
{
    // 10 numbers on 4 ranks: shares of 2, 3, 2 and 3. Few come from all at once, of many each sums a share.
    [TestMethod]
    [DataRow(1, 10)]
    [DataRow(2, 10)]
    [DataRow(4, 10)]
    [DataRow(4, 3)]
    [DataRow(2, 10_000)]
    [DataRow(4, 10_002)]
    public void A_sum_is_of_all_in_the_order_of_ranks(int size, int count)
    {
        float[][] sums = OnEach(size, ranks =>
        {
            using Tensor own = arange(count, float32).mul(1.1).add(0.3 * ranks.Rank);
            ranks.Sum(own);
            return own.data<float>().ToArray();
        });
        float[] expected = [.. Enumerable.Range(0, count).Select(i =>
            Enumerable.Range(0, size).Select(rank => i * 1.1f + (float)(0.3 * rank)).Aggregate((sum, part) => sum + part))];
        foreach (float[] sum in sums)
            CollectionAssert.AreEqual(expected, sum);
    }

    // 1, 257 and 258 need 9 bits of a significand, of which bfloat16 has 8.
    [TestMethod]
    public void A_compressed_sum_is_rounded_before_and_after_not_between()
    {
        float[][] sums = OnEach(3, ranks =>
        {
            using Tensor own = tensor(new[] { ranks.Rank == 0 ? 256f : 1, 257, 1.5f });
            ranks.Sum(own, compress: true);
            return own.data<float>().ToArray();
        });
        foreach (float[] sum in sums)
            CollectionAssert.AreEqual(new[] { 258f, 768, 4.5f }, sum);
    }

    [TestMethod]
    public void What_each_gives_comes_to_all_by_rank()
    {
        string[][] texts = OnEach(3, ranks => ranks.Gather(new string('é', ranks.Rank * 2)));
        foreach (string[] all in texts)
            CollectionAssert.AreEqual(new[] { "", "éé", "éééé" }, all);
        CollectionAssert.AreEqual(new[] { true, true, true }, OnEach(3, ranks => ranks.Any(ranks.Rank == 2)));
        CollectionAssert.AreEqual(new[] { false, false, false }, OnEach(3, ranks => ranks.Any(false)));
        CollectionAssert.AreEqual(new[] { 0.5, 0.5 }, OnEach(2, ranks => ranks.FromRoot(() => ranks.IsRoot ? 0.5 : 7)));
    }

    [TestMethod]
    public void All_get_what_the_root_has()
    {
        float[][] values = OnEach(3, ranks =>
        {
            using Tensor first = full([2, 2], ranks.Rank + 1f), second = full([], (float)ranks.Rank);
            ranks.Broadcast([first, second]);
            return (float[])[.. first.data<float>(), second.item<float>()];
        });
        foreach (float[] all in values)
            CollectionAssert.AreEqual(new float[] { 1, 1, 1, 1, 0 }, all);
    }

    [TestMethod]
    public void What_fails_for_one_fails_for_all()
    {
        string[] failures = OnEach(3, ranks =>
            Assert.Throws<Exception>(() => ranks.Together<object>(() => ranks.Rank == 1 ? throw new FormatException("no good") : "fine")).Message);
        CollectionAssert.AreEqual(new[] { "Rank 1 of 3: no good", "no good", "Rank 1 of 3: no good" }, failures);
    }

    [TestMethod]
    [Timeout(20_000)]
    public void Nobody_waits_for_one_that_is_gone()
    {
        FormatException failure = Assert.Throws<FormatException>(() => OnEach(3, ranks =>
            ranks.Rank == 1 ? throw new FormatException("no good") : ranks.Gather("waiting")));
        Assert.AreEqual("no good", failure.Message);
    }

    [TestMethod]
    public void Who_was_started_otherwise_is_named()
    {
        string message = Assert.Throws<InvalidOperationException>(() => OnEach(3, ranks =>
        {
            RankAgreement.Require(ranks, [("images", "60"), ("BatchSize", ranks.Rank == 2 ? "16" : "32")]);
            return 0;
        })).Message;
        Assert.AreEqual("Rank 2 of 3 differs where BatchSize is 16: rank 0 has 32. Start all of them as the same program, with the same options, " +
            "data and threads.", message);
    }

    // f = sum over ranks of (x_r S)^2 with S = sum of x: df/dx_r = 2 S (x_r S) + 2 sum_q x_q^2 S, and the second derivatives likewise.
    [TestMethod]
    public void Gradients_of_a_sum_and_theirs_are_those_of_one_process()
    {
        float[] parts = [0.5f, -1.25f, 2f];
        (float First, float Second) Expected(int rank)
        {
            using Tensor all = tensor(parts).requires_grad_();
            using Tensor gradient = autograd.grad([(all * all.sum()).square().sum()], [all], retain_graph: true, create_graph: true)[0];
            using Tensor second = autograd.grad([gradient.square().sum()], [all])[0];
            return (gradient[rank].item<float>(), second[rank].item<float>());
        }
        (float First, float Second)[] found = OnEach(3, ranks =>
        {
            using var scope = NewDisposeScope();
            Tensor own = tensor(parts[ranks.Rank]).requires_grad_();
            Tensor value = (own * DifferentiableSum.Of(own, ranks)).square();
            Tensor gradient = autograd.grad([value], [own], retain_graph: true, create_graph: true)[0];
            Tensor second = autograd.grad([gradient.square()], [own])[0];
            return (gradient.item<float>(), second.item<float>());
        });
        for (int rank = 0; rank < 3; rank++)
        {
            (float first, float second) = Expected(rank);
            Assert.AreEqual(first, found[rank].First, 1e-4f);
            Assert.AreEqual(second, found[rank].Second, 1e-2f);
        }
    }

    /// <summary>What each of so many replicas gives, by rank.</summary>
    internal static T[] OnEach<T>(int size, Func<Communicator, T> work)
    {
        var results = new T[size];
        ThreadCommunicator.Run(size, ranks => results[ranks.Rank] = work(ranks));
        return results;
    }
}
