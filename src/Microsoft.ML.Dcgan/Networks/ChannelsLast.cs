using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Networks;

/// <summary>
/// The memory layout in which a pixel's channels lie together. libtorch picks its kernels by strides, and those of this
/// layout are spared the reordering that convolutions do of any other.
/// </summary>
internal static class ChannelsLast
{
    /// <summary>The same four-dimensional tensor in this layout. (TorchSharp has no memory formats, but the strides are all there is to them.)</summary>
    public static Tensor Of(Tensor tensor)
    {
        using Tensor pixels = tensor.permute(0, 2, 3, 1);
        using Tensor packed = pixels.contiguous();

        // Not permute: with a single channel the strides of the old layout serve as well, and libtorch would take it for that.
        long[] sizes = tensor.shape;
        long channels = sizes[1], row = channels * sizes[3], image = row * sizes[2];
        return packed.as_strided(sizes, [image, 1, row, channels]);
    }
}

/// <summary>From images as they are kept to images as networks take them.</summary>
internal static class ImageBytes
{
    /// <summary>Bytes [n, channels, height, width] to numbers in [-1, 1], on a device, channels last.</summary>
    public static Tensor Scaled(Tensor bytes, Device device)
    {
        using var scope = NewDisposeScope();
        Tensor pixels = ChannelsLast.Of(bytes.to(device));
        return pixels.to(ScalarType.Float32).div_(127.5f).sub_(1f).MoveToOuterDisposeScope();
    }
}
