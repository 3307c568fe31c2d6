using TorchSharp.Modules;

namespace Microsoft.ML.Dcgan.Networks;

/// <summary>A generator and its discriminator on one device, whose convolutions compute in <paramref name="precision"/>, Float32 or
/// BFloat16. Whoever makes it owns their tensors and disposes them here.</summary>
internal sealed class GanNetworks(NetworkShape shape, Device device, ScalarType precision = ScalarType.Float32) : IDisposable
{
    public NetworkShape Shape { get; } = shape;

    public Device Device { get; } = device;

    public ScalarType Precision { get; } = precision;

    public Generator Generator { get; } = Place(new Generator(shape), device, precision);

    public Discriminator Discriminator { get; } = Place(new Discriminator(shape), device, precision);

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
        using var scope = new NoGradScope();
        Dictionary<string, Tensor> tensors = source.state_dict();
        foreach ((string name, Tensor tensor) in target.state_dict())
            tensor.copy_(tensors[name]);
    }

    public static void SetTrainable(nn.Module network, bool trainable)
    {
        foreach (Parameter weight in network.parameters())
            weight.requires_grad = trainable;
    }

    /// <summary>A new network, moved to where it is to run and set to what it computes in.</summary>
    public static T Place<T>(T network, Device device, ScalarType precision) where T : nn.Module
    {
        network.to(device);
        foreach (Convolution convolution in network.modules().OfType<Convolution>())
            convolution.Precision = precision;
        // The caller may have a dispose scope open, which must not take a trained model's weights with it.
        foreach (Tensor tensor in network.parameters().Concat(network.buffers()))
            tensor.DetachFromDisposeScope();
        return network;
    }

    public void Dispose()
    {
        Generator.Dispose();
        Discriminator.Dispose();
    }
}

/// <summary>Convolutions from N(0, 0.02) (Radford, Metz and Chintala 2015, section 4), but where nothing normalises what they make of that;
/// batch normalisation's scale from N(1, 0.02) and its shift 0, as the authors' code has it.</summary>
internal static class WeightInitialization
{
    public const double StandardDeviation = 0.02;

    public static void Apply(nn.Module network, torch.Generator random)
    {
        using var scope = new NoGradScope();
        foreach (nn.Module layer in network.modules())
        {
            switch (layer)
            {
                case Convolution convolution:
                    Draw(convolution.Weight, 0, convolution.InitialDeviation, random);
                    (convolution as SpectralConvolution)?.Start(random);
                    break;
                case BatchNormalization normalization:
                    Draw(normalization.Weight, 1, StandardDeviation, random);
                    normalization.Bias.zero_();
                    break;
            }
        }
    }

    /// <summary>The standard deviation that keeps the size of signals from layer to layer without normalisation (He et al. 2015, equation
    /// 15, for a leaky rectifier).</summary>
    public static double Preserving(double inputs, double leak) => Math.Sqrt(2 / ((1 + leak * leak) * inputs));

    // Not nn.init.normal_, which takes a generator but draws from the global one.
    private static void Draw(Tensor weight, double mean, double deviation, torch.Generator random) =>
        weight.copy_((randn(weight.shape, weight.dtype, generator: random) * Number(deviation)).Plus(mean));
}

/// <summary>While it lasts nothing is remembered for gradients, and what is made and not moved out is disposed with it.</summary>
internal sealed class NoGradScope : IDisposable
{
    private readonly DisposeScope _tensors = NewDisposeScope();
    private readonly IDisposable _gradients = no_grad();

    public void Dispose()
    {
        _gradients.Dispose();
        _tensors.Dispose();
    }
}

/// <summary>Who disposes what somebody else is to own.</summary>
internal static class Ownership
{
    /// <summary>What is made of something that must be disposed; where that fails, it is.</summary>
    public static TResult HandOver<T, TResult>(T owned, Func<T, TResult> use) where T : IDisposable?
    {
        try
        {
            return use(owned);
        }
        catch
        {
            owned?.Dispose();
            throw;
        }
    }
}
