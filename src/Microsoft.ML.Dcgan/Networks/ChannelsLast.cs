namespace Microsoft.ML.Dcgan.Networks;

/// <summary>The memory layout in which a pixel's channels lie together. libtorch picks its kernels by strides, and those of this layout are
/// spared the reordering that convolutions do of any other.</summary>
internal static class ChannelsLast
{
    /// <summary>A copy of [n, channels, height, width] in this layout. (TorchSharp has no memory formats: strides are all.)</summary>
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

/// <summary>From images as they are kept, bytes [n, height, width, channels], to images as networks take them, and back.</summary>
internal static class ImageBytes
{
    /// <summary>Numbers in [-1, 1] on a device, [n, channels, height, width] channels last: a view, so nothing is moved.</summary>
    public static Tensor Normalize(Tensor bytes, Device device)
    {
        using var scope = NewDisposeScope();
        return bytes.to(device).to(ScalarType.Float32).div_(127.5f).sub_(1f).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>The nearest bytes to numbers in [-1, 1], [n, channels, height, width], which it overwrites; on their device.</summary>
    public static Tensor Quantize(Tensor images)
    {
        using var scope = NewDisposeScope();
        return images.mul_(127.5).add_(128).to(ScalarType.Byte).permute(0, 2, 3, 1).contiguous().MoveToOuterDisposeScope();
    }
}
