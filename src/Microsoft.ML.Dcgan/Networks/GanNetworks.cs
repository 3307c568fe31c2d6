namespace Microsoft.ML.Dcgan.Networks;

/// <summary>A generator and its discriminator on one device. Whoever makes it owns their tensors and disposes them here.</summary>
internal sealed class GanNetworks : IDisposable
{
    /// <param name="shape">What decides their layers.</param>
    /// <param name="device">Where they run.</param>
    /// <param name="precision">What their convolutions compute in: Float32 or BFloat16.</param>
    public GanNetworks(NetworkShape shape, Device device, ScalarType precision = ScalarType.Float32)
    {
        Shape = shape;
        Device = device;
        Precision = precision;
        Generator = new Generator(shape);
        Discriminator = new Discriminator(shape);
        Place(Generator, device, precision);
        Place(Discriminator, device, precision);
    }

    public NetworkShape Shape { get; }

    public Device Device { get; }

    public ScalarType Precision { get; }

    public Generator Generator { get; }

    public Discriminator Discriminator { get; }

    public void Initialize(torch.Generator random)
    {
        WeightInitialization.Apply(Generator, random);
        WeightInitialization.Apply(Discriminator, random);
    }

    /// <summary>Takes over the weights and statistics of networks of the same shape.</summary>
    public void CopyFrom(GanNetworks other)
    {
        Copy(other.Generator, Generator);
        Copy(other.Discriminator, Discriminator);
    }

    /// <summary>Gives a network the weights and statistics of another one of the same layers.</summary>
    public static void Copy(nn.Module source, nn.Module target)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Dictionary<string, Tensor> tensors = source.state_dict();
        foreach ((string name, Tensor tensor) in target.state_dict())
            tensor.copy_(tensors[name]);
    }

    /// <summary>Moves a new network to where it is to run, and sets what it computes in.</summary>
    public static void Place(nn.Module network, Device device, ScalarType precision)
    {
        network.to(device);
        foreach (Convolution convolution in network.modules().OfType<Convolution>())
            convolution.Precision = precision;
        // The caller may have a dispose scope open, which must not take a trained model's weights with it.
        foreach (Tensor tensor in network.parameters().Concat(network.buffers()))
            tensor.DetachFromDisposeScope();
    }

    public void Dispose()
    {
        Generator.Dispose();
        Discriminator.Dispose();
    }
}

/// <summary>Who disposes what somebody else is to own.</summary>
internal static class Ownership
{
    /// <summary>What is made of something that must be disposed; where that fails, it is.</summary>
    public static TResult HandOver<T, TResult>(T owned, Func<T, TResult> use) where T : IDisposable
    {
        try
        {
            return use(owned);
        }
        catch
        {
            owned.Dispose();
            throw;
        }
    }
}
