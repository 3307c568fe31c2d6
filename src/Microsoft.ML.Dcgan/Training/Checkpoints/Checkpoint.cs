using System.IO.Compression;
using System.Text.Json;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Persistence;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// A training at one moment, all of it but the images and what follows from the seed, in a file: a zip with a JSON and the
/// tensors.
/// </summary>
internal sealed record Checkpoint
{
    public const int CurrentFormatVersion = 1;
    private const string DescriptionName = "checkpoint.json";
    private const string TensorsName = "state.safetensors";

    public int FormatVersion { get; init; } = CurrentFormatVersion;

    public required NetworkShape Network { get; init; }

    public required TrainingSettings Options { get; init; }

    /// <summary>What convolutions compute in; a training that goes on must not change it.</summary>
    public required DcganPrecision Precision { get; init; }

    /// <summary>How many images it trains on.</summary>
    public required long Images { get; init; }

    /// <summary>What the images are known by.</summary>
    public required string Fingerprint { get; init; }

    public required TrainingFacts Facts { get; init; }

    /// <summary>Writes a file of another name first, and renames it when all of it is on the disk.</summary>
    public void Write(string path, IEnumerable<(string Name, Tensor Tensor)> tensors) => WholeFile.Write(path, file =>
    {
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (Stream json = zip.CreateEntry(DescriptionName, CompressionLevel.NoCompression).Open())
                JsonSerializer.Serialize(json, this, StoredJson.Default.Checkpoint);
            using (Stream weights = zip.CreateEntry(TensorsName, CompressionLevel.NoCompression).Open())
                Safetensors.Write(weights, tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Tensor));
        }
        file.Flush(flushToDisk: true);
    });

    /// <exception cref="FormatException">The file is damaged, or from a newer version of this library.</exception>
    public static Checkpoint Read(string path) => Entry(path, DescriptionName, (stream, name) =>
    {
        Checkpoint checkpoint = StoredJson.Read(BoundedStream.ReadToEnd(stream, StoredJson.LargestSize, name), StoredJson.Default.Checkpoint) ?? throw new FormatException($"{name} is empty.");
        if (checkpoint.FormatVersion > CurrentFormatVersion)
        {
            throw new FormatException($"{name} is of format version {checkpoint.FormatVersion}, but this version of Microsoft.ML.Dcgan reads " +
                $"versions up to {CurrentFormatVersion}. Update the Microsoft.ML.Dcgan package.");
        }
        return checkpoint;
    });

    /// <summary>Gives tensors the values that they have in the file.</summary>
    /// <exception cref="FormatException">The file is damaged, or has other tensors.</exception>
    public static void Load(string path, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        (string Name, Tensor Tensor)[] live = tensors.ToArray();
        Dictionary<string, StoredTensor> stored = Entry(path, TensorsName,
            (stream, name) => Safetensors.Read(stream, name, live.Sum(tensor => tensor.Tensor.numel())));
        foreach ((string name, Tensor tensor) in live)
        {
            if (!stored.TryGetValue(name, out StoredTensor? source) || source.Type != tensor.dtype || !source.Shape.SequenceEqual(tensor.shape))
                throw new FormatException($"{TensorsName} in '{path}' should hold '{name}' as {tensor.dtype} [{string.Join(", ", tensor.shape)}], but does not: it is damaged.");
        }
        foreach ((string name, Tensor tensor) in live)
            tensor.copy_(stored[name].ToTensor());
    }

    private static T Entry<T>(string path, string name, Func<Stream, string, T> read)
    {
        try
        {
            using ZipArchive zip = ZipFile.OpenRead(path);
            ZipArchiveEntry entry = zip.GetEntry(name) ?? throw new FormatException($"'{path}' has no {name}: it is no checkpoint.");
            using Stream stream = entry.Open();
            return read(stream, $"{name} in '{path}'");
        }
        catch (Exception failure) when (failure is InvalidDataException or JsonException or ArgumentException or NotSupportedException)
        {
            throw new FormatException($"'{path}' is no checkpoint, or damaged: {failure.Message}", failure);
        }
    }
}
