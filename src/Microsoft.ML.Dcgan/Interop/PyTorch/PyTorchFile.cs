using System.Text;
using Microsoft.ML.Dcgan.Persistence;
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
