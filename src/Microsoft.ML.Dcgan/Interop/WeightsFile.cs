using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Storage;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>A file of named tensors. What it says of them is known, and known to be there, before any is loaded.</summary>
internal abstract class WeightsFile(MeteredStream stream, string name) : IDisposable
{
    /// <summary>What errors call it.</summary>
    public string Name => name;

    /// <summary>All but the tensors' numbers.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; protected init; } = null!;

    /// <summary>One of <see cref="Tensors"/>, on the CPU.</summary>
    public abstract Tensor Load(string tensorName);

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        stream.Dispose();
    }

    /// <summary>Opens a file by what is in it.</summary>
    /// <exception cref="FormatException">It is of no known format, or damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static WeightsFile Open(string path) => Ownership.HandOver<MeteredStream, WeightsFile>(new(path), stream =>
    {
        string name = $"'{path}'";
        Span<byte> start = stackalloc byte[9];
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        stream.Position = 0;
        return start.StartsWith("PK"u8) ? new PyTorchFile(stream, name)
            : start.Length > 8 && start[8] == '{' ? new SafetensorsFile(stream, name)
            : throw new FormatException(start.Length > 0 && start[0] == 0x80
                ? $"{name} is in the format of PyTorch before 1.6. Load it with torch.load in a newer PyTorch, and torch.save it again."
                : $"{name} is neither a state dictionary that torch.save wrote (.pth) nor safetensors.");
    });
}

/// <summary>A file of which no more is read than is left.</summary>
internal sealed class MeteredStream(string path) : FileStream(path, FileMode.Open, FileAccess.Read)
{
    public long Left { get; set; } = long.MaxValue;

    // All other ways to read lead here in a class derived from FileStream.
    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = base.Read(buffer, offset, count);
        Left -= read;
        return Left >= 0 ? read : throw new InvalidDataException("More is to be read of it than such a file needs.");
    }
}

/// <summary>A file in the safetensors format, from this library or another program.</summary>
internal sealed class SafetensorsFile : WeightsFile
{
    private readonly MeteredStream _stream;
    private readonly long _start;

    public SafetensorsFile(MeteredStream stream, string name)
        : base(stream, name)
    {
        _stream = stream;
        Tensors = Safetensors.ReadHeader(stream, name).ToDictionary(entry => entry.Name, entry => entry.Tensor);
        _start = stream.Position;
        (long declared, long there) = (Tensors.Values.Sum(tensor => tensor.Size), stream.Length - _start);
        if (declared > there)
            throw new FormatException($"{name} declares {declared} bytes of weights, but has {there}: the file is truncated.");
    }

    public override Tensor Load(string tensorName)
    {
        _stream.Position = _start + Tensors[tensorName].Begin;
        return Tensors[tensorName].ReadFrom(_stream, Name).ToTensor();
    }
}
