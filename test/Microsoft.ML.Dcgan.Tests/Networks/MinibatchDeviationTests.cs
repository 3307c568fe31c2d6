using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Networks;

[TestClass]
public sealed class MinibatchDeviationTests
{
    private static readonly NetworkShape _shape = new(16, 16, 3, 5, 2, 4, 4)
    {
        MinibatchDeviation = true,
        DiscriminatorNormalization = DcganNormalization.None,
    };

    [TestMethod]
    public void It_adds_the_mean_of_the_features_deviations_as_one_more_map()
    {
        using var scope = NewDisposeScope();
        using var layer = new MinibatchDeviation();
        Tensor features = randn([5, 3, 2, 4], generator: new torch.Generator(1, CPU));
        Tensor output = layer.call(features);

        float[] values = [.. features.data<float>()];
        double expected = Enumerable.Range(0, 24).Average(place =>
        {
            double[] column = [.. Enumerable.Range(0, 5).Select(image => (double)values[image * 24 + place])];
            return Math.Sqrt(column.Average(value => Math.Pow(value - column.Average(), 2)));
        });
        CollectionAssert.AreEqual(new long[] { 5, 4, 2, 4 }, output.shape);
        Assert.AreEqual(0, (output.narrow(1, 0, 3) - features).abs().max().item<float>());
        Assert.IsTrue(output.narrow(1, 3, 1).contiguous().data<float>().All(value => Math.Abs(value - expected) < 1e-5));
    }

    [TestMethod]
    public void Images_that_are_all_the_same_have_none()
    {
        using var scope = NewDisposeScope();
        using var layer = new MinibatchDeviation();
        Tensor output = layer.call(ones(6, 2, 1, 1) * 3);
        Assert.AreEqual(0, output.narrow(1, 2, 1).max().item<float>(), 1e-3);
    }

    [TestMethod]
    public void After_training_an_image_is_judged_alike_in_any_company()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(1, CPU);
        using var networks = new GanNetworks(_shape, CPU);
        networks.Initialize(random);
        Tensor images = randn([8, 3, 16, 16], generator: random);
        float Judged(Tensor shown) => networks.Discriminator.Logits(shown, null)[0].item<float>();

        Assert.AreNotEqual(Judged(images), Judged(images.narrow(0, 0, 1)), 1e-4f);
        networks.Discriminator.eval();
        Assert.AreEqual(Judged(images), Judged(images.narrow(0, 0, 1)), 1e-5f);
        float running = networks.Discriminator.named_buffers().Single(buffer => buffer.name.EndsWith("deviation")).buffer.item<float>();
        Assert.IsGreaterThan(0, running);
    }

    [TestMethod]
    public void Its_last_convolution_has_one_more_input()
    {
        NetworkShape without = _shape with { MinibatchDeviation = false };
        // 8 maps of 4x4 before it.
        Assert.AreEqual(4 * 4, _shape.DiscriminatorParameters - without.DiscriminatorParameters);
        Assert.AreEqual("MinibatchDeviation", Layers.Discriminator(_shape)[^2].Description);
    }
}
