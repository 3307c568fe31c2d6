using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dcgan.Bridge;

/// <summary>Reads what an MLContext knows but shows only to ML.NET's own components.</summary>
public static class EnvironmentBridge
{
    /// <summary>The environment behind a catalog such as <c>mlContext.Transforms</c>: an IHostEnvironment.</summary>
    internal static object Of(object catalog) => ((IInternalCatalog)catalog).Environment;

    /// <summary>The seed that the MLContext was made with, if any.</summary>
    internal static int? Seed(object environment) => (environment as IHostEnvironmentInternal)?.Seed;

    internal static int? GpuDeviceId(object environment) => (environment as IHostEnvironmentInternal)?.GpuDeviceId;

    internal static bool FallbackToCpu(object environment) => (environment as IHostEnvironmentInternal)?.FallbackToCpu ?? true;
}
