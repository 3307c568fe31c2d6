using System.Reflection;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>Builds an ONNX model of operator set 17 (ONNX 1.12). The numbers of fields are those of onnx.proto.</summary>
internal sealed class OnnxGraph(string name)
{
    private const int IrVersion = 8;
    private const int OperatorSet = 17;
    private const string Batch = "batch";
    private readonly ProtoMessage _graph = new ProtoMessage().Add(2, name);

    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>An input of any number of rows, each of these sizes.</summary>
    public string Input(string value, OnnxType type, params long[] sizes)
    {
        _graph.Add(11, Value(value, type, sizes));
        return value;
    }

    public void Output(string value, OnnxType type, params long[] sizes) => _graph.Add(12, Value(value, type, sizes));

    /// <summary>Numbers, float32 or int64; a tensor without dimensions is a scalar.</summary>
    public string Constant(string value, Tensor numbers)
    {
        using var scope = NewDisposeScope();
        OnnxType type = numbers.dtype == ScalarType.Int64 ? OnnxType.Int64 : OnnxType.Single;
        _graph.Add(5, new ProtoMessage().Add(1, numbers.shape).Add(2, (long)type).Add(8, value)
            .Add(9, numbers.detach().cpu().contiguous().bytes.ToArray()));
        return value;
    }

    /// <summary>An operator that makes a value of its name. Attributes: integers, lists of them, floats or texts; "" is no input.</summary>
    public string Node(string operation, string output, string[] inputs, params (string Name, object Value)[] attributes)
    {
        _graph.Add(1, inputs.Aggregate(new ProtoMessage(), (node, input) => node.Add(1, input))
            .Add(2, output).Add(3, output).Add(4, operation)
            .Add(5, Array.ConvertAll(attributes, attribute => Attribute(attribute.Name, attribute.Value))));
        return output;
    }

    public void WriteTo(Stream stream) => new ProtoMessage()
        .Add(1, IrVersion)
        .Add(2, "Microsoft.ML.Dcgan")
        .Add(3, typeof(OnnxGraph).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion)
        .Add(7, _graph)
        .Add(8, new ProtoMessage().Add(1, "").Add(2, OperatorSet))
        .Add(14, [.. Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => new ProtoMessage().Add(1, entry.Key).Add(2, entry.Value))])
        .WriteTo(stream);

    private static ProtoMessage Value(string value, OnnxType type, long[] sizes)
    {
        ProtoMessage shape = new ProtoMessage()
            .Add(1, new ProtoMessage().Add(2, Batch))
            .Add(1, Array.ConvertAll(sizes, size => new ProtoMessage().Add(1, size)));
        return new ProtoMessage().Add(1, value).Add(2, new ProtoMessage().Add(1, new ProtoMessage().Add(1, (long)type).Add(2, shape)));
    }

    private static ProtoMessage Attribute(string attribute, object value)
    {
        ProtoMessage message = new ProtoMessage().Add(1, attribute);
        return value switch
        {
            float number => message.Add(2, number).Add(20, 1),
            long number => message.Add(3, number).Add(20, 2),
            string text => message.Add(4, text).Add(20, 3),
            long[] numbers => message.Add(8, numbers).Add(20, 7),
            _ => throw new NotSupportedException($"{value.GetType()} is no type of attributes."),
        };
    }
}

/// <summary>A type of numbers, by its number in onnx.proto.</summary>
internal enum OnnxType { Single = 1, Byte = 2, Int64 = 7 }

/// <summary>A protocol buffer message, field by field; of several values a field is repeated. Bytes are kept by reference.</summary>
internal sealed class ProtoMessage
{
    private const int LengthDelimited = 2;
    private const int FourBytes = 5;
    private readonly List<byte[]> _parts = [];

    public ProtoMessage Add(int number, params ReadOnlySpan<long> values)
    {
        foreach (long value in values)
            AddIntegers(number << 3, value);
        return this;
    }

    public ProtoMessage Add(int number, params ReadOnlySpan<ProtoMessage> values)
    {
        foreach (ProtoMessage value in values)
            Add(number, value._parts);
        return this;
    }

    public ProtoMessage Add(int number, float value)
    {
        AddIntegers(number << 3 | FourBytes);
        _parts.Add(BitConverter.GetBytes(value));
        return this;
    }

    public ProtoMessage Add(int number, string value) => Add(number, Encoding.UTF8.GetBytes(value));

    public ProtoMessage Add(int number, byte[] value) => Add(number, [value]);

    public void WriteTo(Stream stream) => _parts.ForEach(part => stream.Write(part));

    private ProtoMessage Add(int number, List<byte[]> parts)
    {
        long size = parts.Sum(part => (long)part.Length);
        if (size > int.MaxValue)
        {
            throw new NotSupportedException("The model takes more than 2 GB, the most that an ONNX file can hold. "
                + "Train with fewer feature maps, or export safetensors.");
        }
        AddIntegers(number << 3 | LengthDelimited, size);
        _parts.AddRange(parts);
        return this;
    }

    // Protocol buffers' varints are .NET's 7-bit encoding.
    private void AddIntegers(params ReadOnlySpan<long> values)
    {
        using var bytes = new MemoryStream();
        using var output = new BinaryWriter(bytes);
        foreach (long value in values)
            output.Write7BitEncodedInt64(value);
        _parts.Add(bytes.ToArray());
    }
}
