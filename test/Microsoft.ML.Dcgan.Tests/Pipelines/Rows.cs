using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Dcgan.Tests.Pipelines;

public sealed class GeneratedRow
{
    [ImageType(16, 12)]
    public MLImage? Generated { get; set; }
}

public sealed class GeneratedFromNoise
{
    public float[]? Noise { get; set; }

    [ImageType(16, 12)]
    public MLImage? Generated { get; set; }
}

public sealed class GeneratedFromNumber
{
    public int Number { get; set; }

    [ImageType(16, 12)]
    public MLImage? Generated { get; set; }
}

public sealed class NoiseRow
{
    public float[] Noise { get; set; } = [];
}

public sealed class NumberRow
{
    public int Number { get; set; }
}

public sealed class FiveRow
{
    [VectorType(5)]
    public float[] Noise { get; set; } = [];
}
