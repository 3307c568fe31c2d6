using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Endless shuffled minibatches of <paramref name="size"/> images, the first of them after <paramref name="start"/> images. Those
/// that come from a disk are read while the one before trains.</summary>
internal sealed class DataLoader(Dataset images, long size, int seed, Device device, long start = 0, MinibatchShare share = default)
    : IDisposable
{
    private readonly InfiniteSampler _order = new(images.Count, seed, images.IsResident ? device : CPU, start);
    private readonly Tensor? _labels =
        images.Labels is { } labels ? tensor(labels.ToArray(), device: images.IsResident ? device : CPU).DetachFromDisposeScope() : null;
    private Task<(Tensor Bytes, Tensor? Labels)>? _ahead;

    /// <summary>The next minibatch, or the share of it that is wanted, on the device: images [n, channels, height, width] in [-1, 1] and,
    /// where they have some, their labels, Int64 [n], from 0.</summary>
    public (Tensor Images, Tensor? Labels) Next()
    {
        (Tensor bytes, Tensor? labels) = images.IsResident ? Gather() : (_ahead ?? Task.Run(Gather)).GetAwaiter().GetResult();
        if (!images.IsResident)
            _ahead = Task.Run(Gather);
        using (bytes)
        using (labels)
            return (ImageBytes.Normalize(bytes, device), labels?.to(device));
    }

    public void Dispose()
    {
        // What a failed reading ahead says matters no more.
        if (_ahead?.ContinueWith(read => read.IsCompletedSuccessfully ? read.Result : default, TaskScheduler.Default).Result is { } ahead)
        {
            ahead.Bytes?.Dispose();
            ahead.Labels?.Dispose();
        }
        _order.Dispose();
        _labels?.Dispose();
    }

    private (Tensor Bytes, Tensor? Labels) Gather()
    {
        using Tensor indices = _order.Next(size);
        using Tensor own = share.Of(indices);
        return (images.Gather(indices, share), _labels?.index_select(0, own));
    }
}

/// <summary>An endless order of <paramref name="count"/> training images, of which <paramref name="start"/> are behind: each epoch a new
/// permutation, one after the other. A minibatch is always full: what an epoch leaves over opens the next one's first minibatch, so that
/// every image is trained on equally often and none in a short batch, whose statistics are poor.</summary>
internal sealed class InfiniteSampler(long count, int seed, Device device, long start = 0) : IDisposable
{
    private readonly SeededRandom _random = new(seed);
    private long _behind = start;
    private (long Epoch, Tensor? Order) _permutation = (-1, null);

    /// <summary>The indices of the next <paramref name="size"/> images, at most as many as there are.</summary>
    public Tensor Next(long size)
    {
        using var scope = NewDisposeScope();
        (long epoch, long position) = Math.DivRem(_behind, count);
        long left = Math.Min(size, count - position);
        Tensor minibatch = Permutation(epoch).narrow(0, position, left);
        if (left < size)
            minibatch = cat([minibatch, Permutation(epoch + 1).narrow(0, 0, size - left)], 0);
        _behind += size;
        return minibatch.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _permutation.Order?.Dispose();
        _random.Dispose();
    }

    private Tensor Permutation(long epoch)
    {
        if (_permutation.Order is not { } order || _permutation.Epoch != epoch)
        {
            using var scope = NewDisposeScope();
            _permutation.Order?.Dispose();
            order = randperm(count, ScalarType.Int64, generator: _random.At(RandomPurpose.Order, epoch)).to(device);
            order.DetachFromDisposeScope();
            _permutation = (epoch, order);
        }
        return order;
    }
}
