using System;
using System.Threading.Tasks;
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
    private Task<Tensor>? _ahead;

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
        _order = new ShuffledOrder(images.Count, seed, images.IsResident ? device : CPU, start);
    }

    /// <summary>The next minibatch, [size, channels, height, width] in [-1, 1], on the device.</summary>
    public Tensor Next()
    {
        using Tensor bytes = _images.IsResident ? Gather() : TakeAhead();
        return ImageBytes.Scaled(bytes, _device);
    }

    public void Dispose()
    {
        // What a failed reading ahead says matters no more.
        _ahead?.ContinueWith(read => read.IsCompletedSuccessfully ? read.Result : null, TaskScheduler.Default).Result?.Dispose();
        _order.Dispose();
    }

    private Tensor TakeAhead()
    {
        Tensor ready = (_ahead ?? Task.Run(Gather)).GetAwaiter().GetResult();
        _ahead = Task.Run(Gather);
        return ready;
    }

    private Tensor Gather()
    {
        using Tensor indices = _order.Next(_size);
        return _images.Gather(indices);
    }
}
