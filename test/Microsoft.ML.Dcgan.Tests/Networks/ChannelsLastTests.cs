using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Networks;

[TestClass]
public sealed class ChannelsLastTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void A_pixels_channels_lie_together(int channels)
    {
        using var scope = NewDisposeScope();
        Tensor planes = rand(2, channels, 5, 4);

        Tensor pixels = ChannelsLast.Of(planes);

        CollectionAssert.AreEqual(new long[] { 20 * channels, 1, 4 * channels, channels }, pixels.stride());
        Assert.AreEqual(0, (planes - pixels).abs().max().item<float>());
    }

    // With one channel, other strides than these would do as well, and libtorch would leave the layout at the first layer.
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void No_layer_of_the_discriminator_leaves_the_layout(int channels)
    {
        using var scope = NewDisposeScope();
        var shape = new NetworkShape(32, 32, channels, 10, 4, 4, 4);
        using var networks = new GanNetworks(shape, CPU);

        Tensor images = ChannelsLast.Of(rand(2, channels, 32, 32));
        foreach (nn.Module<Tensor, Tensor> layer in networks.Discriminator.children().Single().children().Cast<nn.Module<Tensor, Tensor>>()
            .SkipLast(1))
        {
            images = layer.call(images);
            Assert.AreEqual(1, images.stride(1), layer.GetName());
        }
    }
}
