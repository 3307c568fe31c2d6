using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

/// <summary>Each transform against a loop over pixels that is told the same random numbers (Zhao et al. 2020 and their code).</summary>
[TestClass]
public sealed class DifferentiableAugmentationTests
{
    private const int Count = 40, Height = 12, Width = 20;
    private static readonly DcganEstimator.Options _settings = LoopOptions.Create(4);

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Translation_shifts_every_pixel_and_leaves_grey(int channels)
    {
        // An eighth of 12 is 1.5, and of 20 is 2.5, both rounded up.
        long[][] shifts = Drawn(random => new[] { randint(-2, 3, [Count], generator: random), randint(-3, 4, [Count], generator: random) }
            .Select(drawn => drawn.data<long>().ToArray()).ToArray());
        Check(DcganAugmentation.Translation, channels, (images, i, c, y, x) =>
        {
            (long row, long column) = (y - shifts[0][i], x - shifts[1][i]);
            return row is >= 0 and < Height && column is >= 0 and < Width ? images[i, c, (int)row, (int)column] : 0;
        });
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Cutout_leaves_a_grey_rectangle_of_half_the_sides(int channels)
    {
        long[][] middles = Drawn(random =>
            new[] { randint(0, Height + 1, [Count], generator: random), randint(0, Width + 1, [Count], generator: random) }
            .Select(drawn => drawn.data<long>().ToArray()).ToArray());
        Check(DcganAugmentation.Cutout, channels, (images, i, c, y, x) =>
            y - middles[0][i] is >= -3 and < 3 && x - middles[1][i] is >= -5 and < 5 ? 0 : images[i, c, y, x]);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Color_changes_brightness_then_saturation_then_contrast(int channels)
    {
        float[][] draws = Drawn(random =>
            Enumerable.Range(0, 3).Select(_ => rand(Count, generator: random).data<float>().ToArray()).ToArray());
        Check(DcganAugmentation.Color, channels, (images, i, c, y, x) =>
        {
            double brightness = draws[0][i] - 0.5, saturation = draws[1][i] * 2, contrast = draws[2][i] + 0.5;
            double grey = Enumerable.Range(0, channels).Average(other => images[i, other, y, x] + brightness);
            double colored = (images[i, c, y, x] + brightness - grey) * saturation + grey;

            // Saturation leaves a pixel's mean over the channels as it is, and so the image's.
            double mean = Enumerable.Range(0, channels * Height * Width)
                .Average(p => images[i, p / (Height * Width), p / Width % Height, p % Width] + brightness);
            return (colored - mean) * contrast + mean;
        });
    }

    [TestMethod]
    [DataRow(15, 13)]
    [DataRow(8, 9)]
    public void Odd_sides_are_cut_to_half_rounded_up(int height, int width)
    {
        using var scope = NewDisposeScope();
        Tensor cut = Seen(DcganAugmentation.Cutout, ones(2000, 1, height, width)).eq(0);
        Assert.AreEqual((height + 1) / 2, cut.any(3).sum(2).max().item<long>());
        Assert.AreEqual((width + 1) / 2, cut.any(2).sum(2).max().item<long>());
        Assert.AreEqual(1, cut.any(3).any(2).to(ScalarType.Int64).min().item<long>(), "every image is cut somewhere");
    }

    [TestMethod]
    public void All_shifts_are_as_likely()
    {
        using var scope = NewDisposeScope();
        const int count = 5000, side = 16, most = 2, shifts = (2 * most + 1) * (2 * most + 1);
        Tensor numbered = arange(side * side).to(ScalarType.Float32).view(1, 1, side, side).expand(count, -1, -1, -1);

        float[] middles = Seen(DcganAugmentation.Translation, numbered)[.., 0, 8, 8].data<float>().ToArray();

        int[] counts = middles.GroupBy(source => source).Select(group => group.Count()).ToArray();
        Assert.HasCount(shifts, counts);
        double expected = (double)count / shifts;
        double chiSquared = counts.Sum(found => (found - expected) * (found - expected) / expected);
        Assert.IsLessThan(51.2, chiSquared);    // 24 degrees of freedom: exceeded once in a thousand
    }

    [TestMethod]
    [DataRow(DcganAugmentation.Translation)]
    [DataRow(DcganAugmentation.Cutout)]
    [DataRow(DcganAugmentation.Color)]
    [DataRow(DcganAugmentation.All)]
    public void Gradients_equal_finite_differences(DcganAugmentation augmentation)
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(2, CPU);
        Tensor images = randn([2, 3, 8, 8], generator: random).requires_grad_();
        Tensor weights = randn([2, 3, 8, 8], generator: random);

        (Seen(augmentation, images) * weights).sum().backward();

        using var _ = no_grad();
        float[] gradients = images.grad!.data<float>().ToArray();
        foreach (int pixel in new[] { 0, 9, 27, 60, 100, 128, 191, 200, 333, 383 })
        {
            // Every transform is linear in the pixels, so that the step may be large.
            Tensor nudge = zeros(2, 3, 8, 8);
            nudge.view(-1)[pixel] = tensor(0.5f);
            double difference = ((Seen(augmentation, images + nudge) - Seen(augmentation, images - nudge)) * weights).sum().item<float>();
            Assert.AreEqual(difference, gradients[pixel], 1e-4, $"pixel {pixel}");
        }
    }

    [TestMethod]
    public void Colors_come_first_and_noise_last()
    {
        DcganEstimator.Options all = _settings with { Augmentation = DcganAugmentation.All, InstanceNoise = 0.1, Mirror = true };
        Augmentation[] expected =
            [Augmentations.ChangeColor, Augmentations.Translate, Augmentations.CutOut, Augmentations.Noise(0.1, all.InstanceNoiseDecay)];
        Tensor images = rand(8, 3, 16, 12, generator: new torch.Generator(1, CPU)) * 2 - 1;
        Tensor Shown(IEnumerable<Augmentation> augmentations) => Drawn(random =>
            augmentations.Aggregate(images, (shown, augmentation) => augmentation(shown, new StepContext(0, 1, random))));

        Assert.AreEqual(0, (Shown(expected) - Shown(Augmentations.ForGenerated(all))).abs().max().item<float>());
        Assert.AreEqual(0, (Shown(expected.Prepend(Augmentations.Mirror)) - Shown(Augmentations.ForReal(all))).abs().max().item<float>());
        Assert.IsEmpty(Augmentations.ForReal(_settings));
    }

    private static Tensor Seen(DcganAugmentation augmentation, Tensor images) =>
        Drawn(random => Augmentations.ForGenerated(_settings with { Augmentation = augmentation })
            .Aggregate(images, (seen, view) => view(seen, new StepContext(0, 1, random))));

    private static T Drawn<T>(Func<torch.Generator, T> draw)
    {
        using var random = new torch.Generator(17, CPU);
        return draw(random);
    }

    private static void Check(DcganAugmentation augmentation, int channels, Func<float[,,,], int, int, int, int, double> expected)
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(2, CPU);
        Tensor images = ChannelsLast.Of(rand([Count, channels, Height, Width], generator: random) * 2 - 1);
        float[,,,] before = Pixels(images), after = Pixels(Seen(augmentation, images));
        for (int i = 0; i < Count; i++)
            for (int c = 0; c < channels; c++)
                for (int y = 0; y < Height; y++)
                    for (int x = 0; x < Width; x++)
                        Assert.AreEqual(expected(before, i, c, y, x), after[i, c, y, x], 1e-5,
                            $"image {i}, channel {c}, row {y}, column {x}");
    }

    private static float[,,,] Pixels(Tensor images)
    {
        CollectionAssert.AreEqual(new long[] { Count, images.shape[1], Height, Width }, images.shape);
        var pixels = new float[images.shape[0], images.shape[1], images.shape[2], images.shape[3]];
        Buffer.BlockCopy(images.contiguous().data<float>().ToArray(), 0, pixels, 0, 4 * pixels.Length);
        return pixels;
    }
}
