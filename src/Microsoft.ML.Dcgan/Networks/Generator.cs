namespace Microsoft.ML.Dcgan.Networks;

/// <summary>What <see cref="NetworkShape.WithLabels"/> gives, [n, noise], to images [n, channels, height, width] in [-1, 1], by
/// <see cref="Layers.Generator"/>.</summary>
internal sealed class Generator : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _main;

    public Generator(NetworkShape shape) : base(nameof(Generator))
    {
        _main = nn.Sequential(LayerModules.Create(Layers.Generator(shape)));
        register_module("main", _main);
    }

    public override Tensor forward(Tensor noise) => _main.call(noise.view(noise.shape[0], -1, 1, 1));

    /// <summary>A copy of a trained generator, to be disposed, to differentiate by its noise: its weights take no gradients, so that those
    /// of the original, which others may be using, take none either; and it computes in float32, whose gradients are smooth.</summary>
    public static Generator FrozenCopyOf(GanNetworks networks)
    {
        Generator copy = GanNetworks.Place(new Generator(networks.Shape), networks.Device, ScalarType.Float32);
        GanNetworks.Copy(networks.Generator, copy);
        copy.eval();
        GanNetworks.SetTrainable(copy, false);
        return copy;
    }
}

/// <summary>A trained generator as it is used: each batch normalisation, which by then is a scale and a shift of each feature map, is part
/// of the convolution before it, and weights are in the precision that they are used in. Later changes are not in it.</summary>
internal sealed class FoldedGenerator : IDisposable
{
    private readonly ScalarType _precision;
    private readonly List<(Convolution Convolution, Tensor Weight, Tensor? Bias)> _layers = [];

    public FoldedGenerator(GanNetworks networks)
    {
        using var scope = NewDisposeScope();
        (Shape, Device, _precision) = (networks.Shape, networks.Device, networks.Precision);
        IReadOnlyList<Layer> layers = Layers.Generator(Shape);
        Dictionary<string, Tensor> tensors = networks.Generator.state_dict();
        foreach ((Convolution convolution, Layer layer) in networks.Generator.modules().OfType<Convolution>()
            .Zip(layers.Where(layer => layer.Kind is LayerKind.ConvTranspose2d or LayerKind.UpsampleConv2d)))
        {
            (Tensor weight, Tensor? bias) = FoldedWeights.Of(layers, layer, tensors);
            _layers.Add((convolution, ChannelsLast.Of(weight.to(ScalarType.Float32)).to(_precision).DetachFromDisposeScope(),
                bias?.to(ScalarType.Float32).to(_precision).DetachFromDisposeScope()));
        }
    }

    public NetworkShape Shape { get; }

    public Device Device { get; }

    /// <summary>What <see cref="NetworkShape.WithLabels"/> gives, on its device, to images in [-1, 1].</summary>
    public Tensor Generate(Tensor noise)
    {
        using var scope = new NoGradScope();
        Tensor features = noise.view(noise.shape[0], -1, 1, 1).to(_precision);
        foreach ((Convolution convolution, Tensor weight, Tensor? bias) in _layers)
        {
            using Tensor input = features;
            features = convolution.Convolve(input, weight, bias);
            if (bias is not null)
                features.relu_();
        }
        return ImageActivation.ToImages(features).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach ((_, Tensor weight, Tensor? bias) in _layers)
        {
            weight.Dispose();
            bias?.Dispose();
        }
    }
}
