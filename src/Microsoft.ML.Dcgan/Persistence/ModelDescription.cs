using System;
using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Persistence;

/// <summary>All of a model but its weights, as its JSON holds it.</summary>
internal sealed record ModelDescription
{
    public const int CurrentFormatVersion = 1;
    private const int LargestJson = 64 << 20;

    private static readonly JsonSerializerOptions _json = new()
    {
        WriteIndented = true,
        IgnoreReadOnlyProperties = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        MaxDepth = 16,
        Converters = { new JsonStringEnumConverter() },
    };

    public int FormatVersion { get; init; } = CurrentFormatVersion;

    public required NetworkShape Network { get; init; }

    public required GenerationDescription Generation { get; init; }

    public required TrainingSettings Options { get; init; }

    public required TrainingSummary Summary { get; init; }

    public void Write(Stream stream) => JsonSerializer.Serialize(stream, this, _json);

    /// <exception cref="FormatException">The JSON is damaged, from a newer version, or describes no possible model.</exception>
    public static ModelDescription Read(Stream stream)
    {
        byte[] json = BoundedStream.ReadToEnd(stream, LargestJson, ModelArchive.DescriptionName);
        try
        {
            CheckVersion(json);
            ModelDescription description = JsonSerializer.Deserialize<ModelDescription>(json, _json)
                ?? throw new FormatException($"{ModelArchive.DescriptionName} in the model file is empty.");
            description.Check();
            return description;
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException or NotSupportedException)
        {
            throw new FormatException($"{ModelArchive.DescriptionName} in the model file is damaged: {failure.Message}", failure);
        }
    }

    // Before the rest is read: a newer version may have changed any of it.
    private static void CheckVersion(byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("formatVersion", out JsonElement element) || !element.TryGetInt32(out int version))
            throw new FormatException($"{ModelArchive.DescriptionName} in the model file has no formatVersion: it is no DCGAN model.");
        if (version > CurrentFormatVersion)
        {
            throw new FormatException($"The model file is of format version {version}, but this version of Microsoft.ML.Dcgan reads " +
                $"versions up to {CurrentFormatVersion}. Update the Microsoft.ML.Dcgan package.");
        }
    }

    // What the estimator would not have accepted, no file may bring in either.
    private void Check() => _ = new DcganEstimator.Options
    {
        OutputColumnName = Generation.OutputColumnName,
        NoiseColumnName = Generation.NoiseColumnName,
        ImageHeight = Network.Height,
        ImageWidth = Network.Width,
        Channels = Network.Channels,
        NoiseSize = Network.NoiseSize,
        GeneratorFeatureMaps = Network.GeneratorFeatureMaps,
        DiscriminatorFeatureMaps = Network.DiscriminatorFeatureMaps,
        KernelSize = Network.KernelSize,
        GenerationBatchSize = Generation.BatchSize,
        Precision = Options.Precision,
    }.Validated();
}

/// <summary>How a model generates.</summary>
/// <param name="OutputColumnName">The column of generated images.</param>
/// <param name="NoiseColumnName">The column of noise vectors.</param>
/// <param name="Seed">The seed of noise where there is no such column.</param>
/// <param name="BatchSize">Images generated at once.</param>
internal sealed record GenerationDescription(string OutputColumnName, string NoiseColumnName, int Seed, int BatchSize);
