namespace Microsoft.ML.Dcgan.Training;

/// <summary>What becomes of images [n, channels, height, width] before the discriminator sees them: as many of the same size, on their
/// device and with their strides, so that they stay <see cref="Networks.ChannelsLast"/>. Gradients flow through it.</summary>
internal delegate Tensor Augmentation(Tensor images, StepContext context);

/// <summary>The augmentations, and which of them options ask for, in the order in which they apply.</summary>
internal static class Augmentations
{
    // Of either side.
    private const double MostShift = 0.125, CutShare = 0.5;

    private static readonly (DcganAugmentation Flag, Augmentation Augmentation)[] _byFlag =
        [(DcganAugmentation.Color, ChangeColor), (DcganAugmentation.Translation, Translate), (DcganAugmentation.Cutout, CutOut)];

    public static IReadOnlyList<Augmentation> ForReal(DcganEstimator.Options options) =>
        options.Mirror ? [Mirror, .. ForGenerated(options)] : ForGenerated(options);

    public static IReadOnlyList<Augmentation> ForGenerated(DcganEstimator.Options options)
    {
        IEnumerable<Augmentation> asked =
            _byFlag.Where(entry => options.Augmentation.HasFlag(entry.Flag)).Select(entry => OfShare(entry.Augmentation));
        return options.InstanceNoise > 0 ? [.. asked, Noise(options.InstanceNoise, options.InstanceNoiseDecay)] : [.. asked];
    }

    /// <summary>Left and right change places in every second image, at random.</summary>
    public static Tensor Mirror(Tensor images, StepContext context) =>
        where(Draw(images, context).lt(Number(0.5)), images.flip(3), images);

    /// <summary>Shifts by up to an eighth of either side, every number of pixels as likely, with grey (0) beyond the border (Zhao et al.
    /// 2020, section 4, and their code).</summary>
    public static Tensor Translate(Tensor images, StepContext context)
    {
        long[] sizes = images.shape;
        (long count, long channels, long height, long width) = (sizes[0], sizes[1], sizes[2], sizes[3]);
        Tensor rows = Sources(height).view(-1, height, 1), columns = Sources(width).view(-1, 1, width);
        Tensor isInside = IsWithin(rows, height) & IsWithin(columns, width);

        // A pixel's channels stay together: one index a pixel, and the layout stays channels last.
        Tensor places = (Within(rows, height) * Number(width)).Plus(Within(columns, width));
        Tensor pixels = images.permute(0, 2, 3, 1).reshape(count, height * width, channels);
        Tensor shifted = pixels.gather(1, places.view(count, -1, 1).expand(-1, -1, channels)) * isInside.view(count, -1, 1);
        return shifted.view(count, height, width, channels).permute(0, 3, 1, 2);

        static Tensor IsWithin(Tensor places, long size) => places.ge(Number(0)) & places.lt(Number(size));

        static Tensor Within(Tensor places, long size) => places.clamp(Number(0), Number(size - 1));

        // [n, size]: where each image's pixels come from, along one dimension.
        Tensor Sources(long size)
        {
            long most = (long)(size * MostShift + 0.5);
            Tensor shift = context.Draw(count, all => randint(-most, most + 1, [all, 1], generator: context.Random)).to(images.device);
            return Sequence(size, images.device) - shift;
        }
    }

    /// <summary>A rectangle of half the sides is grey (0), wherever its middle falls in the image (Zhao et al. 2020, section 4, and their
    /// code).</summary>
    public static Tensor CutOut(Tensor images, StepContext context)
    {
        (long count, long height, long width) = (images.shape[0], images.shape[2], images.shape[3]);
        Tensor isCut = IsCut(height).view(count, 1, height, 1) & IsCut(width).view(count, 1, 1, width);
        return images * isCut.logical_not();

        // [n, size]: whether the rectangle spans it, along one dimension.
        Tensor IsCut(long size)
        {
            long side = (long)(size * CutShare + 0.5);
            Tensor first = context.Draw(count, all => randint(0, size + 1 - side % 2, [all, 1], generator: context.Random))
                .to(images.device) - Number(side / 2);
            Tensor place = Sequence(size, images.device);
            return place.ge(first) & place.lt(first.Plus(side));
        }
    }

