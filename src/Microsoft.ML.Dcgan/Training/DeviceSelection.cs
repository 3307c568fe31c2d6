using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using DeviceType = TorchSharp.DeviceType;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>From what the user asked for to the device that networks run on.</summary>
internal static class DeviceSelection
{
    /// <param name="wish">The option.</param>
    /// <param name="gpuDeviceId">MLContext.GpuDeviceId: which GPU, and that one is wanted.</param>
    /// <param name="fallbackToCpu">MLContext.FallbackToCpu: whether the CPU will do where that GPU is missing.</param>
    /// <param name="replica">Which of several on this machine: they have a GPU each, in turn, where none is named.</param>
    /// <exception cref="DllNotFoundException">The native libraries of TorchSharp cannot be loaded.</exception>
    public static Device Choose(DcganDevice wish, int? gpuDeviceId, bool fallbackToCpu, int replica = 0)
    {
        // Every use of networks begins with this question.
        LibTorch.Require();
        return Available(wish, gpuDeviceId, fallbackToCpu, replica);
    }

    // By itself, since TorchSharp's static fields load libtorch, and may be initialised when a method that reads them is entered.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Device Available(DcganDevice wish, int? gpuDeviceId, bool fallbackToCpu, int replica)
    {
        if (wish == DcganDevice.Cpu)
            return CPU;

        int found = cuda.is_available() ? cuda.device_count() : 0;
        int index = gpuDeviceId ?? replica % Math.Max(1, found);
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

/// <summary>From what the user asked for, or a model was trained in, to what convolutions compute in. What the hardware has decides, never
/// how fast it is at the moment: the same seed gives the same weights, and a saved model the same pictures, whatever else runs.</summary>
internal static class PrecisionChoice
{
    public static ScalarType Choose(DcganPrecision wish, Device device) => wish switch
    {
        DcganPrecision.Float32 => ScalarType.Float32,
        DcganPrecision.Auto => IsBFloat16Faster(device) ? ScalarType.BFloat16 : ScalarType.Float32,
        _ when RunsBFloat16(device) => ScalarType.BFloat16,
        _ => throw new InvalidOperationException(
            $"Precision is {nameof(DcganPrecision.BFloat16)}, but convolutions in bfloat16 do not run on {device}. " +
            "Choose Auto, which takes it where the hardware has it, or Float32."),
    };

    /// <summary>What a loaded model generates in: what it was trained in, but float32 for bfloat16 without hardware for it.</summary>
    public static ScalarType OfModel(DcganPrecision trained, Device device, Action<string> warn)
    {
        if (trained != DcganPrecision.BFloat16)
            return ScalarType.Float32;
        if (HasBFloat16(device))
            return ScalarType.BFloat16;
        warn($"The model was trained in bfloat16, for which {device} has no hardware: it computes in float32 here, " +
            "and its pixels may differ by a few levels of 256 from those of the machine that trained it.");
        return ScalarType.Float32;
    }

    public static DcganPrecision Name(ScalarType precision) =>
        precision == ScalarType.BFloat16 ? DcganPrecision.BFloat16 : DcganPrecision.Float32;

    /// <summary>Whether the processor or GPU has instructions for products of bfloat16.</summary>
    public static bool HasBFloat16(Device device) => device.type == DeviceType.CUDA ? GpuHasBFloat16(device.index) : _processorHasBFloat16;

    /// <summary>Whether those instructions do more in a second than float32's: on a GPU, with Intel's AMX and on AMD's processors; not
    /// with Intel's AVX512_BF16 alone, with which convolutions are slower than in float32.</summary>
    public static bool IsBFloat16Faster(Device device) =>
        HasBFloat16(device) && (device.type == DeviceType.CUDA || _processorHasAmx || X86Base.CpuId(0, 0).Ebx == AuthenticAmd);

    /// <summary>Whether libtorch can compute convolutions in bfloat16 there, if slowly.</summary>
    public static bool RunsBFloat16(Device device)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        try
        {
            nn.functional.conv2d(ones([1, 1, 4, 4], ScalarType.BFloat16, device), ones([1, 1, 4, 4], ScalarType.BFloat16, device));
            return true;
        }
        catch (ExternalException)
        {
            return false;
        }
    }

    // Intel's Architecture Instruction Set Extensions: CPUID leaf 7. That the system saves the registers is what IsSupported adds.
    private static readonly bool _processorHasAmx = Avx512F.IsSupported && (X86Base.CpuId(7, 0).Edx & AmxBFloat16) != 0;
    private static readonly bool _processorHasBFloat16 = _processorHasAmx ||
        (Avx512F.IsSupported && X86Base.CpuId(7, 0).Eax >= 1 && (X86Base.CpuId(7, 1).Eax & Avx512BFloat16) != 0);
    private const int Avx512BFloat16 = 1 << 5, AmxBFloat16 = 1 << 22;
    private const int AuthenticAmd = 'A' | 'u' << 8 | 't' << 16 | 'h' << 24;

    // Ampere (compute capability 8.0) was the first. TorchSharp does not tell, the driver does: a device's handle is its number, and
    // libtorch, which has found the device, has initialised the driver.
    private static unsafe bool GpuHasBFloat16(int index)
    {
        const int ComputeCapabilityMajor = 75, Ampere = 8;
        int major = 0;
        return NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda" : "libcuda.so.1", out nint driver)
            && NativeLibrary.TryGetExport(driver, "cuDeviceGetAttribute", out nint attributeOf)
            && ((delegate* unmanaged<int*, int, int, int>)attributeOf)(&major, ComputeCapabilityMajor, index) == 0
            && major >= Ampere;
    }
}
