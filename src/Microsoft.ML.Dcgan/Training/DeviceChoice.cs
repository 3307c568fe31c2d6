using System.Runtime.CompilerServices;
using static TorchSharp.torch;
using DeviceType = TorchSharp.DeviceType;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>From what the user asked for to the device that networks run on.</summary>
internal static class DeviceChoice
{
    /// <param name="wish">The option.</param>
    /// <param name="gpuDeviceId">MLContext.GpuDeviceId: which GPU, and that one is wanted.</param>
    /// <param name="fallbackToCpu">MLContext.FallbackToCpu: whether the CPU will do where that GPU is missing.</param>
    /// <exception cref="DllNotFoundException">The native libraries of TorchSharp cannot be loaded.</exception>
    public static Device Choose(DcganDevice wish, int? gpuDeviceId, bool fallbackToCpu)
    {
        // Every use of networks begins with this question.
        LibTorch.Require();
        return Available(wish, gpuDeviceId, fallbackToCpu);
    }

    // By itself, since TorchSharp's static fields load libtorch, and may be initialised when a method that reads them is entered.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Device Available(DcganDevice wish, int? gpuDeviceId, bool fallbackToCpu)
    {
        if (wish == DcganDevice.Cpu)
            return CPU;

        int index = gpuDeviceId ?? 0;
        int found = cuda.is_available() ? cuda.device_count() : 0;
        if (index >= 0 && index < found)
            return new Device(DeviceType.CUDA, index);

        if (wish == DcganDevice.Cuda || (gpuDeviceId != null && !fallbackToCpu))
        {
            string wanted = wish == DcganDevice.Cuda ? $"Device is {nameof(DcganDevice.Cuda)}" : "MLContext.FallbackToCpu is false";
            throw new InvalidOperationException(
                $"{wanted} and GPU {index} was asked for, but TorchSharp finds {found} CUDA devices. " +
                "Reference the TorchSharp-cuda-linux or TorchSharp-cuda-windows package on a machine with an NVIDIA GPU and driver, " +
                "or allow the CPU: Device = DcganDevice.Auto and MLContext.FallbackToCpu = true.");
        }

        return CPU;
    }
}
