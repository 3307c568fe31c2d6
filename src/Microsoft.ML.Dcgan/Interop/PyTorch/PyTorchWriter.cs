using System.Globalization;
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
