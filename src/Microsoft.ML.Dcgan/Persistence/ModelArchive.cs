using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML.Dcgan.Bridge;
using Microsoft.ML.Dcgan.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Persistence;

/// <summary>The parts of a saved model, each an entry of ML.NET's model zip: a JSON, and the weights of both networks.</summary>
internal static class ModelArchive
{
    public const string DescriptionName = "dcgan.json";
    public const string GeneratorName = "generator.safetensors";
    public const string DiscriminatorName = "discriminator.safetensors";

    public static void Save(ModelSaveContext context, GanNetworks networks, ModelDescription description) =>
        ModelBridge.Save(context,
        [
            (DescriptionName, description.Write),
            (GeneratorName, stream => Write(stream, networks.Generator)),
            (DiscriminatorName, stream => Write(stream, networks.Discriminator)),
        ]);

    /// <param name="read">Calls the action with the named part, or returns false where there is none.</param>
    /// <param name="device">Where the networks are to run.</param>
    /// <param name="precise">What they are to compute in, from what the model asks for.</param>
    /// <exception cref="FormatException">A part is missing, damaged, newer than this library, or does not fit the others.</exception>
    public static (GanNetworks Networks, ModelDescription Description) Load(Func<string, Action<Stream>, bool> read, Device device, Func<DcganPrecision, ScalarType> precise)
    {
        ModelDescription description = Part(read, DescriptionName, ModelDescription.Read);
        NetworkShape shape = description.Network;
        Dictionary<string, StoredTensor> generator = Part(read, GeneratorName,
            stream => Safetensors.Read(stream, GeneratorName, shape.GeneratorParameters + shape.GeneratorStatistics));
        Dictionary<string, StoredTensor> discriminator = Part(read, DiscriminatorName,
            stream => Safetensors.Read(stream, DiscriminatorName, shape.DiscriminatorParameters + shape.DiscriminatorStatistics));

        var networks = new GanNetworks(shape, device, precise(description.Options.Precision));
        try
        {
            Fill(networks.Generator, generator, GeneratorName);
            Fill(networks.Discriminator, discriminator, DiscriminatorName);
            networks.Generator.eval();
            networks.Discriminator.eval();
            return (networks, description);
        }
        catch
        {
            networks.Dispose();
            throw;
        }
    }

    private static void Write(Stream stream, nn.Module network)
    {
        using var scope = NewDisposeScope();
        Safetensors.Write(stream, network.state_dict());
    }

    private static T Part<T>(Func<string, Action<Stream>, bool> read, string name, Func<Stream, T> parse)
    {
        T? part = default;
        if (!read(name, stream => part = parse(stream)))
            throw new FormatException($"The model file has no {name}: it is damaged, or no DCGAN model.");
        return part!;
    }

    private static void Fill(nn.Module network, Dictionary<string, StoredTensor> stored, string name)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach ((string tensorName, Tensor tensor) in network.state_dict())
        {
            if (!stored.TryGetValue(tensorName, out StoredTensor? source) || source.Type != tensor.dtype || !source.Shape.SequenceEqual(tensor.shape))
            {
                string found = source == null ? "none" : $"{source.Type} [{string.Join(", ", source.Shape)}]";
                throw new FormatException($"{name} in the model file should hold '{tensorName}' as {tensor.dtype} [{string.Join(", ", tensor.shape)}], but holds {found}: weights and options do not fit.");
            }

            Tensor loaded = empty(source.Shape, source.Type, CPU);
            source.Bytes.CopyTo(loaded.bytes);
            tensor.copy_(loaded);
        }
    }
}
