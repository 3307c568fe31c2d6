using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dcgan.Bridge;

/// <summary>What an MLContext and its catalogs show only to ML.NET's own components.</summary>
internal static class EnvironmentBridge
{
    public static IHostEnvironment Of(TransformsCatalog catalog) => ((IInternalCatalog)catalog).Environment;

    public static IHostEnvironment Of(ModelOperationsCatalog catalog) => ((IInternalCatalog)catalog).Environment;

    /// <summary>The seed that the MLContext was made with, if any.</summary>
    public static int? Seed(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.Seed;

    public static int? GpuDeviceId(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.GpuDeviceId;

    public static bool FallbackToCpu(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.FallbackToCpu ?? true;
}
