using Microsoft.ML.Dcgan.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Evaluation;

[TestClass]
public sealed class KernelDistanceTests
{
    private DisposeScope _scope = null!;

    [TestInitialize]
    public void OpenScope() => _scope = NewDisposeScope();

    [TestCleanup]
    public void CloseScope() => _scope.Dispose();

    [TestMethod]
    public void It_is_NumPys()
    {
        Tensor real = Samples.Reference("real"), generated = Samples.Reference("generated");
        Tensor realRows = Samples.Reference("subsets.real"), generatedRows = Samples.Reference("subsets.generated");
        (double distance, double error) =
            KernelDistance.Over(real, generated, Enumerable.Range(0, 5).Select(i => (realRows[i], generatedRows[i])), CPU);
        Assert.AreEqual(Samples.Number("kernel"), distance, 1e-6 * distance);
        Assert.AreEqual(Samples.Number("kernel", 1), error, 1e-6 * error);

        double ofAll = KernelDistance.Estimate(real.@double(), generated.@double());
        Assert.AreEqual(Samples.Number("kernel", 2), ofAll, 1e-6 * ofAll);
    }

    [TestMethod]
    public void Of_two_Gaussians_it_is_the_closed_form()
    {
        // In one dimension E(xy + 1)³ = m²_3 + 3 m²_2 + 3 m²_1 + 1 of the raw moments, so the squared difference of N(0, 1)
        // and N(a, s²) is (a³ + 3as²)² + 3 (a² + s² - 1)² + 3a².
        const double a = 0.4, s = 1.2;
        double expected = Math.Pow(a * a * a + 3 * a * s * s, 2) + 3 * Math.Pow(a * a + s * s - 1, 2) + 3 * a * a;
        Tensor real = Samples.Gaussian(20_000, 1, seed: 1), generated = Samples.Gaussian(20_000, 1, seed: 2, mean: a, deviation: s);
        (double distance, double error) = KernelDistance.Between(real, generated, 30, 1000, seed: 3, CPU);
        Assert.AreEqual(expected, distance, 5 * error);
        Assert.IsLessThan(0.1 * expected, error);
    }

    [TestMethod]
    public void Of_one_distribution_it_is_0_on_average()
    {
        Tensor real = Samples.Gaussian(5000, 8, seed: 1), generated = Samples.Gaussian(5000, 8, seed: 2);
        (double distance, double error) = KernelDistance.Between(real, generated, 50, 100, seed: 3, CPU);
        Assert.AreEqual(0, distance, 4 * error);
        Assert.IsGreaterThan(0, error);
    }

    [TestMethod]
    public void Sets_no_larger_than_a_subset_are_taken_whole()
    {
        Tensor real = Samples.Gaussian(30, 4, seed: 1), generated = Samples.Gaussian(30, 4, seed: 2);
        (double distance, double error) = KernelDistance.Between(real, generated, 100, 1000, seed: 3, CPU);
        Assert.AreEqual(KernelDistance.Estimate(real.@double(), generated.@double()), distance, 1e-12);
        Assert.IsTrue(double.IsNaN(error));
    }

    [TestMethod]
    public void The_seed_draws_the_subsets()
    {
        Tensor real = Samples.Gaussian(300, 4, seed: 1), generated = Samples.Gaussian(200, 4, seed: 2);
        Assert.AreEqual(KernelDistance.Between(real, generated, 5, 50, 3, CPU), KernelDistance.Between(real, generated, 5, 50, 3, CPU));
        Assert.AreNotEqual(KernelDistance.Between(real, generated, 5, 50, 3, CPU), KernelDistance.Between(real, generated, 5, 50, 4, CPU));
    }
}
