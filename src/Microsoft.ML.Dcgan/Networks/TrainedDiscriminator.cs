using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Networks;

/// <summary>
/// A discriminator by itself, in evaluation mode: batch normalisation takes the statistics of training, so that an image is
/// judged alike in any company. Whoever makes it owns its tensors and disposes them here.
/// </summary>
internal sealed class TrainedDiscriminator : IDisposable
{
    /// <param name="shape">What decides its layers.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="precision">What its convolutions compute in: Float32 or BFloat16.</param>
    public TrainedDiscriminator(NetworkShape shape, Device device, ScalarType precision)
    {
        Shape = shape;
        Device = device;
        Network = new Discriminator(shape);
        GanNetworks.Place(Network, device, precision);
        Network.eval();
    }

    public NetworkShape Shape { get; }

    public Device Device { get; }

    public Discriminator Network { get; }

    public static TrainedDiscriminator CopyOf(GanNetworks networks)
    {
        var copy = new TrainedDiscriminator(networks.Shape, networks.Device, networks.Precision);
        GanNetworks.Copy(networks.Discriminator, copy.Network);
        return copy;
    }

    public void Dispose() => Network.Dispose();
}
