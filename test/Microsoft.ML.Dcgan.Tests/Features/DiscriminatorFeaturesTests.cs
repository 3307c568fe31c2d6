using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Features;

/// <summary>The numbers themselves: against PyTorch's (see test/python/make_reference.py), formulas and loops.</summary>
[TestClass]
public sealed class DiscriminatorFeaturesTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void PyTorchs_weights_give_PyTorchs_features_and_scores()
    {
        using var scope = NewDisposeScope();
        using GanNetworks networks = ReferenceNetworks.Load("last");
        using Discriminator discriminator = Discriminator.CopyOf(networks);
        float[][] pixels = ReferenceNetworks.Images().data<float>().ToArray().Chunk(3 * 64 * 64).ToArray();
        IDataView view = Pictures.View(_ml, pixels, 3, 64, 64);

        IDataView features = new BatchedView(NetworkColumns.Features(discriminator, "Features", "Pixels", 3), view);
        IDataView realness = new BatchedView(NetworkColumns.Realness(discriminator, "Realness", "Pixels", 3), view);

        // Four feature maps, doubling three times, 16 numbers each.
        Assert.AreEqual("Vector<Single, 960>", features.Schema["Features"].Type.ToString());
        CheckClose(SafetensorsFile.Reference.Floats("discriminator.features"),
            features.GetColumn<float[]>("Features").SelectMany(row => row).ToArray(), 1e-4);
        CheckClose(SafetensorsFile.Reference.Floats("discriminator.logits").Select(logit => (float)(1 / (1 + Math.Exp(-logit)))).ToArray(),
            realness.GetColumn<float>("Realness").ToArray(), 1e-5);
    }

    [TestMethod]
    [DataRow(64, 64, 64, 15_360)]   // (64 + 128 + 256 + 512) maps of 4x4
    [DataRow(32, 32, 32, 3_584)]    // (32 + 64 + 128) maps of 4x4
    [DataRow(8, 8, 10, 160)]        // 10 maps of 4x4
    [DataRow(28, 28, 1, 48)]        // maps of 14x14, then 2 of 7x7
    [DataRow(16, 8, 2, 64)]         // 2 maps of 8x4 to 4x4, 4 maps of 4x2
    [DataRow(64, 8, 1, 80)]         // maps of 32x4, 16x2, 8x1 and 4x1: 16 + 2 * 8 + 4 * 4 + 8 * 4
    public void Features_are_sixteen_a_map_or_as_many_as_it_has(int height, int width, int maps, int expected) =>
        Assert.AreEqual(expected, new NetworkShape(height, width, 1, 1, 1, maps, 4).Features);

    [TestMethod]
    public void Layers_smaller_than_the_grid_stay_as_they_are()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var random = new torch.Generator(3, CPU);
        var shape = new NetworkShape(16, 8, 1, 2, 2, 2, 4);
        using var networks = new GanNetworks(shape, CPU);
        networks.Initialize(random);
        networks.Discriminator.eval();
        Tensor images = rand([2, 1, 16, 8], generator: random) * 2 - 1;

        // New batch statistics normalise nothing: mean 0, variance 1, and 1e-5 beside it.
        var weights = networks.Discriminator.state_dict();
        Tensor first = nn.functional.leaky_relu(nn.functional.conv2d(images, weights["main.0.weight"], strides: [2, 2], padding: [1, 1]),
            0.2);
        Tensor second = nn.functional.conv2d(first, weights["main.2.weight"], strides: [2, 2], padding: [1, 1]);
        second = nn.functional.leaky_relu(second / Math.Sqrt(1 + 1e-5) * weights["main.3.weight"].view(1, -1, 1, 1), 0.2);
        CollectionAssert.AreEqual(new long[] { 2, 2, 8, 4 }, first.shape);
        CollectionAssert.AreEqual(new long[] { 2, 4, 4, 2 }, second.shape);

        Tensor features = networks.Discriminator.Features(images);

        CollectionAssert.AreEqual(new long[] { 2, shape.Features }, features.shape);
        for (int image = 0; image < 2; image++)
        {
            // Eight rows to four: the larger of each two.
            float[] top = first[image].contiguous().data<float>().ToArray();
            float[] pooled = Enumerable.Range(0, 2 * 4 * 4).Select(i => Math.Max(top[i / 4 * 8 + i % 4], top[i / 4 * 8 + 4 + i % 4]))
                .ToArray();
            CheckClose([.. pooled, .. second[image].contiguous().data<float>().ToArray()],
                features[image].contiguous().data<float>().ToArray(), 1e-6);
        }
    }

    private static void CheckClose(float[] expected, float[] actual, double tolerance)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], tolerance, $"number {i}");
    }
}
