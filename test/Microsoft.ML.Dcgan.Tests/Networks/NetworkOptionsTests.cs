using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Networks;

[TestClass]
public sealed class NetworkOptionsTests
{
    public static IEnumerable<object[]> Combinations =>
        from size in new[] { (9, 8), (28, 28), (33, 47) }
        from kernel in new[] { 4, 5 }
        from classes in new[] { 0, 3 }
        from upsampling in new[] { DcganUpsampling.TransposedConvolution, DcganUpsampling.ResizeConvolution }
        from normalization in new[] { DcganNormalization.Batch, DcganNormalization.Spectral, DcganNormalization.None }
        select new object[] { size.Item1, size.Item2, kernel, classes, upsampling, normalization };

    [TestMethod]
    [DynamicData(nameof(Combinations))]
    public void Every_combination_fits_together_and_is_counted(int height, int width, int kernel, int classes, DcganUpsampling upsampling,
        DcganNormalization normalization)
    {
        using var scope = NewDisposeScope();
        var shape = new NetworkShape(height, width, 3, 5, 2, 4, kernel)
        {
            Classes = classes,
            Upsampling = upsampling,
            DiscriminatorNormalization = normalization,
            MinibatchDeviation = kernel == 5,
        };
        using var networks = new GanNetworks(shape, CPU);

        Tensor images = networks.Generator.call(zeros(2, 5 + classes));
        CollectionAssert.AreEqual(new long[] { 2, 3, height, width }, images.shape);
        CollectionAssert.AreEqual(new long[] { 2 },
            networks.Discriminator.Logits(images, classes > 0 ? tensor(new long[] { 0, 2 }) : null).shape);

        Assert.AreEqual(Count(networks.Generator), shape.GeneratorNumbers);
        Assert.AreEqual(Count(networks.Discriminator), shape.DiscriminatorNumbers);
        Assert.AreEqual(networks.Generator.parameters().Sum(weight => weight.numel()), shape.GeneratorParameters);
        Assert.AreEqual(networks.Discriminator.parameters().Sum(weight => weight.numel()), shape.DiscriminatorParameters);
        Assert.AreEqual(normalization == DcganNormalization.Batch && shape.Halvings > 1,
            networks.Discriminator.modules().OfType<BatchNormalization>().Any());

        static long Count(nn.Module network) => network.state_dict().Values.Sum(tensor => tensor.numel());
    }

    [TestMethod]
    public void Spectral_normalisation_has_the_names_that_PyTorch_gives_it()
    {
        using var scope = NewDisposeScope();
        using var networks = new GanNetworks(
            new NetworkShape(16, 16, 1, 5, 2, 3, 4) { DiscriminatorNormalization = DcganNormalization.Spectral }, CPU);
        CollectionAssert.AreEquivalent(
            new[] { 0, 2, 4 }.SelectMany(layer => new[] { "weight", "weight_u", "weight_v" }.Select(name => $"main.{layer}.{name}"))
                .ToArray(),
            networks.Discriminator.state_dict().Keys.ToArray());
    }

    // With one channel, other strides would do as well, and libtorch would leave the layout at the first layer.
    [TestMethod]
    [DataRow(1, DcganNormalization.Spectral)]
    [DataRow(3, DcganNormalization.Spectral)]
    [DataRow(1, DcganNormalization.None)]
    public void No_layer_leaves_the_layout(int channels, DcganNormalization normalization)
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(1, CPU);
        var shape = new NetworkShape(33, 32, channels, 10, 4, 4, 4)
        {
            Upsampling = DcganUpsampling.ResizeConvolution,
            DiscriminatorNormalization = normalization
        };
        using var networks = new GanNetworks(shape, CPU);
        networks.Initialize(random);

        foreach ((nn.Module network, Tensor input) in new (nn.Module,
            Tensor)[] { (networks.Discriminator, ChannelsLast.Of(rand([2, channels, 33, 32], generator: random))),
            (networks.Generator, rand([2, 10, 1, 1], generator: random)) })
        {
            Tensor features = input;
            foreach (nn.Module<Tensor, Tensor> layer in network.children().Single().children().Cast<nn.Module<Tensor, Tensor>>()
                .SkipLast(2))
            {
                features = layer.call(features);
                Assert.AreEqual(1, features.stride(1), layer.GetName());
            }
        }
    }

    [TestMethod]
    public void In_bfloat16_images_and_logits_are_nearly_the_same()
    {
        if (!PrecisionChoice.RunsBFloat16(CPU))
            return;
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        (Tensor images, Tensor logits) = Run(ScalarType.Float32);
        (Tensor reducedImages, Tensor reducedLogits) = Run(ScalarType.BFloat16);

        // Eight bits of mantissa, through a few layers.
        Assert.AreEqual(0, ((images - reducedImages).norm() / images.norm()).item<float>(), 0.03);
        Assert.AreEqual(0, ((logits - reducedLogits).norm() / logits.norm()).item<float>(), 0.03);

        static (Tensor, Tensor) Run(ScalarType precision)
        {
            using var random = new torch.Generator(1, CPU);
            var shape = new NetworkShape(33, 32, 3, 10, 8, 8, 4)
            {
                Upsampling = DcganUpsampling.ResizeConvolution,
                DiscriminatorNormalization = DcganNormalization.Spectral
            };
            using var networks = new GanNetworks(shape, CPU, precision);
            networks.Initialize(random);
            return (networks.Generator.call(randn([8, 10], generator: random)),
                networks.Discriminator.call(randn([8, 3, 33, 32], generator: random)));
        }
    }

    // As many feature maps or as few: signals keep their size without batch normalisation.
    [TestMethod]
    [DataRow(4)]
    [DataRow(32)]
    public void Without_normalisation_signals_neither_fade_nor_grow(int featureMaps)
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(1, CPU);
        using var networks = new GanNetworks(
            new NetworkShape(64, 64, 3, 10, 2, featureMaps, 4) { DiscriminatorNormalization = DcganNormalization.None }, CPU);
        networks.Initialize(random);

        Tensor features = randn([16, 3, 64, 64], generator: random);
        foreach (nn.Module<Tensor, Tensor> layer in networks.Discriminator.children().Single().children().Cast<nn.Module<Tensor, Tensor>>())
        {
            features = layer.call(features);
            if (layer is HiddenActivation)
                Assert.AreEqual(1, features.square().mean().item<float>(), 0.4);
        }
    }
}
