using Microsoft.ML.Dcgan.Bridge;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Storage;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Runtime;

[assembly: ModelLoader<Microsoft.ML.Dcgan.ModelLoader>]

namespace Microsoft.ML.Dcgan;

/// <summary>The parts of a saved model, each an entry of ML.NET's model zip: a JSON, and its networks' weights.</summary>
internal static class ModelArchive
{
    public const string DescriptionName = "dcgan.json";
    public const string GeneratorName = "generator.safetensors";
    public const string DiscriminatorName = "discriminator.safetensors";

    private const string ChecksumsName = "checksums.txt";
    private const int LargestChecksums = 1 << 16;

    public static void Save(ModelSaveContext context, ModelDescription description, params (string Name, nn.Module Network)[] networks) =>
        Save<ModelLoader>(context, networks
            .Select(entry => (entry.Name, (Action<Stream>)(stream =>
            {
                using var scope = NewDisposeScope();
                Safetensors.Write(stream, entry.Network.state_dict());
            })))
            .Prepend((DescriptionName, description.Write)));

    /// <summary>Saves parts, and their checksums: those that the zip has are compared by no reader in .NET.</summary>
    public static void Save<TLoader>(ModelSaveContext context, IEnumerable<(string Name, Action<Stream> Write)> parts)
        where TLoader : IModelLoader
    {
        var checksums = new StringBuilder();
        ModelBridge.Save<TLoader>(context, parts.Select(part => (part.Name, (Action<Stream>)(stream =>
        {
            using var passing = new ChecksumStream(stream);
            part.Write(passing);
            checksums.Append(CultureInfo.InvariantCulture, $"{part.Name} {passing.Checksum:x8}\n");
        }))).Append((ChecksumsName, stream => stream.Write(Encoding.UTF8.GetBytes(checksums.ToString())))));
    }

    /// <summary>The same parts, which throw a <see cref="FormatException"/> where they are not what was saved.</summary>
    public static Func<string, Action<Stream>, bool> Checked(Func<string, Action<Stream>, bool> read)
    {
        var checksums = new Dictionary<string, uint>(StringComparer.Ordinal);
        read(ChecksumsName, stream =>
        {
            string text = Encoding.UTF8.GetString(BoundedStream.ReadToEnd(stream, LargestChecksums, InModelFile(ChecksumsName)));
            foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                checksums[line.Split(' ')[0]] = uint.TryParse(line.Split(' ')[^1], NumberStyles.HexNumber, CultureInfo.InvariantCulture,
                    out uint checksum) ? checksum : throw new FormatException($"{InModelFile(ChecksumsName)} is damaged.");
            }
        });
        return (name, action) => read(name, stream => ChecksumStream.Read(stream,
            checksums.TryGetValue(name, out uint checksum) ? checksum : null, InModelFile(name), passing =>
            {
                action(passing);
                return true;
            }));
    }

    /// <param name="read">Calls the action with the named part, or returns false where there is none.</param>
    /// <param name="create">Makes the networks, once the file is known to hold as much.</param>
    /// <param name="parts">For each of them the part, how many numbers it must hold, and where the network is in what was made.</param>
    /// <exception cref="FormatException">The weights are missing, damaged, or of other networks.</exception>
    public static T Load<T>(Func<string, Action<Stream>, bool> read, Func<T> create,
        params (string Name, long Numbers, Func<T, nn.Module> Network)[] parts) where T : IDisposable
    {
        Dictionary<string, StoredTensor>[] weights = Array.ConvertAll(parts, part =>
            Part(read, part.Name, stream => Safetensors.Read(stream, InModelFile(part.Name), part.Numbers)));
        return Ownership.HandOver(create(), made =>
        {
            foreach (((string name, _, Func<T, nn.Module> network), Dictionary<string, StoredTensor> stored) in parts.Zip(weights))
                Fill(network(made), stored, name);
            return made;
        });
    }

    public static string InModelFile(string name) => $"{name} in the model file";

    /// <exception cref="FormatException">The part is missing, damaged, or newer than this library.</exception>
    public static T Part<T>(Func<string, Action<Stream>, bool> read, string name, Func<Stream, T> parse)
    {
        T? part = default;
        return read(name, stream => part = parse(stream)) ? part! : throw Missing(name);
    }

    /// <summary>The parts, beside the description, that a model of this kind has.</summary>
    public static IEnumerable<string> WeightsOf(DcganModelKind kind) =>
        kind == DcganModelKind.Generator ? [GeneratorName, DiscriminatorName] : [DiscriminatorName];

    public static FormatException Missing(string name) => new($"The model file has no {name}: it is damaged, or no DCGAN model.");

    private static void Fill(nn.Module network, Dictionary<string, StoredTensor> stored, string name)
    {
        Safetensors.CopyTo(network.state_dict().Select(entry => (entry.Key, entry.Value)), stored, InModelFile(name),
            found => $"holds {found?.ToString() ?? "none"}: weights and options do not fit");
        network.eval();
    }
}

/// <summary>What ML.NET calls to load one of this library's models.</summary>
internal sealed class ModelLoader : IModelLoader
{
    public static string LoaderSignature => "DcganTransformer";

    public static string ModelSignature => "DCGANXFM";

    public static ITransformer Load(IHostEnvironment environment, Func<string, Action<Stream>, bool> read) =>
        LibTorchErrors.InOneSentence<ITransformer>("Loading a model", () =>
        {
            // By now what reads the zip is loaded: the system's loader does one thing at a time, and is busy with libtorch from here on.
            LibTorch.BeginLoading();
            read = ModelArchive.Checked(read);
            ModelDescription description = ModelArchive.Part(read, ModelArchive.DescriptionName, ModelDescription.Read);
            NetworkShape shape = description.Network;
            return description.Kind switch
            {
                DcganModelKind.Featurizer => new DcganFeaturizer(ReadDiscriminator(), description),
                DcganModelKind.RealnessScorer => new DcganRealnessScorer(ReadDiscriminator(), description),
                _ => new DcganTransformer(
                    ModelArchive.Load(read, () => Create((device, precision) => new GanNetworks(shape, device, precision)),
                        (ModelArchive.GeneratorName, shape.GeneratorNumbers, networks => networks.Generator),
                        (ModelArchive.DiscriminatorName, shape.DiscriminatorNumbers, networks => networks.Discriminator)), description),
            };

            Discriminator ReadDiscriminator() => ModelArchive.Load(read,
                () => Create((device, precision) => Discriminator.InEvaluation(shape, device, precision)),
                (ModelArchive.DiscriminatorName, shape.DiscriminatorNumbers, discriminator => discriminator));

            // Only when the weights are read, which takes about as long as libtorch does.
            T Create<T>(Func<torch.Device, torch.ScalarType, T> networks)
            {
                torch.Device device = DcganModel.ChooseDevice(DcganDevice.Auto, environment);
                using IChannel log = environment.Start("DCGAN loading");
                return networks(device, PrecisionChoice.OfModel(description.Summary.Precision, device,
                    warning => log.Warning(MessageSensitivity.None, "{0}", warning)));
            }
        });
}
