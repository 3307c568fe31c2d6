using Microsoft.ML.Dcgan.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Evaluation;

[TestClass]
public sealed class NeighborMetricsTests
{
    private DisposeScope _scope = null!;

    [TestInitialize]
    public void OpenScope() => _scope = NewDisposeScope();

    [TestCleanup]
    public void CloseScope() => _scope.Dispose();

    [TestMethod]
    public void Precision_and_recall_are_SciPys()
    {
        (double precision, double recall) = Samples.PrecisionRecall(Samples.Reference("real"), Samples.Reference("generated"));
        Assert.AreEqual(Samples.Number("precision"), precision, 1e-6);
        Assert.AreEqual(Samples.Number("recall"), recall, 1e-6);
    }

    [TestMethod]
    public void Density_and_coverage_are_SciPys()
    {
        (double density, double coverage) = Samples.DensityCoverage(Samples.Reference("real"), Samples.Reference("generated"));
        Assert.AreEqual(Samples.Number("density"), density, 1e-6);
        Assert.AreEqual(Samples.Number("coverage"), coverage, 1e-6);
    }

    [TestMethod]
    public void Nearest_neighbors_are_SciPys_however_the_points_come()
    {
        using var neighbors = new NearestNeighbors(Samples.Reference("generated"), 2, CPU);
        foreach (Tensor block in Samples.Reference("real").split(77))
            neighbors.Add(block);
        CollectionAssert.AreEqual(SafetensorsFile.Metrics.Longs("nearest"), neighbors.Indices.data<long>().ToArray());
        Assert.IsTrue(neighbors.Squares.sqrt().allclose(Samples.Reference("distances"), rtol: 1e-6));
    }

    [TestMethod]
    public void Of_a_set_and_itself_all_is_right()
    {
        // More rows than a block of distances has.
        Tensor points = Samples.Gaussian(2500, 3, seed: 1);
        Assert.AreEqual((1, 1), Samples.PrecisionRecall(points, points));
        // In each ball: its centre, and the k - 1 neighbours that are not on the rim.
        Assert.AreEqual((1, 1), Samples.DensityCoverage(points, points));
    }

    [TestMethod]
    public void Of_disjoint_sets_nothing_is_right()
    {
        Tensor points = Samples.Gaussian(500, 4, seed: 1);
        Assert.AreEqual((0, 0), Samples.PrecisionRecall(points, points + 1000));
        Assert.AreEqual((0, 0), Samples.DensityCoverage(points, points + 1000));
    }

    [TestMethod]
    public void A_dropped_mode_costs_its_share_of_recall_and_coverage()
    {
        Tensor near = Samples.Gaussian(300, 2, seed: 1), far = Samples.Gaussian(100, 2, seed: 2, mean: 1e4);
        Tensor real = cat(new[] { near, far });
        (double precision, double recall) = Samples.PrecisionRecall(real, near);
        Assert.AreEqual((1, 0.75), (precision, recall));
        Assert.AreEqual(0.75, Samples.DensityCoverage(real, near).Coverage);
        (precision, recall) = Samples.PrecisionRecall(near, real);
        Assert.AreEqual((0.75, 1), (precision, recall));
    }

    [TestMethod]
    public void Of_one_distribution_density_and_coverage_are_as_expected()
    {
        // Naeem et al. 2020: density 1, coverage 1 - (N-1)...(N-k) / ((2N-1)...(2N-k)).
        const int n = 3000, k = 5;
        double expected = 1 - Enumerable.Range(1, k).Aggregate(1.0, (product, i) => product * (n - i) / (2.0 * n - i));
        (double density, double coverage) = Samples.DensityCoverage(Samples.Gaussian(n, 4, seed: 1), Samples.Gaussian(n, 4, seed: 2), k);
        Assert.AreEqual(1, density, 0.05);
        Assert.AreEqual(expected, coverage, 0.02);
    }

    [TestMethod]
    public void Copies_are_their_own_manifold()
    {
        // One picture a hundred times, as of a generator that has collapsed: radii of 0, and distances of exactly 0.
        Tensor copies = Samples.Gaussian(1, 700, seed: 1, mean: 50).repeat(100, 1);
        Tensor real = cat(new[] { copies.narrow(0, 0, 10), Samples.Gaussian(90, 700, seed: 2, mean: 50) });
        (double precision, double recall) = Samples.PrecisionRecall(real, copies);
        Assert.AreEqual((1, 0.1), (precision, recall));
    }

    [TestMethod]
    public void Near_neighbors_of_large_features_keep_their_distances()
    {
        // Pairs 0.5 apart, 100,000 from the middle: |a|² + |b|² - 2ab in single precision would lose them.
        Tensor places = Samples.Gaussian(50, 2, seed: 1, deviation: 1e5);
        using var neighbors = new NearestNeighbors(places + 0.5f, 1, CPU);
        neighbors.Add(places);
        CollectionAssert.AreEqual(Enumerable.Range(0, 50).Select(i => (long)i).ToArray(), neighbors.Indices.data<long>().ToArray());
        Tensor exact = (places + 0.5f - places).square().sum(1);
        Assert.IsTrue(neighbors.Squares.squeeze(1).allclose(exact, rtol: 1e-2));
    }
}
