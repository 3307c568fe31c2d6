namespace Microsoft.ML.Dcgan.Networks;

/// <summary>What decides every layer of both networks. The generator climbs, and the discriminator descends, the same levels: the image's
/// height and width are halved, rounding up, until both are at most <see cref="LargestBaseSide"/>.</summary>
internal sealed record NetworkShape(
    int Height, int Width, int Channels, int NoiseSize, int GeneratorFeatureMaps, int DiscriminatorFeatureMaps, int KernelSize)
{
    public const int MostClasses = 10_000;
    public const int LargestBaseSide = 7;
    private const int MostWidening = 8;
    private const int LargestPooledSide = 4;

    /// <summary>Classes that both networks are told, 0 for none.</summary>
    public int Classes { get; init; }

    /// <summary>How the noise that the generator was trained on is distributed.</summary>
    public DcganNoise NoiseDistribution { get; init; }

    public DcganUpsampling Upsampling { get; init; }

    public DcganNormalization DiscriminatorNormalization { get; init; }

    public bool MinibatchDeviation { get; init; }

    /// <summary>The networks that options ask for.</summary>
    public static NetworkShape Create(DcganEstimator.Options options, (int Height, int Width, int Channels) image, int classes) => new(
        image.Height, image.Width, image.Channels, options.NoiseSize, options.GeneratorFeatureMaps, options.DiscriminatorFeatureMaps,
        options.KernelSize)
    {
        Classes = classes,
        NoiseDistribution = options.NoiseDistribution,
        Upsampling = options.Upsampling,
        DiscriminatorNormalization = options.DiscriminatorNormalization,
        MinibatchDeviation = options.MinibatchDeviation,
    };

    /// <summary>The same options, but for these networks.</summary>
    public DcganEstimator.Options ApplyTo(DcganEstimator.Options options) => options with
    {
        ImageHeight = Height,
        ImageWidth = Width,
        Channels = Channels,
        NoiseSize = NoiseSize,
        GeneratorFeatureMaps = GeneratorFeatureMaps,
        DiscriminatorFeatureMaps = DiscriminatorFeatureMaps,
        KernelSize = KernelSize,
        NoiseDistribution = NoiseDistribution,
        Upsampling = Upsampling,
        DiscriminatorNormalization = DiscriminatorNormalization,
        MinibatchDeviation = MinibatchDeviation,
    };

    /// <summary>Noise vectors [count, noise] on the CPU, as the generator trains on them.</summary>
    public Tensor DrawNoise(long count, torch.Generator random) => NoiseDistribution == DcganNoise.Uniform
        ? rand(count, NoiseSize, WeightType, generator: random).mul_(Number(2)).sub_(Number(1))
        : randn(count, NoiseSize, WeightType, generator: random);

    /// <summary>What a generator takes: noise [n, noise] and behind it, one-hot, labels [n] of Int64, from 0 (Mirza and Osindero 2014,
    /// section 3.2). Where there are no classes it is the noise itself.</summary>
    public Tensor WithLabels(Tensor noise, Tensor? labels)
    {
        if (Classes == 0 || labels is null)
            return noise;
        using Tensor places = nn.functional.one_hot(labels, Classes);
        using Tensor oneHot = places.to(noise.dtype, noise.device);
        return cat([noise, oneHot], 1);
    }

    /// <summary>The sizes from the image's own, at level 0, down to the base.</summary>
    public IReadOnlyList<(int Height, int Width)> Resolutions
    {
        get
        {
            var resolutions = new List<(int Height, int Width)> { (Height, Width) };
            while (resolutions[^1] is var (height, width) && Math.Max(height, width) > LargestBaseSide)
                resolutions.Add(((height + 1) / 2, (width + 1) / 2));
            return resolutions;
        }
    }

    public int Halvings => Resolutions.Count - 1;

    /// <summary>How many trainable weights the generator has (64x64x3, noise 100, 64 feature maps: 3,576,704).</summary>
    public long GeneratorParameters => Layers.Generator(this).Sum(layer => layer.Parameters);

    /// <summary>How many trainable weights the discriminator has (64x64x3, 64 feature maps: 2,765,568).</summary>
    public long DiscriminatorParameters => Layers.Discriminator(this).Sum(layer => layer.Parameters);

    /// <summary>How many numbers the generator's state dictionary holds: weights, and what normalisation keeps beside them.</summary>
    public long GeneratorNumbers => Layers.Generator(this).SelectMany(layer => layer.Tensors).Sum(tensor => tensor.Elements);

    /// <inheritdoc cref="GeneratorNumbers"/>
    public long DiscriminatorNumbers => Layers.Discriminator(this).SelectMany(layer => layer.Tensors).Sum(tensor => tensor.Elements);

    /// <summary>How many features the discriminator has for an image (64x64, 64 feature maps: 15,360).</summary>
    public int Features => checked((int)Layers.Discriminator(this).Where(layer => layer.Kind == LayerKind.LeakyReLU)
        .Sum(layer => layer.Output.Maps * PooledSide(layer.Output.Height) * PooledSide(layer.Output.Width)));

    /// <summary>The sampling between a level and the next; that of the last is between the base and a single pixel.</summary>
    public Resampling ResamplingAt(int level)
    {
        (int height, int width) = Resolutions[level];
        return new(Axis(height), Axis(width));

        AxisResampling Axis(int size) => level == Halvings ? AxisResampling.Whole(size) : AxisResampling.Halving(size, KernelSize);
    }

    /// <summary>That of the convolution which follows a resize: it keeps the size, with an odd kernel, so that it has a middle.</summary>
    public Resampling ResizeSampling =>
        new(AxisResampling.Keeping(KernelSize == 5 ? 5 : 3), AxisResampling.Keeping(KernelSize == 5 ? 5 : 3));

    public LayerSize SizeAt(int level, int maps) => new(maps, Resolutions[level].Height, Resolutions[level].Width);

    /// <summary>Feature maps at a level: they double with each halving, to at most 8 times the base number.</summary>
    public static int FeatureMapsAt(int level, int featureMaps) => featureMaps * Math.Min(1 << (level - 1), MostWidening);

    /// <summary>The side of what a feature map is pooled to.</summary>
    public static long PooledSide(long side) => Math.Min(side, LargestPooledSide);
}