    /// <summary>Brightness moves by up to 0.5, of a range of 2; saturation changes by a factor of 0 to 2, and contrast by one of 0.5 to
    /// 1.5; each of them evenly at random (Zhao et al. 2020, section 4, and their code). Grey images have no saturation.</summary>
    public static Tensor ChangeColor(Tensor images, StepContext context)
    {
        Tensor brightness = Draw(images, context) - Number(0.5), saturation = Draw(images, context) * Number(2),
            contrast = Draw(images, context).Plus(0.5);
        Tensor changed = images.Plus(brightness);
        changed = changed.mean([1], keepdim: true).lerp(changed, saturation);
        return changed.mean([1, 2, 3], keepdim: true).lerp(changed, contrast);
    }

    /// <summary>Normal noise on every pixel, which makes the two distributions overlap and falls to 0 in a straight line (Sønderby et al.
    /// 2017, section 2; Arjovsky and Bottou 2017, section 3).</summary>
    /// <param name="deviation">Its standard deviation at the start of the training.</param>
    /// <param name="decay">The share of the training after which it is 0.</param>
    public static Augmentation Noise(double deviation, double decay) => (images, context) =>
    {
        double now = deviation * Math.Max(0, 1 - context.Progress / decay);
        if (now == 0)
            return images;

        // Drawn pixel by pixel, as the images lie in memory.
        long[] sizes = images.shape;
        Tensor noise = context.Draw(sizes[0], all => randn([all, sizes[2], sizes[3], sizes[1]], WeightType, generator: context.Random))
            .permute(0, 3, 1, 2);
        return images.Plus(noise.to(images.device) * Number(now));
    };

    // Changes each image with a probability, by itself.
    private static Augmentation OfShare(Augmentation augmentation) => (images, context) => context.AugmentationShare switch
    {
        0 => images,
        1 => augmentation(images, context),
        double share => where(Draw(images, context).lt(Number(share)), augmentation(images, context), images),
    };

    // A number in [0, 1) for each image.
    private static Tensor Draw(Tensor images, StepContext context) =>
        context.Draw(images.shape[0], all => rand([all, 1, 1, 1], WeightType, generator: context.Random)).to(images.device);
}

/// <summary>How large a share of the images is augmented: the more, the more the discriminator overfits, so that few images are, and many
/// are not (adaptive discriminator augmentation: Karras et al. 2020, section 3). What tells is how sure it is of what it is shown, which
/// every loss with bounds has; theirs is of one loss.</summary>
internal sealed class AdaptiveAugmentation(TrainingState state, DcganEstimator.Options options, long batch)
{
    /// <summary>Minibatches between two adjustments.</summary>
    public const int Interval = 64;

    private const double Target = 0.6;

    // Images over which the share can grow from 0 to 1.
    private const double RampUp = 100_000;

    private readonly LossBounds? _bounds = options is { AdaptiveAugmentation: true, Augmentation: not DcganAugmentation.None }
        ? state.Step.Loss.Bounds : null;

    /// <summary>Before the first minibatch, where it is adaptive: of none.</summary>
    public void Begin()
    {
        if (_bounds != null)
            state.Resumable.AugmentationShare = 0;
    }

    /// <summary>Another minibatch was trained on; its step's <see cref="StepStatistics"/>, on the device, are read at intervals.</summary>
    public void Adjust(Tensor measures)
    {
        if (_bounds is not { } bounds)
            return;
        state.MeasuredSinceAdjustment.Plus_(measures);
        if (state.Done % Interval != 0)
            return;
        double certainty = bounds.Certainty(StepStatistics.Mean(state.MeasuredSinceAdjustment).DiscriminatorLoss);
        state.MeasuredSinceAdjustment.zero_();
        state.Resumable.AugmentationShare = Next(state.Resumable.AugmentationShare, certainty, Interval * batch);
    }

    /// <summary>The next share, after so many images since the last adjustment, of which the discriminator was so sure.</summary>
    public static double Next(double share, double certainty, long images) =>
        Math.Clamp(share + (certainty > Target ? images : -images) / RampUp, 0, 1);
}
