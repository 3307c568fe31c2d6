using System.Collections.Generic;
using System.IO;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

internal sealed partial class ModelHeader
{
    /// <summary>Leaves room for the header, which <see cref="EndWrite"/> fills in.</summary>
    public static void BeginWrite(BinaryWriter writer) => writer.Write(new byte[Size]);

    /// <summary>To be called where the model ends.</summary>
    public void EndWrite(BinaryWriter writer, IReadOnlyCollection<string> strings, string loaderAssemblyName)
    {
        Stream stream = writer.BaseStream;
        _model = new Block(Size, stream.Position - Size);
        if (strings.Count > 0)
        {
            long charsEnd = 0;
            foreach (string text in strings)
                writer.Write(charsEnd += text.Length * sizeof(char));
            _stringTable = new Block(_model.End, strings.Count * sizeof(long));
            foreach (string text in strings)
                writer.Write(Encoding.Unicode.GetBytes(text));
            _stringChars = new Block(_stringTable.End, charsEnd);
        }

        if (!string.IsNullOrEmpty(loaderAssemblyName))
        {
            _assemblyName = new Block(stream.Position, loaderAssemblyName.Length * sizeof(char));
            writer.Write(Encoding.Unicode.GetBytes(loaderAssemblyName));
        }

        _tail = stream.Position;
        writer.Write(TailSignature);
        _end = stream.Position;

        stream.Position = 0;
        WriteFields(writer);
        stream.Position = _end;
    }

    private void WriteFields(BinaryWriter writer)
    {
        writer.Write(Signature);
        writer.Write(_verWritten);
        writer.Write(ReadableBy);
        foreach (Block block in new[] { _model, _stringTable, _stringChars })
        {
            writer.Write(block.Offset);
            writer.Write(block.Size);
        }

        writer.Write(ModelSignature);
        writer.Write(ModelVerWritten);
        writer.Write(ModelVerReadable);
        writer.Write(EncodeLoaderSignature(LoaderSignature));
        writer.Write(EncodeLoaderSignature(LoaderSignatureAlt));
        writer.Write(_tail);
        writer.Write(_end);
        writer.Write(_assemblyName.Offset);
        writer.Write((uint)_assemblyName.Size);
    }

    private static byte[] EncodeLoaderSignature(string signature)
    {
        byte[] letters = new byte[LoaderSignatureSize];
        if (signature != null)
        {
            Contracts.Check(signature.Length <= letters.Length, "Loader signature must be 24 characters at most");
            Encoding.Latin1.GetBytes(signature, letters);
        }

        return letters;
    }
}
