using Microsoft.ML.Dcgan.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Evaluation;

[TestClass]
public sealed class FrechetDistanceTests
{
    private DisposeScope _scope = null!;

    [TestInitialize]
    public void OpenScope() => _scope = NewDisposeScope();

    [TestCleanup]
    public void CloseScope() => _scope.Dispose();

    [TestMethod]
    [DataRow("")]
    [DataRow("few.")]
    public void It_is_SciPys(string set)
    {
        double expected = Samples.Number(set + "frechet");
        Assert.AreEqual(expected, Samples.Frechet(Samples.Reference(set + "real"), Samples.Reference(set + "generated")), 1e-5 * expected);
        Assert.AreEqual(expected, Samples.Frechet(Samples.Reference(set + "generated"), Samples.Reference(set + "real")), 1e-5 * expected);
    }

    [TestMethod]
    public void Of_two_Gaussians_it_is_the_closed_form()
    {
        // |m1 - m2|² + (s1 - s2)² in each of 8 numbers, where the covariances are s²: 8 * (0.25 + 0.25).
        Tensor real = Samples.Gaussian(40_000, 8, seed: 1), generated = Samples.Gaussian(40_000, 8, seed: 2, mean: 0.5, deviation: 1.5);
        Assert.AreEqual(4, Samples.Frechet(real, generated), 0.1);
    }

    [TestMethod]
    public void Of_moments_that_are_given_it_is_exact()
    {
        // Points at ±e_i * s: mean 0 and covariance 2s²/(2d-1) times the identity.
        Tensor corners = cat(new[] { eye(4), eye(4).neg() });
        double expected = 4 * Math.Pow(Math.Sqrt(2.0 / 7) * (3 - 1), 2) + 4 * 100.0 * 100;
        Assert.AreEqual(expected, Samples.Frechet(corners, corners * 3 + 100), 1e-9 * expected);
    }

    [TestMethod]
    public void Of_a_set_and_itself_it_is_0()
    {
        Tensor real = Samples.Reference("real");
        Assert.AreEqual(0, Samples.Frechet(real, real), 1e-7);
        Tensor same = ones(10, 4);
        Assert.AreEqual(0, Samples.Frechet(same, same));
        Assert.AreEqual(4 * 9, Samples.Frechet(same, same * 4), 1e-9);
    }

    [TestMethod]
    public void Of_halves_of_one_distribution_it_falls_with_their_size()
    {
        Tensor features = Samples.Gaussian(16_000, 16, seed: 3);
        double previous = double.PositiveInfinity;
        foreach (long count in new[] { 125, 500, 2000, 8000 })
        {
            double distance = Samples.Frechet(features.narrow(0, 0, count), features.narrow(0, 8000, count));
            Assert.IsLessThan(previous / 2, distance);
            previous = distance;
        }
        Assert.IsLessThan(0.02, previous);
    }

    [TestMethod]
    public void It_rises_as_modes_are_dropped()
    {
        // Ten modes of ten; where m of them are left, the mean moves and the spread shrinks.
        Tensor modes = Samples.Gaussian(10, 8, seed: 4, deviation: 5).repeat_interleave(200, 0) + Samples.Gaussian(2000, 8, seed: 5);
        Tensor others = modes + Samples.Gaussian(2000, 8, seed: 6, deviation: 0.01);
        double previous = 0;
        foreach (int kept in new[] { 10, 8, 6, 4, 2, 1 })
        {
            double distance = Samples.Frechet(modes, others.narrow(0, 0, 200 * kept));
            Assert.IsGreaterThan(previous, distance, $"{kept} modes");
            previous = distance;
        }
    }

    [TestMethod]
    public void Moments_do_not_depend_on_blocks_or_offsets()
    {
        Tensor features = Samples.Reference("real").@double();
        Tensor centred = features - features.mean(new long[] { 0 });
        Tensor covariance = centred.T.matmul(centred) / 299.0;
        foreach (long rows in new long[] { 1, 7, 300 })
        {
            using FeatureMoments moments = Samples.Moments(features + 1e6, rows);
            Assert.AreEqual(300, moments.Count);
            Assert.IsTrue(moments.Covariance().allclose(covariance, rtol: 1e-7, atol: 1e-8), $"blocks of {rows}");
            Assert.IsTrue(moments.Mean.allclose(features.mean(new long[] { 0 }) + 1e6, rtol: 1e-13));
        }
    }
}
