using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>
/// The networks that a file's tensors are of, found from their shapes. Everything that the shapes leave open comes from the
/// options: where a kernel fits two sizes of images, the even one is taken unless they say otherwise.
/// </summary>
internal static class ImportedShape
{
    private const int LargestBaseSide = 7;

    /// <param name="generator">The generator's tensors.</param>
    /// <param name="discriminator">The discriminator's, or null.</param>
    /// <param name="options">What the import was told.</param>
    /// <exception cref="FormatException">They are no such networks.</exception>
    public static NetworkShape Of(NetworkTensors generator, NetworkTensors? discriminator, DcganImportOptions options)
    {
        IReadOnlyList<long[]> kernels = generator.GeneratorKernels();
        long[] first = kernels[0];
        bool resizes = Resizes(kernels);
        long[] last = kernels[^1];
        int kernel = kernels.Skip(1).Any(shape => shape[2] == 5 || shape[3] == 5) ? 5 : 4;
        if (first[2] is < 1 or > LargestBaseSide || first[3] is < 1 or > LargestBaseSide || kernels.Count > 11)
            throw generator.Unfit($"starts from {first[2]}x{first[3]} in {kernels.Count} layers");

        bool open = resizes || kernel == 5;
        int height = Side(2, options.ImageHeight), width = Side(3, options.ImageWidth);
        long noise = first[0] - options.Classes.Count, maps = resizes ? last[1] : last[0], channels = resizes ? last[0] : last[1];
        var shape = new NetworkShape(height, width, Small(channels), Small(noise), Small(maps), Small(maps), kernel)
        {
            Classes = options.Classes.Count,
            NoiseDistribution = options.NoiseDistribution,
            Upsampling = resizes ? DcganUpsampling.ResizeConvolution : DcganUpsampling.TransposedConvolution,
        };
        if (shape.Halvings != kernels.Count - 1 || shape.Base != (first[2], first[3]))
            throw generator.Unfit($"makes images of {height}x{width} from {first[2]}x{first[3]} in {kernels.Count - 1} doublings, where this library has {shape.Base.Height}x{shape.Base.Width} in {shape.Halvings}");
        return discriminator == null ? shape : With(discriminator, shape);

        int Side(int axis, int? wanted)
        {
            long side = first[axis];
            foreach (long[] layer in kernels.Skip(1))
                side = !open && layer[axis] == 3 ? 2 * side - 1 : 2 * side;
            // Of all sizes that halve to the same, this is the largest.
            return open && wanted is int known && known <= side ? known : (int)side;
        }
    }

    private static NetworkShape With(NetworkTensors discriminator, NetworkShape shape)
    {
        DcganNormalization normalization = discriminator.Has("main.0.weight_u") ? DcganNormalization.Spectral
            : shape.Halvings == 1 || discriminator.Has("main.3.running_mean") ? DcganNormalization.Batch
            : DcganNormalization.None;
        int last = normalization == DcganNormalization.Batch ? 3 * shape.Halvings - 1 : 2 * shape.Halvings;
        if (discriminator.Require($"main.{last}.weight", 4)[0] - 1 is var classes && classes != shape.Classes)
            throw discriminator.Unfit($"tells {classes} classes apart, but {nameof(DcganImportOptions.Classes)} has {shape.Classes}. Set it to what it was trained on. As it stands");
        return shape with
        {
            DiscriminatorFeatureMaps = Small(discriminator.Require("main.0.weight", 4)[0]),
            DiscriminatorNormalization = normalization,
        };
    }

    private static bool Resizes(IReadOnlyList<long[]> kernels)
    {
        // A transposed convolution's weights have its inputs first, any other's its outputs.
        long maps = kernels[0][1];
        bool transposed = true;
        foreach (long[] kernel in kernels.Skip(1))
        {
            transposed &= kernel[0] == maps;
            maps = kernel[1];
        }
        return !transposed;
    }

    private static int Small(long size) => (int)Math.Min(size, int.MaxValue);
}
