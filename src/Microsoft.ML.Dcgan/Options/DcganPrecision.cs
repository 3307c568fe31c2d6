namespace Microsoft.ML.Dcgan;

/// <summary>
/// What convolutions compute in. Weights, batch normalisation, losses and the optimiser's state are 32-bit always.
/// </summary>
public enum DcganPrecision
{
    /// <summary><see cref="BFloat16"/> where a short measurement finds it clearly faster on this machine, else <see cref="Float32"/>.</summary>
    Auto = 0,

    /// <summary>32-bit floating point.</summary>
    Float32 = 1,

    /// <summary>16-bit brain floating point, which newer processors and GPUs have instructions for; an error where it cannot be had.</summary>
    BFloat16 = 2,
}
