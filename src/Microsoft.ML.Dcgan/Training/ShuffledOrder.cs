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
    private readonly TrainingRandom _random;
    private readonly Device _device;
    private Tensor _permutation;
    private long _epoch;
    private long _position;

    /// <param name="count">How many images there are.</param>
    /// <param name="seed">The training's.</param>
    /// <param name="device">Where the indices are wanted.</param>
    /// <param name="start">How many images came before, in all epochs together.</param>
    public ShuffledOrder(long count, int seed, Device device, long start = 0)
    {
        _count = count;
        _random = new TrainingRandom(seed);
        _device = device;
        (_epoch, _position) = Math.DivRem(start, count);
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
        _epoch++;
        Tensor next = Permute();
        Tensor minibatch = cat(new[] { remainder, next.narrow(0, 0, size - left) }, 0);
        _permutation.Dispose();
        _permutation = next;
        _position = size - left;
        return minibatch.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _permutation.Dispose();
        _random.Dispose();
    }

    private Tensor Permute()
    {
        using var scope = NewDisposeScope();
        return randperm(_count, ScalarType.Int64, generator: _random.At(RandomPurpose.Order, _epoch)).to(_device).DetachFromDisposeScope();
    }
}
