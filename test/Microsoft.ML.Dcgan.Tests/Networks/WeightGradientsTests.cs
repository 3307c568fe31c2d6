using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Networks;

/// <summary>The gradients of a discriminator's weights, found in two parts, against those of one pass.</summary>
[TestClass]
public sealed class WeightGradientsTests
{
    [TestMethod]
    [DataRow(ScalarType.Float32, DcganNormalization.Batch)]
    [DataRow(ScalarType.BFloat16, DcganNormalization.Batch)]
    [DataRow(ScalarType.Float32, DcganNormalization.Spectral)]
    [DataRow(ScalarType.BFloat16, DcganNormalization.None)]
    public void All_but_the_first_convolutions_are_found_early_and_all_are_the_same(ScalarType precision, DcganNormalization normalization)
    {
        using var scope = NewDisposeScope();
        var shape = new NetworkShape(32, 32, 1, 6, 4, 4, KernelSize: 4) { DiscriminatorNormalization = normalization };
        (float[] whole, _, string? none) = Gradients(shape, precision, splits: false);
        (float[] split, float[] early, string? from) = Gradients(shape, precision, splits: true);
        CollectionAssert.AreEqual(whole, split);
        Assert.IsNull(none);
        // 4 maps from 1 and 8 from 4, of 4x4; what follows the second convolution begins behind them.
        int late = 16 * 4 + 16 * 4 * 8;
        Assert.AreEqual(normalization == DcganNormalization.Batch ? "[8]" : "[16,8,4,4]", from);
        CollectionAssert.AreEqual(new float[late], early[..late]);
        CollectionAssert.AreEqual(whole[late..], early[late..]);
        Assert.IsTrue(whole.Chunk(late / 8).All(part => part.Any(number => number != 0)));
    }

    // A network of two convolutions has nothing to find early.
    [TestMethod]
    public void A_small_network_has_one_part()
    {
        using var scope = NewDisposeScope();
        var shape = new NetworkShape(8, 8, 1, 6, 4, 4, KernelSize: 4);
        Assert.IsNull(Gradients(shape, ScalarType.Float32, splits: true).From);
    }

    // Of all weights, as they lie; when the early ones are there, too; and the shape of the first of these.
    private static (float[] All, float[] Early, string? From) Gradients(NetworkShape shape, ScalarType precision, bool splits)
    {
        using var random = new torch.Generator(3, CPU);
        using var networks = new GanNetworks(shape, CPU, precision);
        networks.Initialize(random);
        using var weights = new FlatParameters(networks.Discriminator);
        using var gradients = new WeightGradients(networks.Discriminator, splits);
        gradients.Begin();
        Tensor Judge(float shift) =>
            networks.Discriminator.Logits(randn([5, 1, shape.Height, shape.Width], generator: random) + shift, null);
        Tensor real = Judge(0), generated = Judge(0.5f);
        float[] early = [];
        string? from = null;
        gradients.Backward([real, generated], [full_like(real, -0.3f), full_like(generated, 0.2f)], first =>
        {
            early = weights.Gradients.data<float>().ToArray();
            from = $"[{string.Join(",", first.shape)}]";
            Assert.AreEqual(weights.Gradients.numel(), weights.GradientsFrom(first).numel() + weights.GradientsFrom(first, before: true).numel());
        });
        return (weights.Gradients.data<float>().ToArray(), early, from);
    }
}
