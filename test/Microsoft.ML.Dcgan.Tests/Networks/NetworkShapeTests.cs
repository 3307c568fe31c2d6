using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Networks;

[TestClass]
public sealed class NetworkShapeTests
{
    [TestMethod]
    public void Has_as_many_weights_as_PyTorchs_example()
    {
        var shape = new NetworkShape(64, 64, 3, 100, 64, 64, 4);
        using var networks = new GanNetworks(shape, CPU);

        Assert.AreEqual(3_576_704, networks.Generator.parameters().Sum(weight => weight.numel()));
        Assert.AreEqual(2_765_568, networks.Discriminator.parameters().Sum(weight => weight.numel()));
        Assert.AreEqual(3_576_704, shape.GeneratorParameters);
        Assert.AreEqual(2_765_568, shape.DiscriminatorParameters);
    }

    [TestMethod]
    [DataRow(28, 28, 1, 4)]
    [DataRow(32, 32, 3, 4)]
    [DataRow(48, 64, 3, 4)]
    [DataRow(50, 150, 1, 4)]
    [DataRow(128, 128, 3, 4)]
    [DataRow(8, 8, 1, 4)]
    [DataRow(9, 8, 3, 4)]
    [DataRow(8, 301, 3, 4)]
    [DataRow(64, 64, 3, 5)]
    [DataRow(50, 150, 1, 5)]
    [DataRow(33, 47, 3, 5)]
    public void Makes_and_judges_images_of_any_size(int height, int width, int channels, int kernel)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var shape = new NetworkShape(height, width, channels, 10, 2, 3, kernel);
        using var networks = new GanNetworks(shape, CPU);

        Tensor images = networks.Generator.call(zeros(2, 10));

        CollectionAssert.AreEqual(new long[] { 2, channels, height, width }, images.shape);
        CollectionAssert.AreEqual(new long[] { 2 }, networks.Discriminator.call(images).shape);
    }

    [TestMethod]
    [DataRow(28, 28, 1, 4)]
    [DataRow(50, 150, 1, 4)]
    [DataRow(33, 47, 3, 5)]
    [DataRow(128, 128, 3, 4)]
    public void Counts_weights_and_statistics_as_the_networks_have_them(int height, int width, int channels, int kernel)
    {
        using var scope = NewDisposeScope();
        var shape = new NetworkShape(height, width, channels, 10, 2, 3, kernel);
        using var networks = new GanNetworks(shape, CPU);

        Assert.AreEqual(networks.Generator.parameters().Sum(weight => weight.numel()), shape.GeneratorParameters);
        Assert.AreEqual(networks.Discriminator.parameters().Sum(weight => weight.numel()), shape.DiscriminatorParameters);
        Assert.AreEqual(networks.Generator.buffers().Sum(statistic => statistic.numel()),
            shape.GeneratorNumbers - shape.GeneratorParameters);
        Assert.AreEqual(
            networks.Discriminator.buffers().Sum(statistic => statistic.numel()),
                shape.DiscriminatorNumbers - shape.DiscriminatorParameters);
    }

    [TestMethod]
    public void Descends_to_a_base_of_at_most_seven()
    {
        CollectionAssert.AreEqual(new[] { (64, 64), (32, 32), (16, 16), (8, 8), (4, 4) },
            new NetworkShape(64, 64, 3, 1, 1, 1, 4).Resolutions.ToArray());
        CollectionAssert.AreEqual(new[] { (28, 28), (14, 14), (7, 7) }, new NetworkShape(28, 28, 1, 1, 1, 1, 4).Resolutions.ToArray());
        CollectionAssert.AreEqual(new[] { (50, 150), (25, 75), (13, 38), (7, 19), (4, 10), (2, 5) },
            new NetworkShape(50, 150, 1, 1, 1, 1, 4).Resolutions.ToArray());
    }

    [TestMethod]
    public void Widens_to_at_most_eight_times()
    {
        CollectionAssert.AreEqual(new[] { 64, 128, 256, 512, 512, 512 },
            Enumerable.Range(1, 6).Select(level => NetworkShape.FeatureMapsAt(level, 64)).ToArray());
    }

    [TestMethod]
    public void Names_weights_as_PyTorchs_example()
    {
        using var scope = NewDisposeScope();
        using var networks = new GanNetworks(new NetworkShape(64, 64, 3, 8, 4, 4, 4), CPU);
        foreach ((string letter, nn.Module network) in new (string, nn.Module)[] { ("G", networks.Generator),
            ("D", networks.Discriminator) })
        {
            string prefix = $"initial.{letter}.";
            CollectionAssert.AreEquivalent(
                SafetensorsFile.Reference.Names.Where(name => name.StartsWith(prefix)).Select(name => name[prefix.Length..]).ToArray(),
                network.state_dict().Keys.ToArray());
        }
    }
}
