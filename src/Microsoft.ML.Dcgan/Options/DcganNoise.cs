namespace Microsoft.ML.Dcgan;

/// <summary>How noise vectors are distributed.</summary>
public enum DcganNoise
{
    /// <summary>N(0, 1), each number by itself.</summary>
    Normal,

    /// <summary>Evenly in [-1, 1), each number by itself (Radford, Metz and Chintala 2015, section 4).</summary>
    Uniform,
}
