using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Microsoft.ML.Dcgan.Storage;

/// <summary>How JSON lies in files, and how large and deep it may be.</summary>
internal static class StoredJson
{
    public const int LargestSize = 64 << 20;

    /// <summary>How a type is written and read that the <see cref="JsonSerializerContext"/> knows.</summary>
    public static JsonTypeInfo<T> Describe<T>(IJsonTypeInfoResolver generated) => (JsonTypeInfo<T>)new JsonSerializerOptions
    {
        WriteIndented = true,
        IgnoreReadOnlyProperties = true,
        IncludeFields = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        MaxDepth = 16,
        Converters = { new JsonStringEnumConverter() },
        TypeInfoResolver = generated,
    }.GetTypeInfo(typeof(T));
}
