using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Microsoft.ML.Dcgan.Storage;

/// <summary>How JSON lies in files, and how large and deep it may be.</summary>
internal static class StoredJson
{
    public const int LargestSize = 64 << 20;
    private const int MaxDepth = 16;

    /// <summary>How a type is written and read.</summary>
    /// <param name="generated">The <see cref="JsonSerializerContext"/> that knows it.</param>
    public static JsonTypeInfo<T> Describe<T>(IJsonTypeInfoResolver generated) => (JsonTypeInfo<T>)new JsonSerializerOptions
    {
        WriteIndented = true,
        IgnoreReadOnlyProperties = true,
        IncludeFields = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        MaxDepth = MaxDepth,
        Converters = { new JsonStringEnumConverter() },
        TypeInfoResolver = generated,
    }.GetTypeInfo(typeof(T));

    /// <summary>What bytes say that may come in pieces.</summary>
    /// <exception cref="JsonException">They are no JSON, deeper than 16 levels, or of something else.</exception>
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
