namespace Microsoft.ML.Dcgan;

/// <summary>
/// What is done at random to every image, real or generated, before the discriminator sees it, so that it cannot learn a
/// small training set by heart (differentiable augmentation: Zhao et al. 2020, section 4; the sizes are those of their code).
/// </summary>
[Flags]
public enum DcganAugmentation
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Shifts by up to an eighth of the image's sides, with grey beyond the border.</summary>
    Translation = 1,

    /// <summary>A rectangle of half the image's sides becomes grey.</summary>
    Cutout = 2,

    /// <summary>Brightness changes by up to a quarter of the range, saturation by a factor of 0 to 2, and contrast by one of 0.5 to 1.5.</summary>
    Color = 4,

    /// <summary>All of them.</summary>
    All = Translation | Cutout | Color,
}
