namespace Microsoft.ML.Dcgan;

/// <summary>
/// What convolutions compute in. Weights, batch normalisation, losses and the optimiser's state are 32-bit always.
/// </summary>
public enum DcganPrecision
{
    /// <summary><see cref="BFloat16"/> where the hardware has instructions for it (AVX512_BF16, AMX_BF16; a GPU of compute capability 8.0 and up), else <see cref="Float32"/>.</summary>
    Auto = 0,

    /// <summary>32-bit floating point.</summary>
    Float32 = 1,

    /// <summary>16-bit brain floating point: slow where the hardware has no instructions for it, an error where libtorch has none either.</summary>
    BFloat16 = 2,
}
