namespace Microsoft.ML.Dcgan.Networks;

/// <summary>
/// What decides every layer of both networks. The generator climbs, and the discriminator descends, the same ladder of
/// sizes: the image's height and width are halved, rounding up, until both are at most <see cref="LargestBaseSide"/>.
/// </summary>
internal sealed record NetworkShape(
    int Height,
    int Width,
    int Channels,
    int NoiseSize,
    int GeneratorFeatureMaps,
    int DiscriminatorFeatureMaps,
    int KernelSize)
{
    public const int SmallestSide = 8;
    public const int LargestSide = 4096;
    public const int MostClasses = 10_000;
    private const int LargestBaseSide = 7;
    private const int MostWidening = 8;
    private const int LargestPooledSide = 4;

    /// <summary>Classes that both networks are told, 0 for none.</summary>
    public int Classes { get; init; }

    /// <summary>How the noise that the generator was trained on is distributed.</summary>
    public DcganNoise NoiseDistribution { get; init; }

    public DcganUpsampling Upsampling { get; init; }

    public DcganNormalization DiscriminatorNormalization { get; init; }

    /// <summary>The sizes from the image's own, at index 0, down to the base.</summary>
    internal IReadOnlyList<(int Height, int Width)> Ladder => Descend(Height, Width);

    public int Halvings => Ladder.Count - 1;

    public (int Height, int Width) Base => Ladder[^1];

    /// <summary>Feature maps at a rung of the ladder: they double with each halving, to at most 8 times the base number.</summary>
    public static int FeatureMapsAt(int rung, int featureMaps) =>
        featureMaps * Math.Min(1 << (rung - 1), MostWidening);

    /// <summary>The sampling between a rung and the one below it, both dimensions.</summary>
    public Resampling ResamplingAt(int rung) => new(
        AxisResampling.Halving(Ladder[rung].Height, KernelSize),
        AxisResampling.Halving(Ladder[rung].Width, KernelSize));

    /// <summary>The sampling between the base and a single pixel.</summary>
    public Resampling BaseResampling => new(AxisResampling.Whole(Base.Height), AxisResampling.Whole(Base.Width));

    /// <summary>The side of the kernel that follows a resize: odd, so that it has a middle.</summary>
    public int ResizeKernel => KernelSize == 5 ? 5 : 3;

    /// <summary>How many trainable weights the generator has (64x64x3, noise 100, 64 feature maps: 3,576,704).</summary>
    public long GeneratorParameters
    {
        get
        {
            long maps = FeatureMapsAt(Halvings, GeneratorFeatureMaps);
            long count = (long)(NoiseSize + Classes) * maps * Base.Height * Base.Width + 2 * maps;
            for (int rung = Halvings - 1; rung >= 0; rung--)
            {
                long narrower = rung == 0 ? Channels : FeatureMapsAt(rung, GeneratorFeatureMaps);
                long area = Upsampling == DcganUpsampling.ResizeConvolution ? ResizeKernel * ResizeKernel : ResamplingAt(rung).KernelArea;
                count += maps * narrower * area + (rung == 0 ? 0 : 2 * narrower);
                maps = narrower;
            }
            return count;
        }
    }

    /// <summary>How many numbers the generator's batch normalisation keeps beside its weights.</summary>
    public long GeneratorStatistics => StatisticsOf(1, GeneratorFeatureMaps);

    /// <summary>How many numbers the discriminator's normalisation keeps beside its weights.</summary>
    public long DiscriminatorStatistics => DiscriminatorNormalization switch
    {
        DcganNormalization.Batch => StatisticsOf(2, DiscriminatorFeatureMaps),
        // A number an output and an input of each convolution.
        DcganNormalization.Spectral => DiscriminatorConvolutions.Sum(convolution => convolution.Outputs + convolution.Inputs),
        _ => 0,
    };

    /// <summary>How many trainable weights the discriminator has (64x64x3, 64 feature maps: 2,765,568).</summary>
    public long DiscriminatorParameters => DiscriminatorConvolutions.Sum(convolution => convolution.Outputs * convolution.Inputs)
        + (DiscriminatorNormalization == DcganNormalization.Batch ? DiscriminatorConvolutions.SkipLast(1).Skip(1).Sum(convolution => 2 * convolution.Outputs) : 0);

    /// <summary>How many features the discriminator has for an image (64x64, 64 feature maps: 15,360).</summary>
    public int Features
    {
        get
        {
            long count = 0;
            for (int rung = 1; rung <= Halvings; rung++)
                count += FeatureMapsAt(rung, DiscriminatorFeatureMaps) * PooledSide(Ladder[rung].Height) * PooledSide(Ladder[rung].Width);
            return checked((int)count);
        }
    }

    /// <summary>The side of what a feature map is pooled to.</summary>
    public static long PooledSide(long side) => Math.Min(side, LargestPooledSide);

    // Each one's numbers of outputs, which are feature maps, and of inputs, which are a kernel's.
    private IEnumerable<(long Outputs, long Inputs)> DiscriminatorConvolutions
    {
        get
        {
            long maps = Channels;
            for (int rung = 1; rung <= Halvings; rung++)
            {
                long wider = FeatureMapsAt(rung, DiscriminatorFeatureMaps);
                yield return (wider, maps * ResamplingAt(rung - 1).KernelArea);
                maps = wider;
            }
            yield return (1 + Classes, maps * BaseResampling.KernelArea);
        }
    }

    // A mean and a variance a feature map, and one count of minibatches a layer.
    private long StatisticsOf(int firstRung, int featureMaps)
    {
        long count = 0;
        for (int rung = firstRung; rung <= Halvings; rung++)
            count += 2L * FeatureMapsAt(rung, featureMaps) + 1;
        return count;
    }

    private static List<(int, int)> Descend(int height, int width)
    {
        var ladder = new List<(int, int)> { (height, width) };
        while (height > LargestBaseSide || width > LargestBaseSide)
        {
            height = (height + 1) / 2;
            width = (width + 1) / 2;
            ladder.Add((height, width));
        }
        return ladder;
    }
}

