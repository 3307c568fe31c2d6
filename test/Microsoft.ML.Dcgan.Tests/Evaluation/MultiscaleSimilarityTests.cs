using Microsoft.ML.Dcgan.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Evaluation;

[TestClass]
public sealed class MultiscaleSimilarityTests
{
    private DisposeScope _scope = null!;

    [TestInitialize]
    public void OpenScope() => _scope = NewDisposeScope();

    [TestCleanup]
    public void CloseScope() => _scope.Dispose();

    [TestMethod]
    [DataRow("small")]
    [DataRow("large")]
    public void It_is_SciPys(string set)
    {
        Tensor similarity = MsSsim.Between(Samples.Reference($"{set}.left") / 255.0, Samples.Reference($"{set}.right") / 255.0);
        Assert.IsTrue(similarity.allclose(Samples.Reference($"{set}.similarity").@double(), rtol: 1e-5), $"{similarity.data<double>()[0]}");
    }

    [TestMethod]
    public void A_picture_is_like_itself_and_not_like_its_negative()
    {
        Tensor pictures = Samples.Reference("small.left") / 255.0;
        Assert.IsTrue(MsSsim.Between(pictures, pictures).allclose(ones(4, dtype: float64), rtol: 1e-12));
        Assert.IsTrue(MsSsim.Between(pictures, 1 - pictures).allclose(zeros(4, dtype: float64)));
    }

    [TestMethod]
    public void Plain_pictures_differ_by_luminance_alone()
    {
        // (2ab + c) / (a² + b² + c), to the power of the last weight over the sum of the two that are used.
        Tensor left = full([1, 1, 24, 24], 0.2), right = full([1, 1, 24, 24], 0.8);
        double expected = System.Math.Pow((2 * 0.16 + 1e-4) / (0.04 + 0.64 + 1e-4), 0.2856 / (0.0448 + 0.2856));
        Assert.AreEqual(expected, MsSsim.Between(left.@double(), right.@double()).item<double>(), 1e-6);
    }

    [TestMethod]
    [DataRow(10, 200, 0)]
    [DataRow(11, 11, 1)]
    [DataRow(28, 28, 2)]
    [DataRow(64, 64, 3)]
    [DataRow(175, 175, 4)]
    [DataRow(176, 176, 5)]
    [DataRow(4096, 4096, 5)]
    public void As_many_scales_as_the_window_fits_in(int height, int width, int scales) =>
        Assert.AreEqual(scales, MsSsim.Scales(height, width));
}
