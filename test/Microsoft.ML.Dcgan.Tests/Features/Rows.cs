using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Dcgan.Tests.Features;

public sealed class JudgedRow
{
    public float[] Features { get; set; } = [];

    public float Realness { get; set; }
}

public sealed class JudgedImageRow
{
    [ImageType(16, 12)]
    public MLImage? Image { get; set; }

    public float Realness { get; set; }
}

public sealed class ImageRow
{
    [ImageType(16, 12)]
    public MLImage? Image { get; set; }
}
