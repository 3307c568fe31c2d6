using System.Globalization;
using System.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>Writes a state dictionary as torch.save does, for torch.load of PyTorch 1.6 and later, with weights_only or without.</summary>
internal static class PyTorchWriter
{
    private const string Root = "archive/";

    public static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var zip = new StoredZipWriter(stream);
        zip.Add(Root + "data.pkl", Pickle(tensors));
        zip.Add(Root + "byteorder", "little"u8);
        int key = 0;
        foreach (Tensor tensor in tensors.Values)
        {
            using var scope = NewDisposeScope();
            zip.Add($"{Root}data/{key++}", tensor.detach().cpu().contiguous().bytes);
        }
        zip.Add(Root + "version", "3\n"u8);
    }

    private static byte[] Pickle(IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var pickle = new PickleWriter();
        pickle.EmptyDictionary();
        pickle.Code('('); // MARK
        foreach (((string name, Tensor tensor), int key) in tensors.Select((entry, key) => (entry, key)))
        {
            pickle.Text(name);
            Add(pickle, tensor, key);
        }
        pickle.Code('u'); // SETITEMS
        return pickle.Complete();
    }

    // _rebuild_tensor_v2(storage, offset, sizes, strides, requires_grad, backward_hooks)
    private static void Add(PickleWriter pickle, Tensor tensor, int key)
    {
        long[] shape = tensor.shape;
        pickle.Name(PickledTypes.RebuildTensor);
        pickle.Code('('); // MARK
        pickle.Code('('); // MARK
        pickle.Text("storage");
        pickle.Name(PickledTypes.StorageOf(tensor.dtype));
        pickle.Text(key.ToString(CultureInfo.InvariantCulture));
        pickle.Text("cpu");
        pickle.Integer(tensor.NumberOfElements);
        pickle.Code('t'); // TUPLE
        pickle.Code('Q'); // BINPERSID
        pickle.Integer(0);
        pickle.Tuple(shape);
        pickle.Tuple(shape.Select((_, axis) => shape.Skip(axis + 1).Aggregate(1L, (product, size) => product * size)).ToArray());
        pickle.False();
        pickle.EmptyDictionary();
        pickle.Code('t'); // TUPLE
        pickle.Code('R'); // REDUCE
    }
}

/// <summary>Writes a pickle of protocol 2, of what a state dictionary of PyTorch needs. It stores nothing for recall, so equal names are written again.</summary>
internal sealed class PickleWriter : IDisposable
{
    private readonly MemoryStream _bytes = new();
    private readonly BinaryWriter _writer;

    public PickleWriter()
    {
        _writer = new BinaryWriter(_bytes);
        _writer.Write([0x80, 2]); // PROTO
    }

    public void Code(char code) => _writer.Write((byte)code);

    public void Name(PickledName name) => _writer.Write(Encoding.ASCII.GetBytes($"c{name.Module}\n{name.Name}\n")); // GLOBAL

    public void Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Code('X'); // BINUNICODE
        _writer.Write(bytes.Length);
        _writer.Write(bytes);
    }

    public void Integer(long value)
    {
        if (value == (int)value)
        {
            Code('J'); // BININT
            _writer.Write((int)value);
            return;
        }
        _writer.Write([0x8a, sizeof(long)]); // LONG1
        _writer.Write(value);
    }

    public void Tuple(params ReadOnlySpan<long> values)
    {
        Code('('); // MARK
        foreach (long value in values)
            Integer(value);
        Code('t'); // TUPLE
    }

    public void False() => _writer.Write((byte)0x89); // NEWFALSE

    public void EmptyDictionary()
    {
        Name(PickledTypes.OrderedDictionary);
        Code(')'); // EMPTY_TUPLE
        Code('R'); // REDUCE
    }

    public byte[] Complete()
    {
        Code('.'); // STOP
        _writer.Flush();
        return _bytes.ToArray();
    }

    public void Dispose() => _writer.Dispose();
}

