using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Networks;

/// <summary>The tables of layers against the networks themselves, layer by layer.</summary>
[TestClass]
public sealed class LayerShapeTests
{
    [TestMethod]
    public void Has_as_many_weights_as_PyTorchs_example()
    {
        var shape = new NetworkShape(64, 64, 3, 100, 64, 64, 4);

        Assert.AreEqual(3_576_704, LayerShape.OfGenerator(shape).Sum(layer => layer.Parameters));
        Assert.AreEqual(2_765_568, LayerShape.OfDiscriminator(shape).Sum(layer => layer.Parameters));
    }

    [TestMethod]
    [DataRow(28, 28, 1, 4, 0, DcganUpsampling.TransposedConvolution, DcganNormalization.Batch)]
    [DataRow(33, 47, 3, 5, 0, DcganUpsampling.TransposedConvolution, DcganNormalization.None)]
    [DataRow(50, 150, 1, 4, 3, DcganUpsampling.TransposedConvolution, DcganNormalization.Spectral)]
    [DataRow(64, 64, 3, 4, 2, DcganUpsampling.ResizeConvolution, DcganNormalization.Batch)]
    [DataRow(8, 9, 3, 5, 0, DcganUpsampling.ResizeConvolution, DcganNormalization.Batch)]
    public void Are_the_networks_layers(int height, int width, int channels, int kernel, int classes, DcganUpsampling upsampling, DcganNormalization normalization)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var shape = new NetworkShape(height, width, channels, 10, 2, 3, kernel) { Classes = classes, Upsampling = upsampling, DiscriminatorNormalization = normalization };
        using var networks = new GanNetworks(shape, CPU);

        Check(networks.Generator, zeros(2, 10 + classes, 1, 1), LayerShape.OfGenerator(shape));
        Check(networks.Discriminator, zeros(2, channels, height, width), LayerShape.OfDiscriminator(shape));
        Assert.AreEqual(shape.GeneratorParameters, LayerShape.OfGenerator(shape).Sum(layer => layer.Parameters));
        Assert.AreEqual(shape.DiscriminatorParameters, LayerShape.OfDiscriminator(shape).Sum(layer => layer.Parameters));
    }

    private static void Check(nn.Module network, Tensor input, IReadOnlyList<LayerShape> table)
    {
        (string name, nn.Module module)[] layers = network.named_children().Single().module.named_children().ToArray();
        Assert.HasCount(layers.Length, table);
        foreach (((string name, nn.Module module), LayerShape layer) in layers.Zip(table))
        {
            input = ((nn.Module<Tensor, Tensor>)module).call(input);
            Assert.AreEqual($"main.{name}", layer.Name);
            CollectionAssert.AreEqual(new long[] { 2, layer.Output.Maps, layer.Output.Height, layer.Output.Width }, input.shape, layer.ToString());
            Assert.AreEqual(module.parameters().Sum(weight => weight.numel()), layer.Parameters, layer.ToString());
        }
    }
}
