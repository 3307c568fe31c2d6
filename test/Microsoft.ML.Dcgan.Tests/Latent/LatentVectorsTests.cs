namespace Microsoft.ML.Dcgan.Tests.Latent;

[TestClass]
public sealed class LatentVectorsTests
{
    [TestMethod]
    public void Lerp_is_a_straight_line()
    {
        float[] from = [1, -2, 4], to = [3, 2, 0];
        CollectionAssert.AreEqual(from, LatentVectors.Lerp(from, to, 0));
        CollectionAssert.AreEqual(to, LatentVectors.Lerp(from, to, 1));
        CollectionAssert.AreEqual(new float[] { 1.5f, -1, 3 }, LatentVectors.Lerp(from, to, 0.25f));
        CollectionAssert.AreEqual(new float[] { 5, 6, -4 }, LatentVectors.Lerp(from, to, 2));
    }

    [TestMethod]
    public void Slerp_turns_at_constant_speed_and_changes_its_length_evenly()
    {
        // 60 degrees apart, of lengths 2 and 6, in a plane of three dimensions.
        float[] from = [2, 0, 0], to = [3, 0, 3 * MathF.Sqrt(3)];
        for (int i = 0; i <= 12; i++)
        {
            double angle = Math.PI / 3 * i / 12, length = 2 + 4.0 * i / 12;
            Near([length * Math.Cos(angle), 0, length * Math.Sin(angle)], LatentVectors.Slerp(from, to, i / 12f));
        }
    }

    [TestMethod]
    public void Slerp_of_vectors_of_one_length_is_Shoemakes()
    {
        float[][] drawn = Drawn(2, 100);
        float[] from = drawn[0], to = Array.ConvertAll(drawn[1], number => number * (float)(Norm(drawn[0]) / Norm(drawn[1])));
        double angle = Math.Acos(from.Zip(to, (a, b) => (double)a * b).Sum() / Norm(from) / Norm(to));
        foreach (double t in new[] { 0.1, 0.5, 0.9 })
        {
            double[] expected = from.Zip(to, (a, b) => (Math.Sin((1 - t) * angle) * a + Math.Sin(t * angle) * b) / Math.Sin(angle))
                .ToArray();
            float[] actual = LatentVectors.Slerp(from, to, (float)t);
            Near(expected, actual, 1e-5);
            Assert.AreEqual(Norm(from), Norm(actual), 1e-5);
        }
    }

    [TestMethod]
    public void Slerp_keeps_the_length_of_noise_where_Lerp_loses_it()
    {
        float[][] drawn = Drawn(2, 1000);
        Assert.AreEqual(Math.Sqrt(1000), Norm(LatentVectors.Slerp(drawn[0], drawn[1], 0.5f)), 2);
        Assert.AreEqual(Math.Sqrt(500), Norm(LatentVectors.Lerp(drawn[0], drawn[1], 0.5f)), 2);
    }

    [TestMethod]
    public void Slerp_is_accurate_for_the_same_nearly_the_same_and_nearly_opposite_vectors()
    {
        float[] one = [1, 0];
        Near([1, 0], LatentVectors.Slerp(one, one, 0.3f));
        Near([2, 0], LatentVectors.Slerp(one, [3, 0], 0.5f));
        Near([1, 0.5e-4], LatentVectors.Slerp(one, [1, 1e-4f], 0.5f));
        Near([0, 1], LatentVectors.Slerp(one, [-1, 1e-4f], 0.5f), 1e-4);
    }

    [TestMethod]
    public void Means_and_analogies_are_those_of_the_numbers()
    {
        float[][] a = [[1, 2], [3, 6]], b = [[10, 0]], c = [[0, 1], [0, 2], [3, 3]];
        CollectionAssert.AreEqual(new float[] { 2, 4 }, LatentVectors.Mean(a));
        CollectionAssert.AreEqual(new float[] { 2 - 10 + 1, 4 - 0 + 2 }, LatentVectors.Analogy(a, b, c));
        CollectionAssert.AreEqual(new float[] { 1, 2 }, a[0], "the arguments are left as they were");
    }

    [TestMethod]
    public void An_analogy_of_threes_is_as_long_as_a_draw()
    {
        float[][] drawn = Drawn(9, 10_000);
        Assert.AreEqual(100, Norm(LatentVectors.Analogy(drawn[..3], drawn[3..6], drawn[6..])), 3);
        Assert.AreEqual(100 / Math.Sqrt(3), Norm(LatentVectors.Mean(drawn[..3])), 2);
    }

