using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Networks;

/// <summary>Without batch normalisation, which is in its convolutions.</summary>
[TestClass]
public sealed class FoldedGeneratorTests
{
    [TestMethod]
    [DataRow(64, 64, 3, 4, DcganUpsampling.TransposedConvolution)]
    [DataRow(28, 17, 1, 5, DcganUpsampling.TransposedConvolution)]
    [DataRow(28, 17, 1, 4, DcganUpsampling.ResizeConvolution)]
    public void It_makes_the_images_of_the_one_that_was_trained(int height, int width, int channels, int kernel, DcganUpsampling upsampling)
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(1, CPU);
        using var networks = new GanNetworks(
            new NetworkShape(height, width, channels, 10, 3, 3, kernel) { Upsampling = upsampling }, CPU);
        networks.Initialize(random);
        using (no_grad())
        {
            foreach (BatchNormalization normalization in networks.Generator.modules().OfType<BatchNormalization>())
            {
                normalization.RunningMean.copy_(randn(normalization.RunningMean.shape, generator: random) * 0.1);
                normalization.RunningVariance.copy_(rand(normalization.RunningVariance.shape, generator: random) + 0.01);
                normalization.Bias.copy_(randn(normalization.Bias.shape, generator: random));
            }
        }
        networks.Generator.eval();
        // As it is after training: weights are in the middle of a larger buffer.
        using var flat = new FlatParameters(networks.Generator);
        Tensor noise = randn(7, 10, generator: random);

        using var folded = new FoldedGenerator(networks);
        Tensor expected = networks.Generator.call(noise), actual = folded.Generate(noise);

        Assert.IsGreaterThan(0.01f, expected.std().item<float>());
        Assert.AreEqual(0, (expected - actual).abs().max().item<float>(), 1e-5);
    }
}
