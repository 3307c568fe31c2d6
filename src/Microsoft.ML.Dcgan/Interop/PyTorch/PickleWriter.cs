using System.Text;

namespace Microsoft.ML.Dcgan.Interop;

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
