// Declarations, never run: the internal members of Microsoft.ML.Core that the bridge calls, as ML.NET 5.0.0 has them.
using System;
using System.IO;

namespace Microsoft.ML.Runtime
{
    public interface IExceptionContext
    {
    }

    public interface IHostEnvironment : IExceptionContext
    {
    }

    public interface IHostEnvironmentInternal : IHostEnvironment
    {
        int? Seed { get; }

        bool FallbackToCpu { get; set; }

        int? GpuDeviceId { get; set; }
    }
}

namespace Microsoft.ML
{
    public interface ITransformer
    {
    }

    public delegate void SignatureLoadModel(ModelLoadContext ctx);

    public readonly struct VersionInfo
    {
        public VersionInfo(string modelSignature, uint verWrittenCur, uint verReadableCur, uint verWeCanReadBack,
            string loaderAssemblyName, string? loaderSignature = null, string? loaderSignatureAlt = null) => throw null!;
    }

    public sealed class ModelSaveContext
    {
        public void CheckAtModel() => throw null!;

        public void SetVersionInfo(VersionInfo ver) => throw null!;

        public void SaveBinaryStream(string name, Action<BinaryWriter> action) => throw null!;
    }

    public sealed class ModelLoadContext
    {
        public void CheckAtModel(VersionInfo ver) => throw null!;

        public bool TryLoadBinaryStream(string name, Action<BinaryReader> action) => throw null!;
    }

    [AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
    public sealed class LoadableClassAttribute : Attribute
    {
        public LoadableClassAttribute(Type instType, Type loaderType, Type? argType, Type sigType, string userName, params string[] loadNames) => throw null!;
    }
}
