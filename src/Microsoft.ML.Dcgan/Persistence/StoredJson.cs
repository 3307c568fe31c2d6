using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Dcgan.Persistence;

/// <summary>How JSON lies in files, and how large and deep it may be.</summary>
internal static class StoredJson
{
    public const int LargestSize = 64 << 20;
    public const int MaxDepth = 16;

    public static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        IgnoreReadOnlyProperties = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        MaxDepth = MaxDepth,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>What bytes say that may come in pieces.</summary>
    /// <exception cref="JsonException">They are no JSON, deeper than <see cref="MaxDepth"/>, or of something else.</exception>
    public static T? Read<T>(ReadOnlySequence<byte> json)
    {
        Utf8JsonReader reader = Reader(json);
        reader.Read();
        var value = (T?)RecordReader.Read(ref reader, typeof(T));
        // Nothing may follow.
        reader.Read();
        return value;
    }

    /// <inheritdoc cref="Read"/>
    public static Utf8JsonReader Reader(ReadOnlySequence<byte> json) => new(json, new JsonReaderOptions { MaxDepth = MaxDepth });
}