/// <summary>How a convolution makes images smaller, and its transposed twin makes them that much larger; height first.</summary>
internal readonly record struct Resampling(AxisResampling Height, AxisResampling Width)
{
    public long[] Kernel => [Height.Kernel, Width.Kernel];

    public long[] Stride => [Height.Stride, Width.Stride];

    public long[] Padding => [Height.Padding, Width.Padding];

    public long[] OutputPadding => [Height.OutputPadding, Width.OutputPadding];

    public long KernelArea => (long)Height.Kernel * Width.Kernel;

    /// <summary>Whether it is between an image and a single pixel.</summary>
    public bool IsWhole => this is { Height: { Stride: 1, Padding: 0 }, Width: { Stride: 1, Padding: 0 } };
}

/// <summary>One dimension's share of a <see cref="Resampling"/>.</summary>
/// <param name="Kernel">The kernel's side.</param>
/// <param name="Stride">1 or 2.</param>
/// <param name="Padding">On each side of the larger image.</param>
/// <param name="OutputPadding">With stride 2, two larger sizes have the same smaller one: 1 for the greater of them.</param>
internal readonly record struct AxisResampling(int Kernel, int Stride, int Padding, int OutputPadding)
{
    /// <summary>Between a size and its half, rounded up. With kernel 4, an even size takes kernel 4 and an odd one kernel 3, both with
    /// padding 1: a kernel that is a multiple of the stride covers every pixel equally often. The paper's kernel 5 has padding 2.</summary>
    public static AxisResampling Halving(int largerSize, int kernelSize) =>
        kernelSize == 5 ? new(5, 2, 2, 1 - largerSize % 2) : new(4 - largerSize % 2, 2, 1, 0);

    /// <summary>Between a size and one pixel.</summary>
    public static AxisResampling Whole(int size) => new(size, 1, 0, 0);

    /// <summary>Between equal sizes, with an odd kernel.</summary>
    public static AxisResampling Keeping(int kernel) => new(kernel, 1, kernel / 2, 0);
}
