using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Endless shuffled minibatches. Those that come from a disk are read while the one before trains.</summary>
internal sealed class Minibatches : IDisposable
{
    private readonly TrainingImages _images;
    private readonly long _size;
    private readonly Device _device;
    private readonly ShuffledOrder _order;
    private readonly Tensor? _labels;
    private Task<(Tensor Indices, Tensor Bytes)>? _ahead;

    /// <param name="images">Where they come from.</param>
    /// <param name="size">Images in each.</param>
    /// <param name="seed">The training's.</param>
    /// <param name="device">Where they are wanted.</param>
    /// <param name="start">How many images came before.</param>
    public Minibatches(TrainingImages images, long size, int seed, Device device, long start = 0)
    {
        _images = images;
        _size = size;
        _device = device;
        Device home = images.IsResident ? device : CPU;
        _order = new ShuffledOrder(images.Count, seed, home, start);
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
            return new Minibatch(ImageBytes.Scaled(bytes, _device), labels?.to(_device));
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
