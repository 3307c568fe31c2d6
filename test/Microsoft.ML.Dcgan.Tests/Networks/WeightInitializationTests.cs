using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Networks;

[TestClass]
public sealed class WeightInitializationTests
{
    [TestMethod]
    public void Draws_from_the_papers_distributions()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(3, CPU);
        using var networks = new GanNetworks(new NetworkShape(64, 64, 3, 100, 32, 32, 4), CPU);
        networks.Initialize(random);

        foreach (nn.Module network in new nn.Module[] { networks.Generator, networks.Discriminator })
        {
            foreach ((string name, Tensor weight) in network.named_parameters())
            {
                (double expectedMean, double expectedDeviation) = weight.dim() == 4 ? (0, 0.02) : name.EndsWith("weight") ? (1, 0.02)
                    : (0, 0);
                double count = weight.numel();
                double mean = weight.mean().item<float>();
                double deviation = expectedDeviation == 0 ? weight.abs().max().item<float>() : weight.std().item<float>();

                // Five standard errors.
                Assert.AreEqual(expectedMean, mean, 5 * expectedDeviation / Math.Sqrt(count), $"mean of {name}");
                Assert.AreEqual(expectedDeviation, deviation, 5 * expectedDeviation / Math.Sqrt(2 * count), $"deviation of {name}");
            }
        }
    }
}
