using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Endless shuffled minibatches of <paramref name="size"/> images, the first of them after <paramref name="start"/> images. Those
/// that come from a disk are read while the one before trains.</summary>
internal sealed class DataLoader(Dataset images, long size, int seed, Device device, long start = 0) : IDisposable
{
    private readonly InfiniteSampler _order = new(images.Count, seed, images.IsResident ? device : CPU, start);
    private readonly Tensor? _labels =
        images.Labels is { } labels ? tensor(labels.ToArray(), device: images.IsResident ? device : CPU).DetachFromDisposeScope() : null;
    private Task<(Tensor Bytes, Tensor? Labels)>? _ahead;

    /// <summary>The next minibatch, on the device.</summary>
    public Minibatch Next()
    {
        (Tensor bytes, Tensor? labels) = images.IsResident ? Gather() : (_ahead ?? Task.Run(Gather)).GetAwaiter().GetResult();
        if (!images.IsResident)
            _ahead = Task.Run(Gather);
        using (bytes)
        using (labels)
            return new Minibatch(ImageBytes.Normalize(bytes, device), labels?.to(device));
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
        return (images.Gather(indices), _labels?.index_select(0, indices));
    }
}

/// <summary>Images that are trained on together.</summary>
/// <param name="Images">[n, channels, height, width] in [-1, 1].</param>
/// <param name="Labels">Their classes, Int64 [n], from 0; null where they have none.</param>
internal readonly record struct Minibatch(Tensor Images, Tensor? Labels);

/// <summary>An endless order of the training images: each epoch a new permutation, one after the other. A minibatch is always full: what an
/// epoch leaves over opens the next one's first minibatch, so that every image is trained on equally often and none in a short batch, whose
/// statistics are poor.</summary>
internal sealed class InfiniteSampler : IDisposable
{
    private readonly long _count;
    private readonly SeededRandom _random;
    private readonly Device _device;
    private Tensor _permutation;
    private long _epoch;
    private long _position;

    /// <summary>Of <paramref name="count"/> images; <paramref name="start"/> of them, in all epochs together, are behind.</summary>
    public InfiniteSampler(long count, int seed, Device device, long start = 0)
    {
        _count = count;
        _random = new SeededRandom(seed);
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
