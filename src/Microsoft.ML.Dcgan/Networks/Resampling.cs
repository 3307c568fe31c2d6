namespace Microsoft.ML.Dcgan.Networks;

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
