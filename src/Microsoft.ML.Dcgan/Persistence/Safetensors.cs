using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Persistence;

/// <summary>
/// The safetensors format: the header's length (8 bytes, little-endian), a JSON header that gives each tensor's type,
/// shape and place, then the tensors' bytes. Only the types that DCGAN's weights have: F32 and I64.
/// </summary>
internal static class Safetensors
{
    private const int LargestHeader = 1 << 20;
    private const int HeaderAlignment = 8;

    public static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var header = new SortedDictionary<string, object>(StringComparer.Ordinal);
        long offset = 0;
        foreach ((string name, Tensor tensor) in tensors.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            long end = offset + tensor.NumberOfElements * tensor.ElementSize;
            header[name] = new { dtype = TypeName(tensor.dtype), shape = tensor.shape, data_offsets = new[] { offset, end } };
            offset = end;
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        int padding = (HeaderAlignment - json.Length % HeaderAlignment) % HeaderAlignment;
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)(json.Length + padding));
        stream.Write(length);
        stream.Write(json);
        for (int i = 0; i < padding; i++)
            stream.WriteByte((byte)' ');

        foreach ((_, Tensor tensor) in tensors.OrderBy(entry => entry.Key, StringComparer.Ordinal))
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
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(BoundedStream.ReadExactly(stream, sizeof(ulong), name));
        if (headerLength > LargestHeader)
            throw new FormatException($"{name} declares a header of {headerLength} bytes, but at most {LargestHeader} are expected: it is damaged.");

        List<(string Name, StoredTensor Tensor, long Begin)> entries = ReadHeader(BoundedStream.ReadExactly(stream, (long)headerLength, name), name);
        long declared = entries.Sum(entry => entry.Tensor.Elements);
        if (declared != elements)
            throw new FormatException($"{name} holds {declared} numbers, but the model's options make a network of {elements}: weights and options do not fit.");

        long position = 0;
        var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach ((string tensorName, StoredTensor tensor, long begin) in entries.OrderBy(entry => entry.Begin))
        {
            if (begin != position)
                throw new FormatException($"{name} places '{tensorName}' at byte {begin}, but byte {position} is expected: it is damaged.");
            tensors.Add(tensorName, tensor with { Bytes = BoundedStream.ReadExactly(stream, tensor.Size, name) });
            position += tensor.Size;
        }
        return tensors;
    }

    private static List<(string, StoredTensor, long)> ReadHeader(byte[] json, string name)
    {
        var entries = new List<(string, StoredTensor, long)>();
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            foreach (JsonProperty entry in document.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
            {
                ScalarType type = entry.Value.GetProperty("dtype").GetString() switch
                {
                    "F32" => ScalarType.Float32,
                    "I64" => ScalarType.Int64,
                    string other => throw new FormatException($"{name} holds '{entry.Name}' as {other}, but F32 or I64 is expected."),
                    null => throw new FormatException($"{name} gives '{entry.Name}' no type: it is damaged."),
                };
                long[] shape = entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
                long[] place = entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
                var tensor = new StoredTensor(type, shape, []);
                if (shape.Any(size => size < 0) || place.Length != 2 || place[0] < 0 || place[1] - place[0] != tensor.Size)
                    throw new FormatException($"{name} gives '{entry.Name}' the shape [{string.Join(", ", shape)}] and the bytes {string.Join(" to ", place)}: it is damaged.");
                entries.Add((entry.Name, tensor, place[0]));
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw new FormatException($"{name} is damaged: {failure.Message}", failure);
        }
        return entries;
    }

    private static string TypeName(ScalarType type) => type switch
    {
        ScalarType.Float32 => "F32",
        ScalarType.Int64 => "I64",
        _ => throw new NotSupportedException($"Weights of type {type} cannot be saved."),
    };
}

/// <summary>A tensor as it lies in a file.</summary>
internal sealed record StoredTensor(ScalarType Type, long[] Shape, byte[] Bytes)
{
    public long Elements => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Its values, on the CPU.</summary>
    public Tensor ToTensor()
    {
        Tensor loaded = empty(Shape, Type, CPU);
        Bytes.CopyTo(loaded.bytes);
        return loaded;
    }

    public long Size => checked(Elements * (Type == ScalarType.Int64 ? sizeof(long) : sizeof(float)));
}
