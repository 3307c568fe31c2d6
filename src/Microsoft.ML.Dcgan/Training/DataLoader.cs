using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Endless shuffled minibatches. Those that come from a disk are read while the one before trains.</summary>
internal sealed class DataLoader : IDisposable
{
    private readonly Dataset _images;
    private readonly long _size;
    private readonly Device _device;
    private readonly InfiniteSampler _order;
    private readonly Tensor? _labels;
    private Task<(Tensor Indices, Tensor Bytes)>? _ahead;

    /// <param name="images">Where they come from.</param>
    /// <param name="size">Images in each.</param>
    /// <param name="seed">The training's.</param>
    /// <param name="device">Where they are wanted.</param>
    /// <param name="start">How many images came before.</param>
    public DataLoader(Dataset images, long size, int seed, Device device, long start = 0)
    {
        _images = images;
        _size = size;
        _device = device;
        Device home = images.IsResident ? device : CPU;
        _order = new InfiniteSampler(images.Count, seed, home, start);
        _labels = images.Labels is { } labels ? tensor(labels.ToArray(), device: home).DetachFromDisposeScope() : null;
    }

    /// <summary>The next minibatch, on the device.</summary>
    public Minibatch Next()
    {
        (Tensor indices, Tensor bytes) = _images.IsResident ? Gather() : TakeAhead();
        using (indices)
        using (bytes)
        {
            using Tensor? labels = _labels?.index_select(0, indices);
            return new Minibatch(ImageBytes.Normalize(bytes, _device), labels?.to(_device));
        }
    }

    public void Dispose()
    {
        // What a failed reading ahead says matters no more.
        _ahead?.ContinueWith(read => DisposeIfRead(read), TaskScheduler.Default).Wait();
        _order.Dispose();
        _labels?.Dispose();
    }

    private static void DisposeIfRead(Task<(Tensor Indices, Tensor Bytes)> read)
    {
        if (read.IsCompletedSuccessfully)
        {
            read.Result.Indices.Dispose();
            read.Result.Bytes.Dispose();
        }
    }

    private (Tensor Indices, Tensor Bytes) TakeAhead()
    {
        (Tensor, Tensor) ready = (_ahead ?? Task.Run(Gather)).GetAwaiter().GetResult();
        _ahead = Task.Run(Gather);
        return ready;
    }

    private (Tensor Indices, Tensor Bytes) Gather()
    {
        Tensor indices = _order.Next(_size);
        try
        {
            return (indices, _images.Gather(indices));
        }
        catch
        {
            indices.Dispose();
            throw;
        }
    }
}

/// <summary>Images that are trained on together.</summary>
/// <param name="Images">[n, channels, height, width] in [-1, 1].</param>
/// <param name="Labels">Their classes, Int64 [n], from 0; null where they have none.</param>
internal readonly record struct Minibatch(Tensor Images, Tensor? Labels);

/// <summary>
/// An endless order of the training images: each epoch a new permutation, one after the other. A minibatch is always
/// full: what an epoch leaves over opens the next one's first minibatch, so that every image is seen equally often and
/// none trains in a short batch, whose statistics are poor.
/// </summary>
internal sealed class InfiniteSampler : IDisposable
{
    private readonly long _count;
    private readonly SeededRandom _random;
    private readonly Device _device;
    private Tensor _permutation;
    private long _epoch;
    private long _position;

    /// <param name="count">How many images there are.</param>
    /// <param name="seed">The training's.</param>
    /// <param name="device">Where the indices are wanted.</param>
    /// <param name="start">How many images came before, in all epochs together.</param>
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
