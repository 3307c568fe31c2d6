namespace Microsoft.ML.Dcgan.Networks;

/// <summary>Convolutions in forms that libtorch is faster at, with the same products and sums.</summary>
internal static class ConvolutionForms
{
    // So many bytes of windows, which hold each pixel several times, stay in a processor's cache.
    private const long MostBytes = 8 << 20;

    /// <summary>A kernel that covers the whole image, [n, maps, height, width] to [n, outputs, 1, 1], is a matrix product.</summary>
    public static Tensor WholeDown(Tensor input, Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        Tensor output = nn.functional.linear(input.permute(0, 2, 3, 1).flatten(1), weight.permute(0, 2, 3, 1).flatten(1), bias);
        return output.view(output.shape[0], output.shape[1], 1, 1).MoveToOuterDisposeScope();
    }

    /// <summary>So it is from a single pixel, [n, maps, 1, 1], up.</summary>
    public static Tensor WholeUp(Tensor input, Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        long[] sizes = weight.shape;
        Tensor pixels = input.flatten(1), kernels = weight.permute(0, 2, 3, 1).flatten(1);
        Tensor output = bias is null ? pixels.mm(kernels) : addmm(bias.repeat(sizes[2] * sizes[3]), pixels, kernels, beta: 1, alpha: 1);
        return output.view(output.shape[0], sizes[2], sizes[3], sizes[1]).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>With stride 2 and few maps on the larger side, a kernel of half the size on blocks of 2x2 pixels, each block's being its
    /// maps: vector instructions need many of them.</summary>
    public static Tensor BlocksDown(Tensor input, Tensor weight, Tensor? bias, Resampling sampling)
    {
        using var scope = NewDisposeScope();
        (long top, long bottom) = Borders(sampling.Height, input.shape[2]);
        (long left, long right) = Borders(sampling.Width, input.shape[3]);
        Tensor blocks = nn.functional.pixel_unshuffle(nn.functional.pad(input, [left, right, top, bottom]), 2);
        return nn.functional.conv2d(blocks, Halved(weight), bias).MoveToOuterDisposeScope();

        static (long, long) Borders(AxisResampling axis, long size)
        {
            long places = (size + 2 * axis.Padding - axis.Kernel) / 2 + 1;
            return (axis.Padding, 2 * (places - 1) + EvenKernel(axis.Kernel) - size - axis.Padding);
        }
    }

    /// <inheritdoc cref="BlocksDown"/>
    public static Tensor BlocksUp(Tensor input, Tensor weight, Tensor? bias, Resampling sampling)
    {
        using var scope = NewDisposeScope();
        Tensor whole = nn.functional.pixel_shuffle(nn.functional.conv_transpose2d(input, Halved(weight), bias?.repeat_interleave(4)), 2);
        return whole.narrow(2, sampling.Height.Padding, Size(sampling.Height, input.shape[2]))
            .narrow(3, sampling.Width.Padding, Size(sampling.Width, input.shape[3])).MoveToOuterDisposeScope();

        static long Size(AxisResampling axis, long places) => 2 * (places - 1) - 2 * axis.Padding + axis.Kernel + axis.OutputPadding;
    }

    /// <summary>The gradient of weights [maps of the smaller image, maps of the larger, kernel], channels last, of bfloat16 as float32:
    /// each place of the smaller image meets the window of the larger one that a kernel lays on it ("im2col": Chellapilla, Puri and Simard
    /// 2006). Of a convolution down the smaller image is the output's gradient and the larger the input, of one up the reverse.</summary>
    public static Tensor WeightGradient(Tensor smaller, Tensor larger, Resampling sampling)
    {
        using var scope = new NoGradScope();
        long[] small = smaller.shape, large = larger.shape;
        long window = sampling.KernelArea * large[1], bytes = small[2] * small[3] * window * smaller.element_size();
        long together = Math.Clamp(MostBytes / bytes, 1, small[0]);
        Tensor? sum = null;
        for (long first = 0; first < small[0]; first += together)
        {
            using var part = NewDisposeScope();
            long count = Math.Min(together, small[0] - first);
            Tensor windows = Of(larger.narrow(0, first, count), (small[2], small[3]), sampling);
            Tensor places = smaller.narrow(0, first, count).permute(0, 2, 3, 1).reshape(-1, small[1]);
            Tensor products = places.t().mm(windows);
            if (sum is null)
                sum = Convolution.Widen(products).MoveToOuterDisposeScope();
            else
                sum.Plus_(products);
        }
        return sum!.view(small[1], sampling.Height.Kernel, sampling.Width.Kernel, large[1]).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    // [images * places, kernel * maps].
    private static Tensor Of(Tensor images, (long Height, long Width) places, Resampling sampling)
    {
        (AxisResampling y, AxisResampling x) = (sampling.Height, sampling.Width);
        Tensor padded = nn.functional.pad(images.permute(0, 2, 3, 1), [0, 0, x.Padding, x.Padding, y.Padding, y.Padding]).contiguous();
        long[] size = padded.shape;
        long column = size[3], row = size[2] * column, image = size[1] * row;
        Tensor windows = padded.as_strided([size[0], places.Height, places.Width, y.Kernel, x.Kernel, size[3]],
            [image, y.Stride * row, x.Stride * column, row, column, 1], padded.storage_offset());
        return windows.reshape(size[0] * places.Height * places.Width, -1);
    }

    private static Tensor Halved(Tensor weight) => nn.functional.pixel_unshuffle(nn.functional.pad(weight,
        [0, EvenKernel(weight.shape[3]) - weight.shape[3], 0, EvenKernel(weight.shape[2]) - weight.shape[2]]), 2);

    private static long EvenKernel(long size) => (size + 1) / 2 * 2;
}
