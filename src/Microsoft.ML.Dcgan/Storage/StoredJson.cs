using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Storage;

/// <summary>How JSON lies in files, and how large and deep it may be.</summary>
[JsonSerializable(typeof(ModelDescription))]
[JsonSerializable(typeof(Checkpoint))]
[JsonSerializable(typeof(DcganEstimator.Options), TypeInfoPropertyName = "TrainingOptions")]
[JsonSourceGenerationOptions(WriteIndented = true, IgnoreReadOnlyProperties = true, IncludeFields = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    MaxDepth = MaxDepth, UseStringEnumConverter = true)]
internal sealed partial class StoredJson : JsonSerializerContext
{
    public const int LargestSize = 64 << 20;
    public const int MaxDepth = 16;

    /// <summary>What bytes say that may come in pieces.</summary>
    /// <exception cref="JsonException">They are no JSON, deeper than <see cref="MaxDepth"/>, or of something else.</exception>
    public static T? Read<T>(ReadOnlySequence<byte> json, JsonTypeInfo<T> type)
    {
        Utf8JsonReader reader = Reader(json);
        T? value = JsonSerializer.Deserialize(ref reader, type);
        // Nothing may follow.
        reader.Read();
        return value;
    }

    /// <inheritdoc cref="Read"/>
    public static Utf8JsonReader Reader(ReadOnlySequence<byte> json) => new(json, new JsonReaderOptions { MaxDepth = MaxDepth });
}
