using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Training;

[TestClass]
public sealed class AugmentationsTests
{
    private static IEnumerable<object[]> All =>
        new Augmentation[]
        {
            Augmentations.ChangeColor, Augmentations.Translate, Augmentations.CutOut, Augmentations.Noise(0.3, 1), Augmentations.Mirror,
        }
        .SelectMany(view => new[] { 1, 3 }, (view, channels) => new object[] { view, channels });

    // Left silently, another layout would cost a quarter of the speed.
    [TestMethod]
    [DynamicData(nameof(All))]
    public void Images_and_their_gradients_stay_channels_last(object view, int channels)
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(1, CPU);
        using var networks = new GanNetworks(new NetworkShape(32, 24, channels, 10, 4, 4, 4), CPU);
        networks.Initialize(random);
        Tensor generated = networks.Generator.call(randn([4, 10], generator: random));
        CheckDiscriminator(((Augmentation)view)(ChannelsLast.Of(generated.detach()), new StepContext(0, 1, random)));

        Tensor images = generated.detach().requires_grad_();
        Tensor seen = ((Augmentation)view)(images, new StepContext(0, 1, random));
        CheckDiscriminator(seen);
        // Accumulated in images.grad it would have the images' strides, whatever it had before.
        Tensor gradient = autograd.grad([networks.Discriminator.call(seen).sum()], [images])[0];
        if (channels > 1)
            Assert.AreEqual(1, gradient.stride(1), "the gradient's stride");

        void CheckDiscriminator(Tensor hidden)
        {
            if (channels > 1)
                Assert.AreEqual(1, hidden.stride(1), "the image's stride");
            foreach (nn.Module<Tensor, Tensor> layer in networks.Discriminator.children()
                .Single().children().Cast<nn.Module<Tensor, Tensor>>().SkipLast(1))
            {
                hidden = layer.call(hidden);
                Assert.AreEqual(1, hidden.stride(1), layer.GetName());
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void What_is_drawn_depends_on_seed_and_step_alone(object view, int channels)
    {
        using var scope = NewDisposeScope();
        using var training = new SeededRandom(7);
        Tensor images = rand(16, channels, 8, 8);

        Tensor first = At(step: 5);
        At(step: 6);
        manual_seed(99);

        Assert.AreEqual(0, (first - At(step: 5)).abs().max().item<float>());
        Assert.IsGreaterThan(0, (first - At(step: 6)).abs().max().item<float>());

        Tensor At(long step) => ((Augmentation)view)(images, new StepContext(step, 1000, training.At(RandomPurpose.Step, step)));
    }

    [TestMethod]
    [DataRow(0.4, 1.0, 0, 0.4)]
    [DataRow(0.4, 1.0, 500, 0.2)]
    [DataRow(0.4, 1.0, 1000, 0.0)]
    [DataRow(0.2, 0.5, 0, 0.2)]
    [DataRow(0.2, 0.5, 250, 0.1)]
    [DataRow(0.2, 0.5, 500, 0.0)]
    [DataRow(0.2, 0.5, 900, 0.0)]
    public void Instance_noise_falls_in_a_straight_line(double deviation, double decay, long step, double expected)
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(1, CPU);
        Tensor images = rand(20, 3, 40, 40);

        Tensor noise = Augmentations.Noise(deviation, decay)(images, new StepContext(step, 1000, random)) - images;

        Assert.AreEqual(expected, noise.std().item<float>(), 0.01 * expected);
        Assert.AreEqual(0, noise.mean().item<float>(), 0.02 * expected);
    }

    [TestMethod]
    public void Every_second_image_is_mirrored()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(1, CPU);
        const int count = 2000;
        Tensor images = rand([count, 3, 4, 5], generator: random);

        Tensor seen = Augmentations.Mirror(images, new StepContext(0, 1, random));

        Tensor columns = images.index_select(3, tensor(new long[] { 4, 3, 2, 1, 0 }));
        Tensor isMirrored = Differs(columns).logical_not(), isKept = Differs(images).logical_not();
        Assert.AreEqual(count, (isMirrored.sum() + isKept.sum()).item<long>());
        Assert.AreEqual(count / 2, isMirrored.sum().item<long>(), 4 * Math.Sqrt(count) / 2);

        Tensor Differs(Tensor other) => seen.ne(other).view(count, -1).any(1);
    }

    [TestMethod]
    public void Of_a_share_of_a_quarter_every_fourth_image_is_changed()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(1, CPU);
        const int count = 2000;
        Tensor images = rand([count, 1, 8, 8], generator: random);
        Augmentation colour = Augmentations.ForGenerated(new() { Augmentation = DcganAugmentation.Color }).Single();
        long Changed(double share) => colour(images, new StepContext(0, 1, random) { AugmentationShare = share })
            .ne(images).view(count, -1).any(1).sum().item<long>();

        Assert.AreEqual(0, Changed(0));
        Assert.AreEqual(count / 4, Changed(0.25), 4 * Math.Sqrt(count * 0.25 * 0.75));
        Assert.AreEqual(count, Changed(1));
    }
}
