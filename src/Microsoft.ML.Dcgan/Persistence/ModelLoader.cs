using System;
using System.IO;
using Microsoft.ML.Dcgan.Bridge;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Persistence;

/// <summary>Where the bridge comes in when ML.NET loads a model. It is found by its name, which must not change.</summary>
internal static class ModelLoader
{
    internal static ITransformer Load(object environment, Func<string, Action<Stream>, bool> read)
    {
        TorchSharp.torch.Device device = DeviceChoice.Choose(DcganDevice.Auto,
            EnvironmentBridge.GpuDeviceId(environment), EnvironmentBridge.FallbackToCpu(environment));
        (GanNetworks networks, ModelDescription description) = ModelArchive.Load(read, device, Precise);
        return new DcganTransformer(networks, description);

        // A model that was trained in bfloat16 must load on machines that have none.
        TorchSharp.torch.ScalarType Precise(DcganPrecision wish) =>
            PrecisionChoice.Choose(wish == DcganPrecision.BFloat16 ? DcganPrecision.Auto : wish, device);
    }
}
