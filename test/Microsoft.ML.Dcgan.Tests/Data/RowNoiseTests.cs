using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;

namespace Microsoft.ML.Dcgan.Tests.Data;

[TestClass]
public sealed class RowNoiseTests
{
    [TestMethod]
    public void Is_standard_normal()
    {
        const int rows = 2000, size = 101;
        double[] values = Enumerable.Range(0, rows).SelectMany(row => Noise(size, 3, (ulong)row)).Select(value => (double)value).ToArray();
        double mean = values.Average();
        double variance = values.Average(value => (value - mean) * (value - mean));
        double kurtosis = values.Average(value => Math.Pow(value - mean, 4)) / (variance * variance);

        // Five standard errors of each.
        Assert.AreEqual(0, mean, 5 / Math.Sqrt(values.Length));
        Assert.AreEqual(1, variance, 5 * Math.Sqrt(2.0 / values.Length));
        Assert.AreEqual(3, kurtosis, 5 * Math.Sqrt(24.0 / values.Length));
        Assert.AreEqual(values.Length, values.Distinct().Count(), values.Length / 100, "values repeat");
    }

    [TestMethod]
    public void Is_uniform_where_it_is_asked_to_be()
    {
        const int rows = 2000, size = 101;
        double[] values = Enumerable.Range(0, rows).SelectMany(row => Noise(size, 3, (ulong)row, distribution: DcganNoise.Uniform))
            .Select(value => (double)value).ToArray();
        Assert.IsTrue(values.All(value => value is >= -1 and < 1));

        // Five standard errors of the mean, of the variance 1/3 and of the share of each tenth.
        Assert.AreEqual(0, values.Average(), 5 / Math.Sqrt(3.0 * values.Length));
        Assert.AreEqual(1.0 / 3, values.Average(value => value * value), 5 * Math.Sqrt(4.0 / 45 / values.Length));
        foreach (IGrouping<int, double> tenth in values.GroupBy(value => (int)((value + 1) * 5)))
            Assert.AreEqual(0.1, (double)tenth.Count() / values.Length, 5 * Math.Sqrt(0.09 / values.Length), $"tenth {tenth.Key}");
    }

    [TestMethod]
    public void Neighbouring_rows_and_seeds_are_unrelated()
    {
        double Correlation(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Average();
        float[] one = Noise(20_000, 1, 5);
        Assert.AreEqual(0, Correlation(one, Noise(20_000, 1, 6)), 0.04);
        Assert.AreEqual(0, Correlation(one, Noise(20_000, 2, 5)), 0.04);
        Assert.AreEqual(0, Correlation(one, Noise(20_000, 1, 5, 1)), 0.04);
    }

    // From an implementation of the same two papers in Python: see test/python/row_noise.py.
    [TestMethod]
    public void Stays_the_same_for_ever()
    {
        float[] expected = [0.5923859f, -1.9744246f, -1.0780498f, 0.3976479f, -0.5502518f, -0.2239782f];
        float[] actual = Noise(expected.Length, 7, 42);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-6f, $"number {i}");

        float[] uniform = [0.7610472f, 0.5927821f, -0.0335399f, -0.1124830f, -0.6764451f, 0.1230478f];
        actual = Noise(uniform.Length, 7, 42, distribution: DcganNoise.Uniform);
        for (int i = 0; i < uniform.Length; i++)
            Assert.AreEqual(uniform[i], actual[i], 1e-7f, $"uniform number {i}");
    }

    private static float[] Noise(int size, int seed, ulong low, ulong high = 0, DcganNoise distribution = DcganNoise.Normal)
    {
        var noise = new float[size];
        RowNoise.Fill(noise, seed, new DataViewRowId(low, high), distribution);
        return noise;
    }
}
