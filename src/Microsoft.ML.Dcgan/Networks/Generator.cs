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
