using System.Buffers.Binary;
using System.Text.Json;

namespace Microsoft.ML.Dcgan.Storage;

/// <summary>The safetensors format: the header's length (8 bytes, little-endian), a JSON header that gives each tensor's type, shape and
/// place, then the tensors' bytes. Only the types that weights have.</summary>
internal static class Safetensors
{
    private const int LargestHeader = 1 << 20;
    private const int HeaderAlignment = 8;
    private const string MetadataName = "__metadata__";
    private static readonly Dictionary<string, ScalarType> _types = new()
    {
        ["F64"] = ScalarType.Float64,
        ["F32"] = ScalarType.Float32,
        ["F16"] = ScalarType.Float16,
        ["BF16"] = ScalarType.BFloat16,
        ["I64"] = ScalarType.Int64,
    };

    /// <param name="stream">Written from here on.</param>
    /// <param name="tensors">Float32 or Int64.</param>
    /// <param name="metadata">Texts about the tensors, for other programs.</param>
    public static void Write(
        Stream stream, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var header = new SortedDictionary<string, object>(StringComparer.Ordinal);
        if (metadata != null)
            header[MetadataName] = metadata;
        long offset = 0;
        KeyValuePair<string, Tensor>[] ordered = [.. tensors.OrderBy(entry => entry.Key, StringComparer.Ordinal)];
        foreach ((string name, Tensor tensor) in ordered)
        {
            long end = offset + tensor.NumberOfElements * tensor.ElementSize;
            header[name] = new { dtype = TypeName(tensor.dtype), shape = tensor.shape, data_offsets = new[] { offset, end } };
            offset = end;
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        int padding = (HeaderAlignment - json.Length % HeaderAlignment) % HeaderAlignment;
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)(json.Length + padding));
        stream.Write([.. length, .. json, .. Enumerable.Repeat((byte)' ', padding)]);

        foreach ((_, Tensor tensor) in ordered)
        {
            using var scope = NewDisposeScope();
            stream.Write(tensor.detach().cpu().contiguous().bytes);
        }
    }

    /// <summary>The tensors' types, shapes and bytes.</summary>
    /// <param name="stream">Read from here on.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="elements">How many numbers the tensors must have together; checked before memory is taken for them.</param>
    /// <exception cref="FormatException">The bytes are no safetensors, are truncated, or are of another size.</exception>
    public static Dictionary<string, StoredTensor> Read(Stream stream, string name, long elements)
    {
        IReadOnlyList<SafetensorsEntry> entries = ReadHeader(stream, name);
        // Their bytes lie end to end, so that there are no more than a long can count.
        long declared = entries.Sum(entry => entry.Tensor.Elements);
        if (declared != elements)
        {
            throw new FormatException($"{name} holds {declared} numbers, but the model's options make a network of {elements}: "
                + "weights and options do not fit.");
        }

        var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach (SafetensorsEntry entry in entries)
            tensors.Add(entry.Name, entry.Tensor with { Bytes = BoundedStream.ReadExactly(stream, entry.Tensor.Size, name) });
        return tensors;
    }

    /// <summary>What the header says of the tensors, in the order of their bytes, which follow it without a gap.</summary>
    /// <inheritdoc cref="Read"/>
    public static IReadOnlyList<SafetensorsEntry> ReadHeader(Stream stream, string name)
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(BoundedStream.ReadExactly(stream, sizeof(ulong), name));
        if (length > LargestHeader)
            throw Damaged(name, $"declares a header of {length} bytes, but at most {LargestHeader} are expected");

        SafetensorsEntry[] entries = [.. ParseHeader(BoundedStream.ReadExactly(stream, (long)length, name), name)
            .OrderBy(entry => entry.Begin).ThenBy(entry => entry.Tensor.Size)];
        long position = 0;
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.Begin != position)
                throw Damaged(name, $"places '{entry.Name}' at byte {entry.Begin}, but byte {position} is expected");
            position += entry.Tensor.Size;
        }
        if (entries.GroupBy(entry => entry.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw Damaged(name, $"holds '{twice.Key}' twice");
        return entries;
    }

    private static List<SafetensorsEntry> ParseHeader(byte[] json, string name)
    {
        var entries = new List<SafetensorsEntry>();
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            foreach (JsonProperty entry in document.RootElement.EnumerateObject().Where(entry => entry.Name != MetadataName))
            {
                string? typeName = entry.Value.GetProperty("dtype").GetString();
                if (typeName == null || !_types.TryGetValue(typeName, out ScalarType type))
                {
                    throw new FormatException($"{name} holds '{entry.Name}' as {typeName ?? "no type"}, "
                        + $"but one of {string.Join(", ", _types.Keys)} is expected.");
                }
                long[] shape = entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
                long[] place = entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
                var tensor = new StoredTensor(type, shape, []);
                if (shape.Any(size => size < 0) || place.Length != 2 || place[0] < 0 || place[1] - place[0] != tensor.Size)
                {
                    throw Damaged(name,
                        $"gives '{entry.Name}' the shape [{string.Join(", ", shape)}] and the bytes {string.Join(" to ", place)}");
                }
                entries.Add(new(entry.Name, tensor, place[0]));
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw new FormatException($"{name} is damaged: {failure.Message}", failure);
        }
        return entries;
    }

    private static FormatException Damaged(string name, string what) => new($"{name} {what}: it is damaged.");

    private static string TypeName(ScalarType type) => type is ScalarType.Float32 or ScalarType.Int64
        ? _types.Single(entry => entry.Value == type).Key
        : throw new NotSupportedException($"Weights of type {type} cannot be saved.");
}

/// <summary>A tensor's name, what it is but for its bytes, and where these begin after the header.</summary>
internal sealed record SafetensorsEntry(string Name, StoredTensor Tensor, long Begin);

/// <summary>A tensor as it lies in a file.</summary>
internal sealed record StoredTensor(ScalarType Type, long[] Shape, byte[] Bytes)
{
    public override string ToString() => $"{Type} [{string.Join(", ", Shape)}]";

    public long Elements => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Its values, on the CPU.</summary>
    public Tensor ToTensor()
    {
        Tensor loaded = empty(Shape, Type, CPU);
        Bytes.CopyTo(loaded.bytes);
        return loaded;
    }

    public long Size => checked(Elements * ElementSize(Type));

    /// <summary>Bytes a number.</summary>
    public static int ElementSize(ScalarType type) => type switch
    {
        ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Float32 => 4,
        ScalarType.Float64 or ScalarType.Int64 => 8,
        _ => throw new NotSupportedException($"Weights of type {type} cannot be read."),
    };
}
