using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Dcgan.Tests;

/// <summary>Reads safetensors independently of the library, as its specification says.</summary>
internal sealed class SafetensorsFile
{
    private readonly JsonObject _header;
    private readonly byte[] _data;

    public SafetensorsFile(byte[] file)
    {
        int length = (int)BitConverter.ToInt64(file, 0);
        _header = JsonNode.Parse(file.AsSpan(8, length))!.AsObject();
        _data = file[(8 + length)..];
    }

    /// <summary>What PyTorch's training steps are.</summary>
    public static SafetensorsFile Reference { get; } = OfReference("training.safetensors");

    /// <summary>What NumPy and SciPy make of the metrics.</summary>
    public static SafetensorsFile Metrics { get; } = OfReference("metrics.safetensors");

    public IEnumerable<string> Names => _header.Select(entry => entry.Key).Where(name => name != "__metadata__");

    public int DataLength => _data.Length;

    public string Type(string name) => (string)_header[name]!["dtype"]!;

    public long[] Shape(string name) => _header[name]!["shape"]!.AsArray().Select(size => (long)size!).ToArray();

    public float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Bytes(name)).ToArray();

    public long[] Longs(string name) => MemoryMarshal.Cast<byte, long>(Bytes(name)).ToArray();

    public byte[] Bytes(string name)
    {
        JsonArray place = _header[name]!["data_offsets"]!.AsArray();
        return _data[(int)place[0]!..(int)place[1]!];
    }

    private static SafetensorsFile OfReference(string name) =>
        new(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Reference", name)));
}
