using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Networks;

/// <summary>The lists of layers against the networks themselves, layer by layer.</summary>
[TestClass]
public sealed class LayersTests
{
    [TestMethod]
    public void Has_as_many_weights_as_PyTorchs_example()
    {
        var shape = new NetworkShape(64, 64, 3, 100, 64, 64, 4);

        Assert.AreEqual(3_576_704, Layers.Generator(shape).Sum(layer => layer.Parameters));
        Assert.AreEqual(2_765_568, Layers.Discriminator(shape).Sum(layer => layer.Parameters));
    }

    [TestMethod]
    [DataRow(28, 28, 1, 4, 0, DcganUpsampling.TransposedConvolution, DcganNormalization.Batch)]
    [DataRow(33, 47, 3, 5, 0, DcganUpsampling.TransposedConvolution, DcganNormalization.None)]
    [DataRow(50, 150, 1, 4, 3, DcganUpsampling.TransposedConvolution, DcganNormalization.Spectral)]
    [DataRow(64, 64, 3, 4, 2, DcganUpsampling.ResizeConvolution, DcganNormalization.Batch)]
    [DataRow(8, 9, 3, 5, 0, DcganUpsampling.ResizeConvolution, DcganNormalization.Batch)]
    public void Are_the_networks_layers(
        int height, int width, int channels, int kernel, int classes, DcganUpsampling upsampling, DcganNormalization normalization)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var shape = new NetworkShape(height, width, channels, 10, 2, 3, kernel)
        {
            Classes = classes,
            Upsampling = upsampling,
            DiscriminatorNormalization = normalization,
        };
        using var networks = new GanNetworks(shape, CPU);

        Check(networks.Generator, zeros(2, 10 + classes, 1, 1), Layers.Generator(shape));
        Check(networks.Discriminator, zeros(2, channels, height, width), Layers.Discriminator(shape));
        Assert.AreEqual(shape.GeneratorParameters, Layers.Generator(shape).Sum(layer => layer.Parameters));
        Assert.AreEqual(shape.DiscriminatorParameters, Layers.Discriminator(shape).Sum(layer => layer.Parameters));
    }

    [TestMethod]
    public void Are_described_in_PyTorchs_words()
    {
        var shape = new NetworkShape(9, 8, 3, 10, 2, 3, 4) { DiscriminatorNormalization = DcganNormalization.Spectral };
        CollectionAssert.AreEqual(
            new[] { "ConvTranspose2d 5x4, stride 1", "BatchNorm2d", "ReLU", "ConvTranspose2d 3x4, stride 2, padding 1", "Tanh" },
            Layers.Generator(shape).Select(layer => layer.Description).ToArray());
        CollectionAssert.AreEqual(
            new[] { "Conv2d, spectral norm 3x4, stride 2, padding 1", "LeakyReLU 0.2", "Conv2d, spectral norm 5x4, stride 1" },
            Layers.Discriminator(shape).Select(layer => layer.Description).ToArray());
        Assert.AreEqual("Upsample, Conv2d 3x3",
            Layers.Generator(shape with { Upsampling = DcganUpsampling.ResizeConvolution })[3].Description);
    }

    private static void Check(nn.Module network, Tensor input, IReadOnlyList<Layer> list)
    {
        (string name, nn.Module module)[] layers = network.named_children().Single().module.named_children().ToArray();
        Assert.HasCount(layers.Length, list);
        foreach (((string name, nn.Module module), Layer layer) in layers.Zip(list))
        {
            input = ((nn.Module<Tensor, Tensor>)module).call(input);
            Assert.AreEqual($"main.{name}", layer.Name);
            CollectionAssert.AreEqual(new long[] { 2, layer.Output.Maps, layer.Output.Height, layer.Output.Width }, input.shape,
                layer.ToString());
            Assert.AreEqual(module.parameters().Sum(weight => weight.numel()), layer.Parameters, layer.ToString());
        }
        CollectionAssert.AreEquivalent(
            network.state_dict().Select(tensor => $"{tensor.Key} {string.Join("x", tensor.Value.shape)}").ToArray(),
            list.SelectMany(layer => layer.Tensors).Select(tensor => $"{tensor.Name} {string.Join("x", tensor.Shape)}").ToArray());
    }
}
