using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Storage;

/// <summary>Safetensors: the header's length (8 bytes, little-endian); JSON of each tensor's type, shape and place; their bytes.</summary>
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

    /// <summary>Writes tensors of float32 and int64, and texts about them for other programs.</summary>
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
            if (tensor.dtype is not (ScalarType.Float32 or ScalarType.Int64))
                throw new NotSupportedException($"Weights of type {tensor.dtype} cannot be saved.");
            string type = _types.Single(entry => entry.Value == tensor.dtype).Key;
            long end = offset + tensor.NumberOfElements * tensor.ElementSize;
            header[name] = new { dtype = type, shape = tensor.shape, data_offsets = new[] { offset, end } };
            offset = end;
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        int padding = (HeaderAlignment - json.Length % HeaderAlignment) % HeaderAlignment;
        stream.Write([.. BitConverter.GetBytes((long)json.Length + padding), .. json, .. Enumerable.Repeat((byte)' ', padding)]);

        foreach ((_, Tensor tensor) in ordered)
        {
            using var scope = NewDisposeScope();
            stream.Write(tensor.detach().cpu().contiguous().bytes);
        }
    }

    /// <summary>The tensors, which must have so many numbers together: that is checked before memory is taken for them.</summary>
    /// <exception cref="FormatException">The bytes are no safetensors, are truncated, or are of another size.</exception>
    public static Dictionary<string, StoredTensor> Read(Stream stream, string name, long elements)
    {
        IReadOnlyList<(string Name, StoredTensor Tensor)> entries = ReadHeader(stream, name);
        // Their bytes lie end to end, so that there are no more than a long can count.
        long declared = entries.Sum(entry => entry.Tensor.Elements);
        return declared == elements
            ? entries.ToDictionary(entry => entry.Name, entry => entry.Tensor.ReadFrom(stream, name), StringComparer.Ordinal)
            : throw new FormatException($"{name} holds {declared} numbers, but the model's options make a network of {elements}: "
                + "weights and options do not fit.");
    }

    /// <summary>What the header says of the tensors, in the order of their bytes, which follow it without a gap.</summary>
    /// <inheritdoc cref="Read"/>
    public static IReadOnlyList<(string Name, StoredTensor Tensor)> ReadHeader(Stream stream, string name)
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(BoundedStream.ReadExactly(stream, sizeof(ulong), name));
        if (length > LargestHeader)
            throw Damaged(name, $"declares a header of {length} bytes, but at most {LargestHeader} are expected");

        (string Name, StoredTensor Tensor)[] entries = [.. ParseHeader(BoundedStream.ReadExactly(stream, (long)length, name), name)
            .OrderBy(entry => entry.Tensor.Begin).ThenBy(entry => entry.Tensor.Size)];
        long position = 0;
        foreach ((string entry, StoredTensor tensor) in entries)
        {
            if (tensor.Begin != position)
                throw Damaged(name, $"places '{entry}' at byte {tensor.Begin}, but byte {position} is expected");
            position += tensor.Size;
        }
        if (entries.GroupBy(entry => entry.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw Damaged(name, $"holds '{twice.Key}' twice");
        return entries;
    }

    /// <summary>Gives tensors what is stored under their names, once all of it is there: else the error says what the file should hold,
    /// <paramref name="but"/> what it does.</summary>
    /// <exception cref="FormatException">It is missing, or of another type or shape.</exception>
    public static void CopyTo(IEnumerable<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, StoredTensor> stored,
        string file, Func<StoredTensor?, string> but)
    {
        using var scope = new NoGradScope();
        StoredTensor Find(string name, Tensor tensor) => stored.TryGetValue(name, out StoredTensor? source)
            && source.Type == tensor.dtype && source.Shape.SequenceEqual(tensor.shape)
                ? source
                : throw new FormatException($"{file} should hold '{name}' as {tensor.dtype} [{string.Join(", ", tensor.shape)}], " +
                    $"but {but(source)}.");
        (Tensor Tensor, StoredTensor Stored)[] found = [.. tensors.Select(entry => (entry.Tensor, Find(entry.Name, entry.Tensor)))];
        foreach ((Tensor tensor, StoredTensor source) in found)
            tensor.copy_(source.ToTensor());
    }

    private static List<(string Name, StoredTensor Tensor)> ParseHeader(byte[] json, string name)
    {
        var entries = new List<(string, StoredTensor)>();
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
                var tensor = new StoredTensor(type, shape, [], place.FirstOrDefault());
                if (shape.Any(size => size < 0) || place.Length != 2 || place[0] < 0 || place[1] - place[0] != tensor.Size)
                {
                    throw Damaged(name,
                        $"gives '{entry.Name}' the shape [{string.Join(", ", shape)}] and the bytes {string.Join(" to ", place)}");
                }
                entries.Add((entry.Name, tensor));
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException or OverflowException
            || (failure is FormatException && !failure.Message.Contains(name, StringComparison.Ordinal)))
        {
            throw new FormatException($"{name} is damaged: {failure.Message}", failure);
        }
        return entries;
    }

    private static FormatException Damaged(string name, string what) => new($"{name} {what}: it is damaged.");
}

/// <summary>A tensor as it lies in a file: its bytes, once they are read, and where they begin after the header.</summary>
internal sealed record StoredTensor(ScalarType Type, long[] Shape, byte[] Bytes, long Begin = 0)
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

    public long Size => checked(Elements * Type.ElementSize());

    /// <summary>The same with its bytes, which are what the stream has next.</summary>
    public StoredTensor ReadFrom(Stream stream, string name) => this with { Bytes = BoundedStream.ReadExactly(stream, Size, name) };
}
