using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The format of a component's model, the versions that it can read, and where to find its loader.</summary>
internal readonly struct VersionInfo
{
    public readonly ulong ModelSignature;
    public readonly uint VerWrittenCur;
    public readonly uint VerReadableCur;
    public readonly uint VerWeCanReadBack;
    public readonly string LoaderAssemblyName;
    public readonly string LoaderSignature;
    public readonly string LoaderSignatureAlt;

    public VersionInfo(string modelSignature, uint verWrittenCur, uint verReadableCur, uint verWeCanReadBack,
        string loaderAssemblyName, string loaderSignature = null, string loaderSignatureAlt = null)
    {
        Contracts.Check(modelSignature?.Length == sizeof(ulong), "Model signature must be eight characters");
        for (int i = 0; i < modelSignature.Length; i++)
        {
            char letter = modelSignature[i];
            Contracts.Check(letter <= 0xFF, "Model signature must be of one-byte characters");
            if (letter != ' ')
                ModelSignature |= (ulong)letter << (8 * i);
        }

        VerWrittenCur = verWrittenCur;
        VerReadableCur = verReadableCur;
        VerWeCanReadBack = verWeCanReadBack;
        LoaderAssemblyName = loaderAssemblyName;
        LoaderSignature = loaderSignature;
        LoaderSignatureAlt = loaderSignatureAlt;
    }
}
