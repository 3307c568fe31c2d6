using System.IO.Compression;

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

    // Of protocol 2. Characters are bytes, and most an instruction: c GLOBAL, ( MARK, ) EMPTY_TUPLE, t TUPLE, X BINUNICODE,
    // J BININT, \u008a LONG1, \u0089 NEWFALSE, Q BINPERSID, R REDUCE, u SETITEMS, . STOP. Nothing is stored for recall.
    private static byte[] Pickle(IReadOnlyDictionary<string, Tensor> tensors) => Encoding.Latin1.GetBytes(
        $"\u0080\u0002{EmptyDictionary}({string.Concat(tensors.Select((entry, key) => Text(entry.Key) + Rebuild(entry.Value, key)))}u.");

    private static string EmptyDictionary => Name(PickledTypes.OrderedDictionary) + ")R";

    // _rebuild_tensor_v2(storage, offset, sizes, strides, requires_grad, backward_hooks)
    private static string Rebuild(Tensor tensor, int key)
    {
        long[] shape = tensor.shape;
        long[] strides = [.. shape.Select((_, axis) => shape.Skip(axis + 1).Aggregate(1L, (product, size) => product * size))];
        string type = Name(PickledTypes.StorageOf(tensor.dtype)), place = Text(key.ToString(CultureInfo.InvariantCulture));
        string storage = $"({Text("storage")}{type}{place}{Text("cpu")}{Integer(tensor.NumberOfElements)}tQ";
        return $"{Name(PickledTypes.RebuildTensor)}({storage}{Integer(0)}{Tuple(shape)}{Tuple(strides)}\u0089{EmptyDictionary}tR";
    }

    private static string Name(PickledName name) => $"c{name.Module}\n{name.Name}\n";

    private static string Text(string text) =>
        "X" + Bytes(BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text))) + Bytes(Encoding.UTF8.GetBytes(text));

    private static string Integer(long value) => value == (int)value
        ? "J" + Bytes(BitConverter.GetBytes((int)value))
        : "\u008a\u0008" + Bytes(BitConverter.GetBytes(value));

    private static string Tuple(long[] values) => $"({string.Concat(values.Select(Integer))}t";

    private static string Bytes(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
