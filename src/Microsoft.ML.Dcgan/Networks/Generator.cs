using TorchSharp.Modules;

namespace Microsoft.ML.Dcgan.Networks;

/// <summary>Noise [n, noise] to images [n, channels, height, width] in [-1, 1], by <see cref="Layers.Generator"/>. With classes, the noise
/// comes with its <see cref="ClassLabels"/>.</summary>
internal sealed class Generator : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _main;

    public Generator(NetworkShape shape) : base(nameof(Generator))
    {
        _main = nn.Sequential(LayerModules.Create(Layers.Generator(shape)));
        register_module("main", _main);
    }

    public override Tensor forward(Tensor noise) => _main.call(noise.view(noise.shape[0], -1, 1, 1));
}

/// <summary>A copy of a trained generator to differentiate by its noise: its weights take no gradients, so that those of the original,
/// which others may be using, take none either; and it computes in float32, whose gradients are smooth.</summary>
internal sealed class FrozenGenerator : IDisposable
{
    private readonly Generator _generator;
    private readonly int _classes;

    public FrozenGenerator(GanNetworks networks)
    {
        _classes = networks.Shape.Classes;
        _generator = new Generator(networks.Shape);
        GanNetworks.Place(_generator, networks.Device, ScalarType.Float32);
        GanNetworks.Copy(networks.Generator, _generator);
        _generator.eval();
        foreach (Parameter weight in _generator.parameters())
            weight.requires_grad = false;
    }

    /// <param name="noise">[n, noise].</param>
    /// <param name="labels">Int64 [n], from 0, where there are classes.</param>
    /// <returns>Images [n, channels, height, width] in [-1, 1].</returns>
    public Tensor Generate(Tensor noise, Tensor? labels) => _generator.call(ClassLabels.Append(noise, labels, _classes));

    public void Dispose() => _generator.Dispose();
}

/// <summary>How a generator is told which class to make an image of (Mirza and Osindero 2014, section 3.2).</summary>
internal static class ClassLabels
{
    /// <summary>What a generator takes: noise [n, noise] and behind it, one-hot, labels [n] of Int64, 0 to <paramref name="classes"/> - 1.
    /// Where there are no classes it is the noise itself.</summary>
    public static Tensor Append(Tensor noise, Tensor? labels, int classes)
    {
        if (classes == 0 || labels is null)
            return noise;
        using Tensor places = nn.functional.one_hot(labels, classes);
        using Tensor oneHot = places.to(noise.dtype, noise.device);
        return cat([noise, oneHot], 1);
    }
}
