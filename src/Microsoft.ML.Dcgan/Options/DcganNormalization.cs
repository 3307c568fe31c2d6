namespace Microsoft.ML.Dcgan;

/// <summary>What keeps the discriminator's layers in bounds.</summary>
public enum DcganNormalization
{
    /// <summary>Batch normalisation in every layer but the first and the last (Radford, Metz and Chintala 2015, section 3).</summary>
    Batch,

    /// <summary>Spectral normalisation of every convolution's weights, and no batch normalisation (Miyato et al. 2018).</summary>
    Spectral,

    /// <summary>None.</summary>
    None,
}
