using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Networks;

/// <summary>Whatever form a convolution is computed in, it is libtorch's.</summary>
[TestClass]
public sealed class ConvolutionFormsTests
{
    private const double Tolerance = 1e-11;

    [TestMethod]
    [DataRow(12, 8, 4)]
    [DataRow(13, 9, 4)]
    [DataRow(12, 9, 5)]
    [DataRow(13, 8, 5)]
    public void From_an_image_down(int height, int width, int kernel)
    {
        using var scope = NewDisposeScope();
        Resampling sampling = new(AxisResampling.Halving(height, kernel), AxisResampling.Halving(width, kernel));
        Tensor input = Random(4, 3, height, width), weight = Random(5, 3, sampling.Kernel), bias = Random(5);
        Tensor expected = nn.functional.conv2d(input, weight, bias, strides: sampling.Stride, padding: sampling.Padding);

        AssertEqual(expected, ConvolutionForms.BlocksDown(input, weight, bias, sampling));
        Tensor gradient = Random(expected.shape);
        AssertEqual(autograd.grad([expected], [weight], [gradient])[0],
            ConvolutionForms.WeightGradient(gradient, input, sampling));
    }

    [TestMethod]
    [DataRow(12, 8, 4)]
    [DataRow(13, 9, 4)]
    [DataRow(12, 9, 5)]
    [DataRow(13, 8, 5)]
    public void Up_to_an_image(int height, int width, int kernel)
    {
        using var scope = NewDisposeScope();
        Resampling sampling = new(AxisResampling.Halving(height, kernel), AxisResampling.Halving(width, kernel));
        Tensor input = Random(4, 5, (height + 1) / 2, (width + 1) / 2), weight = Random(5, 3, sampling.Kernel), bias = Random(3);
        Tensor expected = nn.functional.conv_transpose2d(input, weight, bias, strides: sampling.Stride, padding: sampling.Padding,
            output_padding: sampling.OutputPadding);
        CollectionAssert.AreEqual(new long[] { 4, 3, height, width }, expected.shape);

        AssertEqual(expected, ConvolutionForms.BlocksUp(input, weight, bias, sampling));
        Tensor gradient = Random(expected.shape);
        AssertEqual(autograd.grad([expected], [weight], [gradient])[0],
            ConvolutionForms.WeightGradient(input, gradient, sampling));
    }

    [TestMethod]
    public void Between_an_image_and_a_single_pixel()
    {
        using var scope = NewDisposeScope();
        Resampling sampling = new(AxisResampling.Whole(4), AxisResampling.Whole(3));
        Tensor image = Random(6, 5, 4, 3), pixel = Random(6, 2, 1, 1), down = Random(2, 5, 4, 3), up = Random(2, 5, 4, 3);
        Tensor two = Random(2), five = Random(5);

        AssertEqual(nn.functional.conv2d(image, down, two), ConvolutionForms.WholeDown(image, down, two));
        Tensor expected = nn.functional.conv_transpose2d(pixel, up, five);
        AssertEqual(expected, ConvolutionForms.WholeUp(pixel, up, five));
        AssertEqual(autograd.grad([expected], [up], [image])[0], ConvolutionForms.WeightGradient(pixel, image, sampling));
    }

    [TestMethod]
    public void Images_whose_windows_do_not_fit_into_the_cache_go_part_by_part()
    {
        using var scope = NewDisposeScope();
        Resampling sampling = new(AxisResampling.Halving(64, 4), AxisResampling.Halving(64, 4));
        Tensor input = Random(3, 64, 64, 64), weight = Random(2, 64, sampling.Kernel), gradient = Random(3, 2, 32, 32);
        Tensor output = nn.functional.conv2d(input, weight, strides: sampling.Stride, padding: sampling.Padding);
        AssertEqual(autograd.grad([output], [weight], [gradient])[0], ConvolutionForms.WeightGradient(gradient, input, sampling));
    }

    private static void AssertEqual(Tensor expected, Tensor actual)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        Assert.AreEqual(0, ((expected - actual).abs().max() / expected.abs().max()).item<double>(), Tolerance);
    }

    private static Tensor Random(long first, long second, long[] rest) => Random([first, second, .. rest]);

    private static Tensor Random(params long[] sizes)
    {
        using var random = new torch.Generator((ulong)sizes.Sum(), CPU);
        return randn(sizes, ScalarType.Float64, generator: random).requires_grad_();
    }
}
