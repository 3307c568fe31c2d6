using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Networks;

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
