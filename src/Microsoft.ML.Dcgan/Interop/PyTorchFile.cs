using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.Dcgan.Storage;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>
/// A state dictionary as torch.save writes it since PyTorch 1.6: a zip archive of a pickle that describes the tensors, and
/// an entry for each storage of numbers.
/// </summary>
internal sealed class PyTorchFile : IWeightsFile
{
    private const string PickleName = "data.pkl";
    private const int LargestPickle = 256 << 10;
    private readonly Stream _stream;
    private readonly StoredZip _zip;
    private readonly string _root;
    private readonly Dictionary<string, PickledTensor> _tensors = new(StringComparer.Ordinal);
    private (string Entry, byte[] Bytes) _last = ("", []);

    /// <param name="stream">It is taken over.</param>
    /// <param name="name">What errors call it.</param>
    public PyTorchFile(Stream stream, string name)
    {
        _stream = stream;
        Name = name;
        _zip = new StoredZip(stream, name);
        _root = Root();
        CheckByteOrder();
        ReadDictionary(new PickleReader(_zip.Read(_root + PickleName, LargestPickle), name).Read());
        CheckStorages();
        Tensors = _tensors.ToDictionary(entry => entry.Key, entry => new TensorHeader(entry.Value.Storage.Type, entry.Value.Shape));
    }

    public string Name { get; }

    public IReadOnlyDictionary<string, TensorHeader> Tensors { get; }

    public Tensor Load(string tensorName)
    {
        using var scope = NewDisposeScope();
        PickledTensor pickled = _tensors[tensorName];
        // Several tensors may share one.
        string entry = EntryOf(pickled.Storage);
        if (_last.Entry != entry)
            _last = (entry, _zip.Read(entry, long.MaxValue));
        Tensor storage = new StoredTensor(pickled.Storage.Type, [pickled.Storage.Count], _last.Bytes).ToTensor();
        return storage.as_strided(pickled.Shape, pickled.Strides, pickled.Offset).clone().MoveToOuterDisposeScope();
    }

    public void Dispose() => _stream.Dispose();

    private string Root()
    {
        string pickle = _zip.Names.FirstOrDefault(entry => entry.EndsWith("/" + PickleName, StringComparison.Ordinal))
            ?? throw new FormatException($"{Name} is a zip archive without a '{PickleName}', so no file that PyTorch saved.");
        return pickle[..^PickleName.Length];
    }

    private void CheckByteOrder()
    {
        string entry = _root + "byteorder";
        if (_zip.SizeOf(entry) != null && Encoding.ASCII.GetString(_zip.Read(entry, 16)) is var order and not "little")
            throw new FormatException($"{Name} was saved on a machine of byte order '{order}', but little is expected. Save it on another machine.");
    }

    private void ReadDictionary(object? pickled)
    {
        if (pickled is not PickledDictionary dictionary)
            throw new FormatException($"{Name} holds {Describe(pickled)}, but a state dictionary is expected: save generator.state_dict().");
        foreach ((object? key, object? value) in dictionary.Entries)
        {
            if (key is not string name || value is not PickledTensor tensor)
                throw new FormatException($"{Name} holds {Describe(value)} under '{key as string ?? Describe(key)}', but tensors are expected: save generator.state_dict() alone.");
            if (!_tensors.TryAdd(name, tensor))
                throw new FormatException($"{Name} holds '{name}' twice: it is damaged.");
        }
    }

    // What a tensor claims must be there, and only once, so that no small file becomes a large model.
    private void CheckStorages()
    {
        foreach ((string name, PickledTensor tensor) in _tensors)
        {
            long size = _zip.SizeOf(EntryOf(tensor.Storage)) ?? throw Damaged(name, $"is to be in the entry '{EntryOf(tensor.Storage)}', which is missing");
            if (size / StoredTensor.ElementSize(tensor.Storage.Type) != tensor.Storage.Count || size % StoredTensor.ElementSize(tensor.Storage.Type) != 0)
                throw Damaged(name, $"is to be among {tensor.Storage.Count} numbers, but there are {size} bytes");
            try
            {
                long last = tensor.Shape.Zip(tensor.Strides, (count, stride) => checked((count - 1) * stride)).Aggregate(tensor.Offset, (sum, next) => checked(sum + next));
                if (Elements(tensor) > 0 && last >= tensor.Storage.Count)
                    throw Damaged(name, $"of shape [{string.Join(", ", tensor.Shape)}] and strides [{string.Join(", ", tensor.Strides)}] reaches beyond its {tensor.Storage.Count} numbers");
            }
            catch (OverflowException)
            {
                throw Damaged(name, $"is of shape [{string.Join(", ", tensor.Shape)}], of more numbers than there can be");
            }
        }

        foreach (var storage in _tensors.GroupBy(entry => entry.Value.Storage.Key))
        {
            if (storage.Aggregate(0L, (sum, entry) => checked(sum + Elements(entry.Value))) > storage.First().Value.Storage.Count)
                throw Damaged(storage.First().Key, "uses numbers more than once, alone or with others");
        }
    }

    private static long Elements(PickledTensor tensor) => tensor.Shape.Aggregate(1L, (product, size) => checked(product * size));

    private string EntryOf(PickledStorage storage) => $"{_root}data/{storage.Key}";

