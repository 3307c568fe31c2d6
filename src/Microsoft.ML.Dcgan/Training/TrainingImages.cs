using System;
using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>The training set as bytes, [n, channels, height, width], on the training device.</summary>
internal sealed class TrainingImages : IDisposable
{
    private readonly Tensor _pixels;

    /// <param name="pixels">Bytes on any device; they stay the caller's.</param>
    /// <param name="device">Where the minibatches are wanted.</param>
    public TrainingImages(Tensor pixels, Device device)
    {
        using var scope = NewDisposeScope();
        _pixels = pixels.to(device).alias().DetachFromDisposeScope();
        Count = pixels.shape[0];
    }

    public long Count { get; }

    /// <summary>The images of these indices, in [-1, 1].</summary>
    public Tensor Minibatch(Tensor indices)
    {
        using var scope = NewDisposeScope();
        Tensor bytes = ChannelsLast.Of(_pixels.index_select(0, indices));
        return bytes.to(ScalarType.Float32).div_(127.5f).sub_(1f).MoveToOuterDisposeScope();
    }

    public void Dispose() => _pixels.Dispose();
}
