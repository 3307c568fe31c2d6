using System.Reflection;
using System.Runtime.InteropServices;
using Google.Protobuf;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>Builds an ONNX model of operator set 17 (ONNX 1.12). The numbers of fields are those of onnx.proto.</summary>
internal sealed class OnnxGraph(string name)
{
    private const int IrVersion = 8;
    private const int OperatorSet = 17;
    private const string Batch = "batch";
    private readonly List<ProtoMessage> _nodes = [];
    private readonly List<ProtoMessage> _initializers = [];
    private readonly List<ProtoMessage> _inputs = [];
    private readonly List<ProtoMessage> _outputs = [];

    /// <summary>Texts about the model.</summary>
    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>An input of any number of rows, each of these sizes.</summary>
    public string Input(string value, OnnxType type, params long[] sizes)
    {
        _inputs.Add(Value(value, type, sizes));
        return value;
    }

    /// <summary>An output of any number of rows, each of these sizes.</summary>
    public void Output(string value, OnnxType type, params long[] sizes) => _outputs.Add(Value(value, type, sizes));

    public string Constant(string value, params long[] numbers) => Constant(value, OnnxType.Int64, [numbers.Length], MemoryMarshal.AsBytes<long>(numbers).ToArray());

    public string Constant(string value, params float[] numbers) => Constant(value, OnnxType.Single, [numbers.Length], MemoryMarshal.AsBytes<float>(numbers).ToArray());

    /// <summary>A number, which is no vector of one.</summary>
    public string Scalar(string value, float number) => Constant(value, OnnxType.Single, [], BitConverter.GetBytes(number));

    /// <inheritdoc cref="Scalar(string, float)"/>
    public string Scalar(string value, long number) => Constant(value, OnnxType.Int64, [], BitConverter.GetBytes(number));

    /// <summary>Float32 weights.</summary>
    public string Constant(string value, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return Constant(value, OnnxType.Single, tensor.shape, tensor.detach().cpu().contiguous().bytes.ToArray());
    }

    /// <summary>An operator that makes one value.</summary>
    /// <param name="operation">Its name in the standard.</param>
    /// <param name="output">The value that it makes, and its own name.</param>
    /// <param name="inputs">The values that it takes; "" for one that is left out.</param>
    /// <param name="attributes">Integers, lists of integers, numbers or texts.</param>
    /// <returns>The output's name.</returns>
    public string Node(string operation, string output, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var node = new ProtoMessage();
        foreach (string input in inputs)
            node.Add(1, input);
        node.Add(2, output).Add(3, output).Add(4, operation).AddAll(5, attributes.Select(attribute => Attribute(attribute.Name, attribute.Value)));
        _nodes.Add(node);
        return output;
    }

    public void WriteTo(Stream stream)
    {
        ProtoMessage graph = new ProtoMessage().AddAll(1, _nodes).Add(2, name).AddAll(5, _initializers).AddAll(11, _inputs).AddAll(12, _outputs);
        new ProtoMessage()
            .Add(1, IrVersion)
            .Add(2, "Microsoft.ML.Dcgan")
            .Add(3, typeof(OnnxGraph).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion)
            .Add(7, graph)
            .Add(8, new ProtoMessage().Add(1, "").Add(2, OperatorSet))
            .AddAll(14, Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new ProtoMessage().Add(1, entry.Key).Add(2, entry.Value)))
            .WriteTo(stream);
    }

    private string Constant(string value, OnnxType type, long[] sizes, byte[] bytes)
    {
        var tensor = new ProtoMessage();
        foreach (long size in sizes)
            tensor.Add(1, size);
        _initializers.Add(tensor.Add(2, (long)type).Add(8, value).Add(9, bytes));
        return value;
    }

    private static ProtoMessage Value(string value, OnnxType type, long[] sizes)
    {
        ProtoMessage shape = new ProtoMessage()
            .Add(1, new ProtoMessage().Add(2, Batch))
            .AddAll(1, sizes.Select(size => new ProtoMessage().Add(1, size)));
        ProtoMessage tensorType = new ProtoMessage().Add(1, (long)type).Add(2, shape);
        return new ProtoMessage().Add(1, value).Add(2, new ProtoMessage().Add(1, tensorType));
    }

    private static ProtoMessage Attribute(string attribute, object value)
    {
        ProtoMessage message = new ProtoMessage().Add(1, attribute);
        switch (value)
        {
            case float number:
                return message.Add(2, number).Add(20, 1L);
            case long number:
                return message.Add(3, number).Add(20, 2L);
            case string text:
                return message.Add(4, text).Add(20, 3L);
            case long[] numbers:
                foreach (long number in numbers)
                    message.Add(8, number);
                return message.Add(20, 7L);
            default:
                throw new NotSupportedException($"{value.GetType()} is no type of attributes.");
        }
    }
}

/// <summary>A type of numbers, by its number in onnx.proto.</summary>
internal enum OnnxType
{
    Single = 1,
    Byte = 2,
    Int64 = 7,
}

/// <summary>
/// A protocol buffer message, field by field, in the order of the calls. What is long is kept by reference and not copied
/// until the message is written.
/// </summary>
internal sealed class ProtoMessage
{
    private readonly List<(long Size, Action<CodedOutputStream> Write)> _fields = [];

    private long Size => _fields.Sum(part => part.Size);

    public ProtoMessage Add(int number, long value) => Add(number, WireFormat.WireType.Varint, CodedOutputStream.ComputeInt64Size(value), output => output.WriteInt64(value));

    public ProtoMessage Add(int number, float value) => Add(number, WireFormat.WireType.Fixed32, sizeof(float), output => output.WriteFloat(value));

    public ProtoMessage Add(int number, string value) => Add(number, WireFormat.WireType.LengthDelimited, CodedOutputStream.ComputeStringSize(value), output => output.WriteString(value));

    public ProtoMessage Add(int number, byte[] value)
    {
        ByteString bytes = UnsafeByteOperations.UnsafeWrap(value);
        return Add(number, WireFormat.WireType.LengthDelimited, CodedOutputStream.ComputeBytesSize(bytes), output => output.WriteBytes(bytes));
    }

    public ProtoMessage Add(int number, ProtoMessage value)
    {
        long size = value.Size;
        if (size > int.MaxValue)
            throw new NotSupportedException("The model takes more than 2 GB, the most that an ONNX file can hold. Train with fewer feature maps, or export safetensors.");
        return Add(number, WireFormat.WireType.LengthDelimited, CodedOutputStream.ComputeLengthSize((int)size) + size, output =>
        {
            output.WriteLength((int)size);
            value.WriteFields(output);
        });
    }

    /// <summary>The same for each, as a repeated field is.</summary>
    public ProtoMessage AddAll(int number, IEnumerable<ProtoMessage> values)
    {
        foreach (ProtoMessage value in values)
            Add(number, value);
        return this;
    }

    public void WriteTo(Stream stream)
    {
        using var output = new CodedOutputStream(stream, leaveOpen: true);
        WriteFields(output);
    }

    private ProtoMessage Add(int number, WireFormat.WireType type, long size, Action<CodedOutputStream> write)
    {
        _fields.Add((CodedOutputStream.ComputeTagSize(number) + size, output =>
        {
            output.WriteTag(number, type);
            write(output);
        }
        ));
        return this;
    }

    private void WriteFields(CodedOutputStream output)
    {
        foreach ((_, Action<CodedOutputStream> write) in _fields)
            write(output);
    }
}
