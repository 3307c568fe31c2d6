namespace Microsoft.ML.Dcgan;

/// <summary>How the generator's layers make images larger.</summary>
public enum DcganUpsampling
{
    /// <summary>Transposed convolutions (Radford, Metz and Chintala 2015, section 3).</summary>
    TransposedConvolution,

    /// <summary>Repeating pixels, then a convolution: no checkerboards (Odena, Dumoulin and Olah 2016), for 9/4 of the operations.</summary>
    ResizeConvolution,
}
