using Microsoft.ML.Dcgan.Bridge;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Storage;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Runtime;

[assembly: ModelLoader<Microsoft.ML.Dcgan.ModelLoader>]

namespace Microsoft.ML.Dcgan;

/// <summary>The parts of a saved model, each an entry of ML.NET's model zip: a JSON, and the weights of both networks or of the
/// discriminator.</summary>
internal static class ModelArchive
{
    public const string DescriptionName = "dcgan.json";
    public const string GeneratorName = "generator.safetensors";
    public const string DiscriminatorName = "discriminator.safetensors";

    /// <param name="context">Where to.</param>
    /// <param name="description">All but the weights.</param>
    /// <param name="networks">The weights' names and networks.</param>
    public static void Save(ModelSaveContext context, ModelDescription description, params (string Name, nn.Module Network)[] networks) =>
        ModelBridge.Save<ModelLoader>(context, networks
            .Select(entry => (entry.Name, (Action<Stream>)(stream => Write(stream, entry.Network))))
            .Prepend((DescriptionName, description.Write)));

    /// <param name="read">Calls the action with the named part, or returns false where there is none.</param>
    /// <exception cref="FormatException">The part is missing, damaged, or newer than this library.</exception>
    public static ModelDescription LoadDescription(Func<string, Action<Stream>, bool> read) =>
        Part(read, DescriptionName, ModelDescription.Read);

    /// <param name="read">Calls the action with the named part, or returns false where there is none.</param>
    /// <param name="shape">What decides the layers.</param>
    /// <param name="create">Makes the networks, once the file is known to hold as much.</param>
    /// <exception cref="FormatException">The weights are missing, damaged, or of other networks.</exception>
    public static GanNetworks LoadNetworks(Func<string, Action<Stream>, bool> read, NetworkShape shape, Func<GanNetworks> create)
    {
        Dictionary<string, StoredTensor> generator = Weights(read, GeneratorName, shape.GeneratorNumbers);
        Dictionary<string, StoredTensor> discriminator = Weights(read, DiscriminatorName, shape.DiscriminatorNumbers);
        return Ownership.HandOver(create(), networks =>
        {
            Fill(networks.Generator, generator, GeneratorName);
            Fill(networks.Discriminator, discriminator, DiscriminatorName);
            networks.Generator.eval();
            networks.Discriminator.eval();
            return networks;
        });
    }

    /// <inheritdoc cref="LoadNetworks"/>
    public static TrainedDiscriminator LoadDiscriminator(Func<string, Action<Stream>, bool> read, NetworkShape shape,
        Func<TrainedDiscriminator> create)
    {
        Dictionary<string, StoredTensor> weights = Weights(read, DiscriminatorName, shape.DiscriminatorNumbers);
        return Ownership.HandOver(create(), discriminator =>
        {
            Fill(discriminator.Network, weights, DiscriminatorName);
            return discriminator;
        });
    }

    private static Dictionary<string, StoredTensor> Weights(Func<string, Action<Stream>, bool> read, string name, long most) =>
        Part(read, name, stream => Safetensors.Read(stream, InModelFile(name), most));

    private static void Write(Stream stream, nn.Module network)
    {
        using var scope = NewDisposeScope();
        Safetensors.Write(stream, network.state_dict());
    }

    /// <summary>What errors call a part.</summary>
    public static string InModelFile(string name) => $"{name} in the model file";

    private static T Part<T>(Func<string, Action<Stream>, bool> read, string name, Func<Stream, T> parse)
    {
        T? part = default;
        if (!read(name, stream => part = parse(stream)))
            throw Missing(name);
        return part!;
    }

    /// <summary>The parts, beside the description, that a model of this kind has.</summary>
    public static IEnumerable<string> WeightsOf(DcganModelKind kind) =>
        kind == DcganModelKind.Generator ? [GeneratorName, DiscriminatorName] : [DiscriminatorName];

    public static FormatException Missing(string name) => new($"The model file has no {name}: it is damaged, or no DCGAN model.");

    private static void Fill(nn.Module network, Dictionary<string, StoredTensor> stored, string name)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach ((string tensorName, Tensor tensor) in network.state_dict())
        {
            if (!stored.TryGetValue(tensorName, out StoredTensor? source)
                || source.Type != tensor.dtype || !source.Shape.SequenceEqual(tensor.shape))
            {
                string found = source == null ? "none" : $"{source.Type} [{string.Join(", ", source.Shape)}]";
                throw new FormatException($"{InModelFile(name)} should hold '{tensorName}' as {tensor.dtype} " +
                    $"[{string.Join(", ", tensor.shape)}], but holds {found}: weights and options do not fit.");
            }

            tensor.copy_(source.ToTensor());
        }
    }
}

/// <summary>What ML.NET calls to load one of this library's models.</summary>
internal sealed class ModelLoader : IModelLoader
{
    public static ITransformer Load(IHostEnvironment environment, Func<string, Action<Stream>, bool> read) =>
        LibTorchErrors.InOneSentence("Loading a model", () => Read(environment, read));

    private static ITransformer Read(IHostEnvironment environment, Func<string, Action<Stream>, bool> read)
    {
        torch.Device device = DcganModel.ChooseDevice(DcganDevice.Auto, environment);
        ModelDescription description = ModelArchive.LoadDescription(read);
        NetworkShape shape = description.Network;
        return description.Kind switch
        {
            DcganModelKind.Featurizer => new DcganFeaturizer(Discriminator(), description),
            DcganModelKind.RealnessScorer => new DcganRealnessScorer(Discriminator(), description),
            _ => new DcganTransformer(
                ModelArchive.LoadNetworks(read, shape, () => new GanNetworks(shape, device, Precision())), description),
        };

        TrainedDiscriminator Discriminator() =>
            ModelArchive.LoadDiscriminator(read, shape, () => new TrainedDiscriminator(shape, device, Precision()));

        torch.ScalarType Precision()
        {
            using IChannel log = environment.Start("DCGAN loading");
            return PrecisionChoice.OfModel(description.Summary.Precision, device,
                warning => log.Warning(MessageSensitivity.None, "{0}", warning));
        }
    }
}
