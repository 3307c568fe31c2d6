using System;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// An endless order of the training images: each epoch a new permutation, one after the other. A minibatch is always
/// full: what an epoch leaves over opens the next one's first minibatch, so that every image is seen equally often and
/// none trains in a short batch, whose statistics are poor.
/// </summary>
internal sealed class ShuffledOrder : IDisposable
{
    private readonly long _count;
    private readonly torch.Generator _random;
    private readonly Device _device;
    private Tensor _permutation;
    private long _position;

    public ShuffledOrder(long count, torch.Generator random, Device device)
    {
        _count = count;
        _random = random;
        _device = device;
        _permutation = Permute();
    }

    /// <summary>The indices of the next <paramref name="size"/> images, at most as many as there are.</summary>
    public Tensor Next(long size)
    {
        long left = _count - _position;
        if (size <= left)
        {
            _position += size;
            return _permutation.narrow(0, _position - size, size);
        }

        using var scope = NewDisposeScope();
        Tensor remainder = _permutation.narrow(0, _position, left);
        Tensor next = Permute();
        Tensor minibatch = cat(new[] { remainder, next.narrow(0, 0, size - left) }, 0);
        _permutation.Dispose();
        _permutation = next;
        _position = size - left;
        return minibatch.MoveToOuterDisposeScope();
    }

    public void Dispose() => _permutation.Dispose();

    private Tensor Permute()
    {
        using var scope = NewDisposeScope();
        return randperm(_count, ScalarType.Int64, generator: _random).to(_device).DetachFromDisposeScope();
    }
}