    [TestMethod]
    [DataRow(0.5f)]
    [DataRow(2f)]
    public void Truncated_noise_is_truncated_normal(float threshold)
    {
        float[] noise = Drawn(1, 50_000)[0];
        float[] truncated = LatentVectors.Truncate([noise], threshold, seed: 4)[0];

        // The variance of a normal distribution cut off at both sides: 1 - 2 t phi(t) / (2 Phi(t) - 1).
        double density = Math.Exp(-threshold * threshold / 2) / Math.Sqrt(2 * Math.PI), within = threshold == 0.5f ? 0.3829249 : 0.9544997;
        double expected = 1 - 2 * threshold * density / within;
        Assert.AreEqual(expected, truncated.Average(number => (double)number * number), 0.02 * expected);
        Assert.AreEqual(0, truncated.Average(), 0.01);
        Assert.AreEqual(within, noise.Zip(truncated).Average(pair => pair.First == pair.Second ? 1.0 : 0), 0.01,
            "numbers inside are left alone");
        Assert.IsTrue(truncated.All(number => Math.Abs(number) <= threshold));
    }

    [TestMethod]
    public void Truncated_vectors_are_drawn_apart_and_by_seed()
    {
        float[] beyond = Enumerable.Repeat(9f, 20).ToArray();
        float[][] truncated = LatentVectors.Truncate([beyond, beyond], 1);
        Assert.AreEqual(40, truncated.SelectMany(vector => vector).Distinct().Count());
        CollectionAssert.AreEqual(truncated[1], LatentVectors.Truncate([beyond, beyond], 1)[1]);
        CollectionAssert.AreNotEqual(truncated[1], LatentVectors.Truncate([beyond, beyond], 1, seed: 1)[1]);

        float[] uniform = LatentVectors.Truncate([new float[10_000].Select(_ => 9f).ToArray()], 0.5f, 1, DcganNoise.Uniform)[0];
        Assert.AreEqual(0.25 / 3, uniform.Average(number => number * number), 0.002);
    }

    [TestMethod]
    public void Shrinking_and_clipping_are_by_number()
    {
        CollectionAssert.AreEqual(new float[] { 0.5f, -1 }, LatentVectors.Shrink([[1, -2]], 0.5f)[0]);
        float[] clipped = LatentVectors.Clip([[0.5f, -7, 1, 3]])[0];
        CollectionAssert.AreEqual(new float[] { 0.5f, -1, clipped[2], clipped[2] }, clipped);
        Assert.AreEqual(MathF.BitDecrement(1), clipped[2]);
    }

    [TestMethod]
    public void Vectors_that_do_not_go_together_are_refused()
    {
        float[] two = [1, 2], three = [1, 2, 3], zero = [0, 0], broken = [1, float.NaN];
        Refused("to", "The vector has 3 numbers, but the first has 2.", () => LatentVectors.Lerp(two, three, 0.5f));
        Refused("to", "The vector has 3 numbers, but the first has 2.", () => LatentVectors.Slerp(two, three, 0.5f));
        Refused("from", "The vector has no numbers.", () => LatentVectors.Slerp([], [], 0.5f));
        Refused("to", "The vector holds NaN at 1, but noise must be finite numbers.", () => LatentVectors.Lerp(two, broken, 0.5f));
        Refused("amount", "The amount is NaN, but a finite number is expected", () => LatentVectors.Lerp(two, two, float.NaN));
        Refused("from", "A vector of zeros has no direction", () => LatentVectors.Slerp(zero, two, 0.5f));
        Refused("to", "A vector of zeros has no direction", () => LatentVectors.Slerp(two, zero, 0.5f));
        Refused("to", "The two vectors are opposite", () => LatentVectors.Slerp(two, [-2, -4], 0.5f));
        Refused("vectors", "There are no vectors.", () => LatentVectors.Mean([]));
        Refused("vectors", "Vector 1 has 3 numbers, but the first has 2.", () => LatentVectors.Mean([two, three]));
        Refused("minus", "Vector 0 has 3 numbers, but the first has 2.", () => LatentVectors.Analogy([two], [three], [two]));
        Refused("plus", "There are no vectors.", () => LatentVectors.Analogy([two], [two], []));
        Refused("vectors", "Vector 0 holds NaN at 1", () => LatentVectors.Shrink([broken], 0.5f));
        Refused("amount", "The amount is 1.5, but must be from 0 to 1.", () => LatentVectors.Shrink([two], 1.5f));
        Refused("threshold", "The threshold is 0, but must be 0.01 or more.", () => LatentVectors.Truncate([two], 0));
        Refused("threshold", "The threshold is NaN", () => LatentVectors.Truncate([two], float.NaN));
        Refused("vectors", "There are no vectors.", () => LatentVectors.Clip([]));
    }

    internal static void Refused(string parameter, string message, Action act)
    {
        ArgumentException failure = Assert.Throws<ArgumentException>(act);
        Assert.AreEqual(parameter, failure.ParamName);
        StringAssert.Contains(failure.Message, message);
    }

    internal static double Norm(IEnumerable<float> vector) => Math.Sqrt(vector.Sum(number => (double)number * number));

    internal static void Near(double[] expected, float[] actual, double tolerance = 1e-6)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], tolerance * Math.Max(1, Math.Abs(expected[i])), $"number {i}");
    }

    // By .NET's generator, not by the library's.
    private static float[][] Drawn(int count, int size)
    {
        var random = new Random(1);
        return Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, size)
            .Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))
                .ToArray()).ToArray();
    }
}
