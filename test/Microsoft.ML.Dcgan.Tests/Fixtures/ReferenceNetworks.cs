using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests;

/// <summary>The networks that PyTorch trained, and its numbers: see test/python/make_reference.py.</summary>
internal static class ReferenceNetworks
{
    private static readonly NetworkShape _shape = new(64, 64, 3, 8, 4, 4, 4);

    /// <summary>The pictures trained on, in [-1, 1].</summary>
    public static Tensor Images() =>
        tensor(SafetensorsFile.Reference.Bytes("images"), SafetensorsFile.Reference.Shape("images")).to(ScalarType.Float32) / 127.5f - 1;

    /// <summary>The networks at a moment: initial, first or last.</summary>
    public static GanNetworks Load(string moment)
    {
        var networks = new GanNetworks(_shape, CPU);
        using var gradients = no_grad();
        foreach ((string letter, nn.Module network) in new (string, nn.Module)[] { ("G", networks.Generator),
            ("D", networks.Discriminator) })
        {
            foreach ((string name, Tensor weight) in network.state_dict())
            {
                string reference = $"{moment}.{letter}.{name}";
                weight.copy_(weight.dtype == ScalarType.Int64 ? tensor(SafetensorsFile.Reference.Longs(reference)[0])
                    : Reference(reference));
            }
        }
        return networks;
    }

    public static Tensor Reference(string name) => tensor(SafetensorsFile.Reference.Floats(name), SafetensorsFile.Reference.Shape(name));
}