/// <summary>How a convolution makes images smaller, and its transposed twin makes them that much larger; height first.</summary>
internal readonly record struct Resampling(AxisResampling Height, AxisResampling Width)
{
    public long[] Kernel => [Height.Kernel, Width.Kernel];

    public long[] Stride => [Height.Stride, Width.Stride];

    public long[] Padding => [Height.Padding, Width.Padding];

    public long[] OutputPadding => [Height.OutputPadding, Width.OutputPadding];

    public long KernelArea => (long)Height.Kernel * Width.Kernel;
}

/// <summary>One dimension's share of a <see cref="Resampling"/>.</summary>
/// <param name="Kernel">The kernel's side.</param>
/// <param name="Stride">1 or 2.</param>
/// <param name="Padding">On each side of the larger image.</param>
/// <param name="OutputPadding">With stride 2, two larger sizes have the same smaller one: 1 for the greater of them.</param>
internal readonly record struct AxisResampling(int Kernel, int Stride, int Padding, int OutputPadding)
{
    /// <summary>
    /// Between a size and its half, rounded up. With kernel 4, an even size takes kernel 4 and an odd one kernel 3, both
    /// with padding 1: a kernel that is a multiple of the stride covers every pixel equally often. With the paper's kernel
    /// 5 the padding is 2.
    /// </summary>
    public static AxisResampling Halving(int largerSize, int kernelSize)
    {
        bool even = largerSize % 2 == 0;
        if (kernelSize == 5)
            return new(5, 2, 2, even ? 1 : 0);
        return even ? new(4, 2, 1, 0) : new(3, 2, 1, 0);
    }

    /// <summary>Between a size and one pixel.</summary>
    public static AxisResampling Whole(int size) => new(size, 1, 0, 0);
}
