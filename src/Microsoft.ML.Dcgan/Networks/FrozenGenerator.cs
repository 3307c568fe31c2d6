using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Networks;

/// <summary>
/// A copy of a trained generator to differentiate by its noise: its weights take no gradients, so that those of the original,
/// which others may be using, take none either; and it computes in float32, whose gradients are smooth.
/// </summary>
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
