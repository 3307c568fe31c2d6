using System.IO.Compression;
using System.IO.Hashing;
using Microsoft.ML.Dcgan.Storage;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>What torch.save writes since PyTorch 1.6: a zip of a pickle that describes the tensors, and of storages of numbers.</summary>
internal sealed class PyTorchFile : WeightsFile
{
    private const string PickleName = "data.pkl";
    private const int LargestPickle = 256 << 10;
    private readonly BoundedZip _zip;
    private readonly string _root;
    private readonly Dictionary<string, PickledTensor> _tensors = new(StringComparer.Ordinal);
    private (string Entry, byte[] Bytes) _last = ("", []);

    public PyTorchFile(MeteredStream stream, string name)
        : base(stream, name)
    {
        _zip = new BoundedZip(stream, name);
        string pickle = _zip.Names.FirstOrDefault(entry => entry.EndsWith("/" + PickleName, StringComparison.Ordinal))
            ?? throw new FormatException($"{name} is a zip archive without a '{PickleName}', so no file that PyTorch saved "
                + "(a model of ML.NET is loaded with mlContext.Model.Load).");
        _root = pickle[..^PickleName.Length];
        string byteOrder = _root + "byteorder";
        if (_zip.Find(byteOrder) != null && Encoding.ASCII.GetString(_zip.Read(byteOrder, 16)) is var order and not "little")
            throw new FormatException($"{name} has the byte order '{order}', but little is expected. Save it on another machine.");
        ReadDictionary(new PickleReader(_zip.Read(pickle, LargestPickle), name).Read());
        Tensors = _tensors.ToDictionary(entry => entry.Key, entry => new StoredTensor(entry.Value.Storage.Type, entry.Value.Shape, []));
        CheckStorages();
    }

    public override Tensor Load(string tensorName)
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

    private void ReadDictionary(object? pickled)
    {
        if (pickled is not PickledDictionary dictionary)
            throw Other(Describe(pickled), "a state dictionary is expected: save generator.state_dict()");
        foreach ((object? key, object? value) in dictionary)
        {
            if (key is not string name || value is not PickledTensor tensor)
            {
                throw Other($"{Describe(value)} under '{key as string ?? Describe(key)}'",
                    "tensors are expected: save generator.state_dict() alone");
            }
            if (!_tensors.TryAdd(name, tensor))
                throw new FormatException($"{Name} holds '{name}' twice: it is damaged.");
        }

        FormatException Other(string found, string expected) => new($"{Name} holds {found}, but {expected}.");
    }

    // What a tensor claims must be there, and only once, so that no small file becomes a large model.
    private void CheckStorages()
    {
        foreach ((string name, PickledTensor tensor) in _tensors)
        {
            PickledStorage storage = tensor.Storage;
            ZipArchiveEntry entry = _zip.Find(EntryOf(storage))
                ?? throw Damaged(name, $"is to be in the entry '{EntryOf(storage)}', which is missing");
            (long count, long rest) = Math.DivRem(entry.Length, storage.Type.ElementSize());
            if (count != storage.Count || rest != 0)
                throw Damaged(name, $"is to be among {storage.Count} numbers, but there are {entry.Length} bytes");
            try
            {
                long last = tensor.Shape.Zip(tensor.Strides, (count, stride) => checked((count - 1) * stride))
                    .Aggregate(tensor.Offset, (sum, next) => checked(sum + next));
                if (Tensors[name].Elements > 0 && last >= storage.Count)
                {
                    throw Damaged(name, $"of shape [{string.Join(", ", tensor.Shape)}] and strides [{string.Join(", ", tensor.Strides)}] "
                        + $"reaches beyond its {storage.Count} numbers");
                }
            }
            catch (OverflowException)
            {
                throw Damaged(name, $"is of shape [{string.Join(", ", tensor.Shape)}], of more numbers than there can be");
            }
        }

        foreach (var tensors in _tensors.GroupBy(tensor => tensor.Value.Storage.Key))
        {
            PickledStorage storage = tensors.First().Value.Storage;
            Int128 used = tensors.Aggregate(Int128.Zero, (sum, tensor) => sum + Tensors[tensor.Key].Elements);
            if (used > storage.Count)
                throw Damaged(tensors.First().Key, "uses numbers more than once, alone or with others");
            ZipArchiveEntry entry = _zip.Find(EntryOf(storage))!;
            if (used < storage.Count && entry.CompressedLength < entry.Length)
                throw Damaged(tensors.First().Key, $"is compressed among {storage.Count} numbers, of which {used} are used");
        }
    }

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

/// <summary>A zip that is not believed: nothing is read of it that is larger than expected or not what was written.</summary>
internal sealed class BoundedZip
{
    private const int LargestDirectory = 1 << 20;
    private readonly MeteredStream _stream;
    private readonly string _name;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

    /// <exception cref="FormatException">It is damaged, or holds what no file of weights does.</exception>
    public BoundedZip(MeteredStream stream, string name)
    {
        _stream = stream;
        _name = name;
        stream.Left = LargestDirectory;
        try
        {
            foreach (ZipArchiveEntry entry in new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true).Entries)
                Add(entry);
        }
        catch (InvalidDataException failure)
        {
            throw Unreadable(failure);
        }
        stream.Left = long.MaxValue;
    }

    public IReadOnlyCollection<string> Names => _entries.Keys;

    public ZipArchiveEntry? Find(string entry) => _entries.GetValueOrDefault(entry);

    /// <exception cref="FormatException">There is no such entry, it is larger than <paramref name="limit"/>, or damaged.</exception>
    public byte[] Read(string entry, long limit)
    {
        ZipArchiveEntry found = Find(entry) ?? throw Damaged($"has no '{entry}'");
        if (found.Length > limit)
            throw Damaged($"has '{entry}' of {found.Length} bytes, but at most {limit} are expected");
        try
        {
            using Stream content = found.Open();
            byte[] bytes = BoundedStream.ReadExactly(content, found.Length, $"'{entry}' in {_name}");
            return Crc32.HashToUInt32(bytes) == found.Crc32 ? bytes : throw Damaged($"has '{entry}' with a wrong checksum");
        }
        catch (InvalidDataException failure)
        {
            throw Unreadable(failure);
        }
    }

    private void Add(ZipArchiveEntry entry)
    {
        string path = entry.FullName;
        if (path.StartsWith('/') || path.Contains('\\') || path.Contains(':') || Array.IndexOf(path.Split('/'), "..") >= 0)
            throw Damaged($"has an entry named '{path}', which points out of the archive");
        if (entry.CompressedLength > _stream.Length)
            throw Damaged($"has '{path}' of {entry.CompressedLength} bytes, but is itself of {_stream.Length} bytes");
        if (!_entries.TryAdd(path, entry))
            throw Damaged($"has two entries named '{path}'");
    }

    private FormatException Damaged(string what) => new($"{_name} {what}: it is damaged, or no file that PyTorch saved.");

    private FormatException Unreadable(Exception failure) =>
        new($"{_name} is a damaged or truncated zip archive: {failure.Message}", failure);
}