    private FormatException Damaged(string tensor, string what) => new($"{Name} is damaged: '{tensor}' {what}.");

    private static string Describe(object? value) => value switch
    {
        null => "None",
        string => "a string",
        long => "an integer",
        double => "a number",
        bool => "True or False",
        object?[] => "a tuple",
        PickledDictionary => "a dictionary",
        PickledTensor => "a tensor",
        PickledName name => $"'{name}'",
        _ => "something else",
    };
}

/// <summary>
/// Reads a zip archive whose entries are stored as they are, which is how PyTorch writes them. A compressed entry is
/// refused, and no entry is larger than what is really there, so there is nothing to unpack that a small file could hide.
/// </summary>
internal sealed class StoredZip
{
    private const int EndLength = 22;
    private const int LongestComment = ushort.MaxValue;
    private const int EntryLength = 46;
    private const int LargestDirectory = 1 << 20;
    private readonly Stream _stream;
    private readonly string _name;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <param name="stream">Can seek; the caller disposes it.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="FormatException">It is damaged, or holds what no file of weights does.</exception>
    public StoredZip(Stream stream, string name)
    {
        _stream = stream;
        _name = name;
        ReadDirectory(Directory());
    }

    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Bytes of an entry, or null where there is none.</summary>
    public long? SizeOf(string entry) => _entries.TryGetValue(entry, out Entry found) ? found.Size : null;

    /// <exception cref="FormatException">There is no such entry, it is larger than <paramref name="limit"/>, or damaged.</exception>
    public byte[] Read(string entry, long limit)
    {
        if (!_entries.TryGetValue(entry, out Entry found))
            throw Damaged($"has no '{entry}'");
        if (found.Size > limit)
            throw Damaged($"has '{entry}' of {found.Size} bytes, but at most {limit} are expected");
        byte[] bytes = Bytes(ContentOffset(entry, found), found.Size, entry);
        if (Crc32.Of(bytes) != found.Checksum)
            throw Damaged($"has '{entry}' with a wrong checksum");
        return bytes;
    }

    // The last 22 bytes, unless a comment follows them.
    private byte[] Directory()
    {
        long length = Math.Min(_stream.Length, EndLength + LongestComment);
        byte[] tail = Bytes(_stream.Length - length, length, "its end");
        int end = tail.AsSpan().LastIndexOf("PK\x05\x06"u8);
        if (end < 0 || tail.Length - end < EndLength)
            throw Damaged("has no zip directory at its end, so it is truncated");
        ReadOnlySpan<byte> record = tail.AsSpan(end);
        uint size = UInt32(record, 12), offset = UInt32(record, 16);
        if (size > LargestDirectory)
            throw Damaged($"has a zip directory of {size} bytes, but at most {LargestDirectory} are expected");
        return Bytes(offset, size, "its directory");
    }

    private void ReadDirectory(ReadOnlySpan<byte> directory)
    {
        while (!directory.IsEmpty)
        {
            if (directory.Length < EntryLength || !directory.StartsWith("PK\x01\x02"u8))
                throw Damaged("has a zip directory that makes no sense");
            int nameLength = UInt16(directory, 28);
            int length = EntryLength + nameLength + UInt16(directory, 30) + UInt16(directory, 32);
            if (length > directory.Length)
                throw Damaged("has a zip directory that ends early");
            Add(Encoding.UTF8.GetString(directory.Slice(EntryLength, nameLength)), directory);
            directory = directory[length..];
        }
    }

    private void Add(string entry, ReadOnlySpan<byte> header)
    {
        if (entry.StartsWith('/') || entry.Contains('\\') || entry.Contains(':') || Array.IndexOf(entry.Split('/'), "..") >= 0)
            throw Damaged($"has an entry named '{entry}', which points out of the archive");
        int method = UInt16(header, 10);
        uint size = UInt32(header, 24), stored = UInt32(header, 20), offset = UInt32(header, 42);
        if (method != 0 || size != stored)
            throw Damaged($"has '{entry}' compressed by method {method}, but PyTorch stores entries as they are (a model of ML.NET is loaded with mlContext.Model.Load)");
        if ((long)offset + size > _stream.Length)
            throw Damaged($"has '{entry}' of {size} bytes, but is itself of {_stream.Length} bytes");
        if (!_entries.TryAdd(entry, new Entry(offset, size, UInt32(header, 16))))
            throw Damaged($"has two entries named '{entry}'");
    }

    private long ContentOffset(string entry, Entry found)
    {
        const int localLength = 30;
        byte[] header = Bytes(found.Offset, localLength, entry);
        if (!header.AsSpan().StartsWith("PK\x03\x04"u8))
            throw Damaged($"has no '{entry}' where its directory says");
        return found.Offset + localLength + UInt16(header, 26) + UInt16(header, 28);
    }

    private byte[] Bytes(long offset, long length, string what)
    {
        if (offset + length > _stream.Length)
            throw Damaged($"ends within {(what.StartsWith("its") ? what : $"'{what}'")}, so it is truncated");
        _stream.Position = offset;
        return BoundedStream.ReadExactly(_stream, length, _name);
    }

    private FormatException Damaged(string what) => new($"{_name} {what}: it is damaged, or no file that PyTorch saved.");

    private static ushort UInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint UInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private readonly record struct Entry(long Offset, long Size, uint Checksum);
}