/// <summary>
/// Writes a zip archive of entries as they are, not compressed. Each one's content begins at a multiple of 64 bytes, so that
/// it can be mapped into memory, as PyTorch has it.
/// </summary>
internal sealed class StoredZipWriter(Stream stream) : IDisposable
{
    private const int Alignment = 64;
    private const int HeaderLength = 30;
    private const int PaddingHeaderLength = 4;
    private const ushort Version = 20;
    private const ushort Utf8Names = 1 << 11;
    private const ushort FirstDay = 0x21;
    private readonly BinaryWriter _writer = new(stream, Encoding.UTF8, leaveOpen: true);
    private readonly MemoryStream _directory = new();
    private long _position;
    private ushort _count;

    /// <exception cref="NotSupportedException">The archive becomes larger than 4 GB.</exception>
    public void Add(string name, ReadOnlySpan<byte> content)
    {
        byte[] encoded = Encoding.UTF8.GetBytes(name);
        long start = _position;
        long unpadded = start + HeaderLength + encoded.Length + PaddingHeaderLength;
        int padding = (int)((Alignment - unpadded % Alignment) % Alignment);
        if (unpadded + padding + content.Length > uint.MaxValue)
            throw new NotSupportedException("The weights take more than 4 GB, the most that fits a file of this format here. Export safetensors, which has no limit.");

        byte[] description = Description(encoded.Length, content, PaddingHeaderLength + padding);
        _writer.Write("PK\x03\x04"u8);
        _writer.Write(description);
        _writer.Write(encoded);
        // An extra field of PyTorch's kind, of nothing.
        _writer.Write("FB"u8);
        _writer.Write((ushort)padding);
        _writer.Write(new byte[padding]);
        _writer.Write(content);
        _position = unpadded + padding + content.Length;

        // No extra field here.
        description.AsSpan(^2..).Clear();
        using var directory = new BinaryWriter(_directory, Encoding.UTF8, leaveOpen: true);
        directory.Write("PK\x01\x02"u8);
        directory.Write(Version);
        directory.Write(description);
        // No comment, disk 0, no attributes.
        directory.Write(new byte[10]);
        directory.Write((uint)start);
        directory.Write(encoded);
        _count++;
    }

    /// <summary>Completes the archive.</summary>
    public void Dispose()
    {
        _writer.Write(_directory.ToArray());
        _writer.Write("PK\x05\x06"u8);
        _writer.Write(0);
        _writer.Write(_count);
        _writer.Write(_count);
        _writer.Write((uint)_directory.Length);
        _writer.Write((uint)_position);
        _writer.Write((ushort)0);
        _writer.Dispose();
    }

    private static byte[] Description(int nameLength, ReadOnlySpan<byte> content, int extraLength)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Version);
        writer.Write(Utf8Names);
        // Stored, at no time.
        writer.Write((ushort)0);
        writer.Write((ushort)0);
        writer.Write(FirstDay);
        writer.Write(Crc32.Of(content));
        writer.Write((uint)content.Length);
        writer.Write((uint)content.Length);
        writer.Write((ushort)nameLength);
        writer.Write((ushort)extraLength);
        writer.Flush();
        return bytes.ToArray();
    }
}

/// <summary>The checksum of zip archives: CRC-32 of the polynomial 0x04C11DB7, bits reversed.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[] _table = Enumerable.Range(0, 256).Select(value => Divide((uint)value)).ToArray();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint remainder = uint.MaxValue;
        foreach (byte value in bytes)
            remainder = _table[(byte)(remainder ^ value)] ^ remainder >> 8;
        return ~remainder;
    }

    private static uint Divide(uint value)
    {
        for (int bit = 0; bit < 8; bit++)
            value = (value & 1) == 0 ? value >> 1 : value >> 1 ^ Polynomial;
        return value;
    }
}
