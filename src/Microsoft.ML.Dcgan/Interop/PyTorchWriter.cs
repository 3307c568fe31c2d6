using System.Globalization;
using System.IO.Compression;
using System.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>Writes a state dictionary as torch.save does, for torch.load of PyTorch 1.6 and later, with weights_only or without.</summary>
internal static class PyTorchWriter
{
    private const string Root = "archive/";

    // The earliest that zip archives know, so that equal weights make equal files.
    private static readonly DateTimeOffset _time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add("data.pkl", Pickle(tensors));
        Add("byteorder", "little"u8);
        int key = 0;
        foreach (Tensor tensor in tensors.Values)
        {
            using var scope = NewDisposeScope();
            Add($"data/{key++}", tensor.detach().cpu().contiguous().bytes);
        }
        Add("version", "3\n"u8);

        // PyTorch reads no compressed entries.
        void Add(string name, ReadOnlySpan<byte> content)
        {
            ZipArchiveEntry entry = zip.CreateEntry(Root + name, CompressionLevel.NoCompression);
            entry.LastWriteTime = _time;
            using Stream target = entry.Open();
            target.Write(content);
        }
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

/// <summary>Writes a pickle of protocol 2, of what a state dictionary needs. Nothing is stored for recall: names recur.</summary>
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
