using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Networks;

/// <summary>
/// From images to larger ones: pixels are repeated, and a convolution that keeps the size follows. Every pixel is made of as
/// many products as any other, so there are no checkerboards (Odena, Dumoulin and Olah 2016).
/// </summary>
/// <param name="inputMaps">Feature maps before.</param>
/// <param name="outputMaps">Feature maps after.</param>
/// <param name="size">Of the larger images.</param>
/// <param name="kernel">The kernel's side, odd.</param>
internal sealed class ResizeConvolution(long inputMaps, long outputMaps, (int Height, int Width) size, int kernel)
    : Convolution(nameof(ResizeConvolution), [outputMaps, inputMaps, kernel, kernel])
{
    protected override Tensor Convolve(Tensor input, Tensor weight)
    {
        using Tensor repeated = nn.functional.interpolate(input, [size.Height, size.Width], mode: InterpolationMode.Nearest);
        return nn.functional.conv2d(repeated, weight, strides: [1, 1], padding: [kernel / 2, kernel / 2]);
    }
}
