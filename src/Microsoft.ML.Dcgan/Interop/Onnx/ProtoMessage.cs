using Google.Protobuf;

namespace Microsoft.ML.Dcgan.Interop;

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
        }));
        return this;
    }

    private void WriteFields(CodedOutputStream output)
    {
        foreach ((_, Action<CodedOutputStream> write) in _fields)
            write(output);
    }
}
