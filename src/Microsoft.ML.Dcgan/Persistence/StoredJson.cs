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
}
