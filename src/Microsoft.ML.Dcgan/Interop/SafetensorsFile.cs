using Microsoft.ML.Dcgan.Persistence;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>A file in the safetensors format, from this library or another program.</summary>
internal sealed class SafetensorsFile : IWeightsFile
{
    private readonly Stream _stream;
    private readonly Dictionary<string, SafetensorsEntry> _entries;
    private readonly long _start;

    /// <param name="stream">It is taken over.</param>
    /// <param name="name">What errors call it.</param>
    public SafetensorsFile(Stream stream, string name)
    {
        _stream = stream;
        Name = name;
        IReadOnlyList<SafetensorsEntry> entries = Safetensors.ReadHeader(stream, name);
        _entries = entries.ToDictionary(entry => entry.Name);
        Tensors = _entries.ToDictionary(entry => entry.Key, entry => new TensorHeader(entry.Value.Tensor.Type, entry.Value.Tensor.Shape));
        _start = stream.Position;
        if (entries.Count > 0 && entries[^1] is var last && last.Begin + last.Tensor.Size > stream.Length - _start)
            throw new FormatException($"{name} declares {last.Begin + last.Tensor.Size} bytes of weights, but has {stream.Length - _start}: the file is truncated.");
    }

    public string Name { get; }

    public IReadOnlyDictionary<string, TensorHeader> Tensors { get; }

    public Tensor Load(string tensorName)
    {
        SafetensorsEntry entry = _entries[tensorName];
        _stream.Position = _start + entry.Begin;
        return (entry.Tensor with { Bytes = BoundedStream.ReadExactly(_stream, entry.Tensor.Size, Name) }).ToTensor();
    }

    public void Dispose() => _stream.Dispose();
}
