using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Networks;

[TestClass]
public sealed class UpsamplingTests
{
    [TestMethod]
    [DataRow(4, 5, 8, 10, 3)]
    [DataRow(4, 5, 7, 9, 3)]
    [DataRow(4, 5, 8, 9, 5)]
    public void Repeats_pixels_and_then_convolves(int height, int width, int largerHeight, int largerWidth, int kernel)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var random = new torch.Generator(1, CPU);
        using var convolution = new ResizeConvolution(
            2, 3, (largerHeight, largerWidth), new Resampling(AxisResampling.Keeping(kernel), AxisResampling.Keeping(kernel)));
        convolution.Weight.copy_(randn(convolution.Weight.shape, generator: random));
        Tensor input = randn([2, 2, height, width], generator: random);

        // Doubled, and an odd size has the last repetition less.
        Tensor repeated = input.repeat_interleave(2, 2).repeat_interleave(2, 3).narrow(2, 0, largerHeight).narrow(3, 0, largerWidth);
        Tensor expected = nn.functional.conv2d(repeated, convolution.Weight, strides: [1, 1], padding: [kernel / 2, kernel / 2]);

        Tensor actual = convolution.call(ChannelsLast.Of(input));
        CollectionAssert.AreEqual(new long[] { 2, 3, largerHeight, largerWidth }, actual.shape);
        Assert.AreEqual(0, (expected - actual).abs().max().item<float>(), 1e-5);
    }

    [TestMethod]
    [DataRow(16, 4)]
    [DataRow(17, 4)]
    [DataRow(16, 5)]
    [DataRow(17, 5)]
    public void Of_an_even_picture_it_makes_an_even_picture_but_for_the_border(int larger, int kernel)
    {
        using var random = new torch.Generator(1, CPU);
        var shape = new NetworkShape(larger, larger, 1, 5, 4, 4, kernel) { Upsampling = DcganUpsampling.ResizeConvolution };
        using var resizing = new ResizeConvolution(3, 2, shape.Resolutions[0], shape.ResizeSampling);
        Assert.AreEqual(0, Unevenness(resizing, larger, random), 1e-5);

        // A transposed convolution does not, whatever its kernel.
        using var transposed = new UpConvolution(3, 2, shape.ResamplingAt(0));
        Assert.IsTrue(Unevenness(transposed, larger, random) > 0.1);
    }

    // Odena, Dumoulin and Olah 2016: where the stride divides the kernel, each pixel is painted equally often.
    [TestMethod]
    [DataRow(4, true)]
    [DataRow(5, false)]
    public void A_transposed_convolution_covers_evenly_where_the_stride_divides_the_kernel(int kernel, bool even)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var transposed = new UpConvolution(1, 1, new NetworkShape(16, 16, 1, 5, 4, 4, kernel).ResamplingAt(0));
        transposed.Weight.fill_(1);

        Tensor inner = transposed.call(ones(1, 1, 8, 8)).narrow(2, 4, 8).narrow(3, 4, 8);

        Assert.AreEqual(even, (inner.max() - inner.min()).item<float>() == 0);
    }

    private static double Unevenness(Convolution convolution, int larger, torch.Generator random)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        convolution.Weight.copy_(randn(convolution.Weight.shape, generator: random));
        Tensor inner = convolution.call(ones(1, 3, (larger + 1) / 2, (larger + 1) / 2)).narrow(2, 4, larger - 8).narrow(3, 4, larger - 8);
        return (inner.amax(2, 3) - inner.amin(2, 3)).max().item<float>();
    }
}
