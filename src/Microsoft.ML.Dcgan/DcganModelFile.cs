using System.IO.Compression;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Storage;

namespace Microsoft.ML.Dcgan;

/// <summary>What a saved model says of itself. Its JSON alone is read, without libtorch, in milliseconds whatever its size.</summary>
public sealed class DcganModelFile
{
    private readonly ModelDescription _description;

    private DcganModelFile(string folder, ModelDescription description, IReadOnlyList<DcganModelPart> parts) =>
        (Folder, _description, Parts) = (folder, description, parts);

    /// <summary>Reads what <c>mlContext.Model.Save</c> wrote.</summary>
    /// <param name="path">The model zip.</param>
    /// <returns>The DCGAN models in it: one or, where a chain was saved, all that it has, in its order.</returns>
    /// <exception cref="FormatException">It is no model zip, is damaged, is newer than this library, or holds no DCGAN model.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<DcganModelFile> Inspect(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            DcganModelFile[] models =
            [
                .. from folder in archive.Entries.ToLookup(FolderOf)
                   where folder.Any(entry => NameOf(entry) == ModelArchive.DescriptionName)
                   orderby folder.Key
                   select Read(folder.Key, [.. folder]),
            ];
            return models.Length > 0
                ? models
                : throw new FormatException($"'{path}' is a zip file, but holds no DCGAN model: " +
                    $"none of its {archive.Entries.Count} entries is a {ModelArchive.DescriptionName}.");
        }
        catch (InvalidDataException failure)
        {
            throw new FormatException($"'{path}' is no model file, or is damaged: {failure.Message}", failure);
        }
        catch (FormatException failure) when (!failure.Message.Contains(path, StringComparison.Ordinal))
        {
            throw new FormatException($"'{path}': {failure.Message}", failure);
        }
    }

    /// <summary>Where in the zip it lies, such as "TransformerChain".</summary>
    public string Folder { get; }

    /// <summary>Which transformer it is.</summary>
    public DcganModelKind Kind => _description.Kind;

    /// <summary>The version of the format that it is written in.</summary>
    public int FormatVersion => _description.FormatVersion;

    /// <summary>The column that the transformer adds.</summary>
    public string OutputColumnName => _description.OutputColumnName;

    /// <summary>The column that the transformer reads: noise, or images.</summary>
    public string InputColumnName => _description.InputColumnName;

    /// <inheritdoc cref="DcganModel.Options"/>
    public DcganEstimator.Options Options => _description.ToOptions();

    /// <summary>What the training did.</summary>
    public TrainingSummary Summary => _description.Summary;

    /// <summary>What it was trained to tell apart; empty without classes, and of a discriminator, which keeps their number.</summary>
    public IReadOnlyList<string> Classes => _description.Labels?.Column(ClassCount).Classes ?? [];

    /// <summary>How many classes there are, 0 for none.</summary>
    public int ClassCount => _description.Network.Classes;

    /// <summary>How many trainable weights the generator has; null where there is none in the file.</summary>
    public long? GeneratorParameters => Kind == DcganModelKind.Generator ? _description.Network.GeneratorParameters : null;

    /// <summary>How many trainable weights the discriminator has.</summary>
    public long DiscriminatorParameters => _description.Network.DiscriminatorParameters;

    /// <summary>The layers of its networks: the generator's, where there is one, and the discriminator's.</summary>
    public IReadOnlyList<DcganLayer> Layers => DcganLayer.ListOf(_description.Network, Kind == DcganModelKind.Generator);

    /// <summary>The zip's entries that it is made of.</summary>
    public IReadOnlyList<DcganModelPart> Parts { get; }

    private static DcganModelFile Read(string folder, ZipArchiveEntry[] entries)
    {
        ZipArchiveEntry found = entries.First(entry => NameOf(entry) == ModelArchive.DescriptionName);
        using Stream stream = found.Open();
        ModelDescription description =
            ChecksumStream.Read(stream, found.Crc32, ModelArchive.InModelFile(ModelArchive.DescriptionName), ModelDescription.Read);
        if (ModelArchive.WeightsOf(description.Kind).Except(entries.Select(NameOf)).FirstOrDefault() is { } missing)
            throw ModelArchive.Missing(missing);
        return new DcganModelFile(folder, description,
            [.. entries.Select(entry => new DcganModelPart(NameOf(entry), entry.Length, entry.CompressedLength))]);
    }

    // ML.NET separates with what the machine at hand separates paths with.
    private static string FolderOf(ZipArchiveEntry entry) => entry.FullName[..Math.Max(0, entry.FullName.LastIndexOfAny(['/', '\\']))];

    private static string NameOf(ZipArchiveEntry entry) => entry.FullName[(entry.FullName.LastIndexOfAny(['/', '\\']) + 1)..];
}

/// <summary>A layer of one of a model's networks.</summary>
/// <param name="Network">"generator" or "discriminator".</param>
/// <param name="Name">Its name in PyTorch's state dictionaries, such as "main.0".</param>
/// <param name="Description">What it computes, such as "ConvTranspose2d 4x4, stride 2, padding 1".</param>
/// <param name="Maps">The feature maps that it makes.</param>
/// <param name="Height">Their height.</param>
/// <param name="Width">Their width.</param>
/// <param name="Parameters">How many trainable weights it has.</param>
public sealed record DcganLayer(string Network, string Name, string Description, int Maps, int Height, int Width, long Parameters)
{
    internal static IReadOnlyList<DcganLayer> ListOf(NetworkShape shape, bool hasGenerator = true) =>
        [.. hasGenerator ? From("generator", Layers.Generator(shape)) : [], .. From("discriminator", Layers.Discriminator(shape))];

    private static IEnumerable<DcganLayer> From(string network, IEnumerable<Layer> layers) => layers.Select(layer => new DcganLayer(
        network, layer.Name, layer.Description, layer.Output.Maps, layer.Output.Height, layer.Output.Width, layer.Parameters));
}

/// <summary>An entry of a model zip.</summary>
/// <param name="Name">Its name, such as "generator.safetensors".</param>
/// <param name="Length">Its bytes.</param>
/// <param name="CompressedLength">How many it takes in the zip.</param>
public sealed record DcganModelPart(string Name, long Length, long CompressedLength);

/// <summary>Which transformer a model file holds.</summary>
public enum DcganModelKind
{
    /// <summary>A <see cref="DcganTransformer"/>, with both networks.</summary>
    Generator,

    /// <summary>A <see cref="DcganFeaturizer"/>, with the discriminator.</summary>
    Featurizer,

    /// <summary>A <see cref="DcganRealnessScorer"/>, with the discriminator.</summary>
    RealnessScorer,
}
