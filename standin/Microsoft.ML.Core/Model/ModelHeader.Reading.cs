using System.IO;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

internal sealed partial class ModelHeader
{
    /// <summary>Reads and checks everything around the model, and leaves the reader at its start.</summary>
    public static ModelHeader BeginRead(BinaryReader reader, out string[] strings, out string loaderAssemblyName)
    {
        Stream stream = reader.BaseStream;
        byte[] bytes = reader.ReadBytes(Size);
        Contracts.CheckDecode(bytes.Length == Size, "Corrupt file header");

        var header = new ModelHeader();
        header.ReadFields(new BinaryReader(new MemoryStream(bytes)));
        header.CheckLayout(stream.Length);

        stream.Position = header._stringTable.Offset;
        strings = header._stringTable.Size > 0 ? header.ReadStrings(reader) : null;
        stream.Position = header._assemblyName.Offset;
        loaderAssemblyName = header._assemblyName.Size > 0 ? ReadText(reader, header._assemblyName.Size) : null;
        stream.Position = header._tail;
        Contracts.CheckDecode(reader.ReadUInt64() == TailSignature, "Corrupt model file tail");

        stream.Position = header._model.Offset;
        return header;
    }

    /// <summary>Checks that the model was read to its end.</summary>
    public void EndRead(BinaryReader reader)
        => Contracts.CheckDecode(reader.BaseStream.Position == _model.End, "The model was not read to its end");

    private void ReadFields(BinaryReader reader)
    {
        Contracts.CheckDecode(reader.ReadUInt64() == Signature, "Wrong file type");
        _verWritten = reader.ReadUInt32();
        uint verReadable = reader.ReadUInt32();
        Contracts.CheckDecode(verReadable <= _verWritten, "Corrupt file header");
        Contracts.CheckDecode(verReadable <= Written, "File is too new");
        Contracts.CheckDecode(_verWritten >= Oldest, "File is too old");

        _model = new Block(reader.ReadInt64(), reader.ReadInt64());
        _stringTable = new Block(reader.ReadInt64(), reader.ReadInt64());
        _stringChars = new Block(reader.ReadInt64(), reader.ReadInt64());
        ModelSignature = reader.ReadUInt64();
        ModelVerWritten = reader.ReadUInt32();
        ModelVerReadable = reader.ReadUInt32();
        LoaderSignature = DecodeLoaderSignature(reader);
        LoaderSignatureAlt = DecodeLoaderSignature(reader);
        _tail = reader.ReadInt64();
        _end = reader.ReadInt64();
        if (_verWritten >= OldestWithAssemblyName)
            _assemblyName = new Block(reader.ReadInt64(), reader.ReadUInt32());
    }

    /// <summary>The parts follow one another without a gap, and within the stream.</summary>
    private void CheckLayout(long available)
    {
        long end = Size;
        void CheckNext(Block block, bool isOptional)
        {
            if (isOptional && block == default)
                return;
            Contracts.CheckDecode(block.Offset == end && 0 <= block.Size && block.Size <= available - end, "Corrupt file header");
            end = block.End;
        }

        CheckNext(_model, isOptional: false);
        CheckNext(_stringTable, isOptional: true);
        CheckNext(_stringChars, isOptional: true);
        CheckNext(_assemblyName, isOptional: true);
        Contracts.CheckDecode(_stringTable.Size % sizeof(long) == 0 && _assemblyName.Size % sizeof(char) == 0, "Corrupt file header");
        Contracts.CheckDecode(_tail == end && _end == end + sizeof(ulong) && _end <= available, "Corrupt file header");
    }

    private string[] ReadStrings(BinaryReader reader)
    {
        long[] ends = new long[_stringTable.Size / sizeof(long)];
        for (int i = 0; i < ends.Length; i++)
            ends[i] = reader.ReadInt64();
        Contracts.CheckDecode(ends[^1] == _stringChars.Size, "Corrupt string table");

        string[] strings = new string[ends.Length];
        long end = 0;
        for (int i = 0; i < ends.Length; i++)
        {
            long size = ends[i] - end;
            Contracts.CheckDecode(0 <= size && ends[i] <= _stringChars.Size && size % sizeof(char) == 0, "Corrupt string table");
            strings[i] = ReadText(reader, size);
            end = ends[i];
        }

        return strings;
    }

    private static string ReadText(BinaryReader reader, long size) => Encoding.Unicode.GetString(reader.ReadBytes((int)size));

    private static string DecodeLoaderSignature(BinaryReader reader)
        => Encoding.Latin1.GetString(reader.ReadBytes(LoaderSignatureSize)).TrimEnd('\0');
}
