using System.IO;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// The first 256 bytes of a model stream. The model follows, then optionally strings, then optionally the name of the
/// loader's assembly, then a signature again. Offsets count from the header's first byte; all is little-endian.
/// </summary>
internal sealed partial class ModelHeader
{
    public const int Size = 0x100;

    private const ulong Signature = 0x4C45444F4D004C4D; // "ML\0MODEL"
    private const ulong TailSignature = 0x4D4C004D4F44454C; // "LEDOM\0LM"
    private const uint Written = 0x00010002;
    private const uint ReadableBy = 0x00010002;
    private const uint Oldest = 0x00010001;
    private const uint OldestWithAssemblyName = 0x00010002;
    private const int LoaderSignatureSize = 24;

    private uint _verWritten = Written;
    private Block _model;
    private Block _stringTable;
    private Block _stringChars;
    private Block _assemblyName;
    private long _tail;
    private long _end;

    public ulong ModelSignature { get; private set; }

    public uint ModelVerWritten { get; private set; }

    public uint ModelVerReadable { get; private set; }

    public string LoaderSignature { get; private set; }

    public string LoaderSignatureAlt { get; private set; }

    public void SetVersionInfo(VersionInfo ver)
    {
        ModelSignature = ver.ModelSignature;
        ModelVerWritten = ver.VerWrittenCur;
        ModelVerReadable = ver.VerReadableCur;
        LoaderSignature = ver.LoaderSignature;
        LoaderSignatureAlt = ver.LoaderSignatureAlt;
    }

    /// <summary>Throws unless a component of the given version can read this model.</summary>
    public void CheckVersionInfo(VersionInfo ver)
    {
        Contracts.CheckDecode(ModelSignature == ver.ModelSignature, "Unknown file type");
        Contracts.CheckDecode(ModelVerReadable <= ModelVerWritten, "Corrupt file header");
        if (ModelVerReadable > ver.VerWrittenCur)
        {
            throw Contracts.ExceptDecode("The model of component '{0}' is too new: it needs version {1}, this is version {2}.",
                ver.LoaderSignature, ModelVerReadable, ver.VerWrittenCur);
        }

        if (ModelVerWritten < ver.VerWeCanReadBack)
        {
            throw Contracts.ExceptDecode("The model of component '{0}' is too old: it has version {1}, the oldest readable is {2}.",
                ver.LoaderSignature, ModelVerWritten, ver.VerWeCanReadBack);
        }
    }

    /// <summary>Where a part of the stream lies; both 0 if there is none.</summary>
    private readonly record struct Block(long Offset, long Size)
    {
        public long End => Offset + Size;
    }
}
