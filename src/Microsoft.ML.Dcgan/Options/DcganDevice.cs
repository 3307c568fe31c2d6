namespace Microsoft.ML.Dcgan;

/// <summary>Where networks run.</summary>
public enum DcganDevice
{
    /// <summary>A CUDA GPU where TorchSharp finds one, else the CPU.</summary>
    Auto = 0,

    /// <summary>The CPU.</summary>
    Cpu = 1,

    /// <summary>A CUDA GPU; an error where TorchSharp finds none.</summary>
    Cuda = 2,
}
