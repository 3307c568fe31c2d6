using Microsoft.ML.Dcgan.Distributed;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Tests.Distributed;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Networks;

/// <summary>Each of three replicas has a part of five images; libtorch's own batch normalisation has all of them.</summary>
[TestClass]
public sealed class SynchronizedNormalizationTests
{
    private const int Images = 5;
    private const int Maps = 3;

    [TestMethod]
    public void Outputs_gradients_and_theirs_are_those_of_all_images()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(4, CPU);
        Tensor images = randn(Images, Maps, 4, 2, generator: random), factors = randn(Images, Maps, 4, 2, generator: random);
        using var reference = new BatchNormalization(Maps);
        Tensor[] expected = Pass(reference, images, factors);
        Tensor[][] found = CommunicatorTests.OnEach(3, ranks =>
        {
            MinibatchShare share = MinibatchShare.Of(Images, ranks);
            using BatchNormalization own = Synchronized(ranks);
            Tensor[] values = Pass(own, share.Of(images), share.Of(factors));
            Close(reference.RunningMean, own.RunningMean);
            Close(reference.RunningVariance, own.RunningVariance);
            return values;
        });
        // The output, the images' gradient and what that of its square is for the images: of each image.
        for (int i = 0; i < 3; i++)
            Close(expected[i], cat([.. found.Select(values => values[i])]));
        // Weights and biases: each replica's part of a sum.
        for (int i = 3; i < expected.Length; i++)
            Close(expected[i], found.Select(values => values[i]).Aggregate((sum, part) => sum + part));
    }

    [TestMethod]
    public void Bfloat16_is_normalised_by_statistics_in_float32()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(4, CPU);
        Tensor images = randn(Images, Maps, 4, 2, generator: random).bfloat16();
        using var reference = new BatchNormalization(Maps);
        Tensor expected = reference.call(images);
        Tensor[] found = CommunicatorTests.OnEach(3, ranks =>
        {
            MinibatchShare share = MinibatchShare.Of(Images, ranks);
            using BatchNormalization own = Synchronized(ranks);
            Tensor part = share.Of(images).detach().requires_grad_(), output = own.call(part);
            Assert.AreEqual(ScalarType.BFloat16, output.dtype);
            Assert.AreEqual(ScalarType.BFloat16, autograd.grad([output.sum()], [part])[0].dtype);
            return output.MoveToOuterDisposeScope();
        });
        Assert.IsLessThan(0.02, (expected.@float() - cat(found).@float()).abs().max().item<float>());
    }

    // In float32 the square of 3,000 has no digits left for a variance of 1.
    [TestMethod]
    public void A_variance_far_from_zero_is_exact()
    {
        using var scope = NewDisposeScope();
        using var random = new torch.Generator(4, CPU);
        Tensor images = randn(Images, Maps, 4, 2, generator: random) + 3000;
        double[] expected = images.to(float64).var([0, 2, 3], unbiased: false).data<double>().ToArray();
        foreach (float[] found in CommunicatorTests.OnEach(3, ranks =>
        {
            Tensor moments = SynchronizedNormalization.Moments(MinibatchShare.Of(Images, ranks).Of(images), Exchange(ranks));
            return moments[1].data<float>().ToArray();
        }))
        {
            for (int i = 0; i < Maps; i++)
                Assert.AreEqual(expected[i], found[i], 1e-3);
        }
    }

    // The output and, of a function of it, the first and second derivatives.
    private static Tensor[] Pass(BatchNormalization layer, Tensor images, Tensor factors)
    {
        Tensor input = images.detach().requires_grad_();
        using (no_grad())
        {
            layer.Weight.copy_(tensor([0.5f, -1.5f, 2]));
            layer.Bias.copy_(tensor([0.1f, 0.2f, -0.3f]));
        }
        Tensor output = layer.call(input);
        Tensor loss = (output.tanh() * factors).sum();
        IList<Tensor> first = autograd.grad([loss], [input, layer.Weight, layer.Bias], retain_graph: true, create_graph: true);
        IList<Tensor> second = autograd.grad([first[0].square().sum()], [input, layer.Weight, layer.Bias], retain_graph: true);
        IList<Tensor> plain = autograd.grad([loss], [input, layer.Weight, layer.Bias]);
        return [.. new[] { output, plain[0], second[0], plain[1], plain[2], second[1], second[2], first[1], first[2] }
            .Select(tensor => tensor.detach().clone().DetachFromDisposeScope())];
    }

    private static BatchNormalization Synchronized(Communicator ranks) => new(Maps) { Synchronization = Exchange(ranks) };

    private static Synchronization Exchange(Communicator ranks) =>
        new ReplicaExchange(ranks, new DcganEstimator.Options(), Images).Synchronization!;

    private static void Close(Tensor expected, Tensor found) =>
        Assert.IsTrue(allclose(expected, found, rtol: 1e-4, atol: 1e-5), $"{expected.str()}\n{found.str()}");
}
