using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class TorchAutogradTests
{
    public static IEnumerable<object[]> Functions()
    {
        object[] Of(string name, Func<Tensor, Tensor> function) => [name, function];

        yield return Of("tanh", x => x.tanh());
        yield return Of("sigmoid", x => x.sigmoid());
        yield return Of("softplus", x => functional.softplus(x));
        yield return Of("log-sigmoid", x => functional.logsigmoid(x));
        yield return Of("leaky relu", x => functional.leaky_relu(x, 0.2));
        yield return Of("square root of a square", x => (x.square() + 1).sqrt());
        yield return Of("exp, log", x => (x.exp() + 1).log());
        yield return Of("quotient", x => 1 / (x.square() + 2));
        yield return Of("difference", x => 1 - x * 3);
        yield return Of("power", x => (x + 4).pow(2.5));
        yield return Of("mean, variance", x => x.mean([1L]) * x.var(0));
        yield return Of("norm", x => x.norm());
        yield return Of("matrix product", x => x.matmul(x.T));
        yield return Of("convolution", x => functional.conv2d(x.view(1, 1, 3, 3), x[0..2, 0..2].reshape(1, 1, 2, 2)));
        yield return Of("batch normalisation", x => functional.batch_norm(x.view(1, 1, 3, 3), null, null, training: true).pow(3));
        yield return Of("interpolation", x => functional.interpolate(x.view(1, 1, 3, 3), [5, 5], mode: InterpolationMode.Bilinear));
        yield return Of("average pooling", x => functional.avg_pool2d(x.view(1, 1, 3, 3), 2L, 1L));
        yield return Of("padding", x => functional.pad(x.view(1, 1, 3, 3), (1, 1, 1, 1), PaddingModes.Reflect));
        yield return Of("logits", x => functional.binary_cross_entropy_with_logits(x, full_like(x, 0.9)));
    }

    [TestMethod]
    [DynamicData(nameof(Functions))]
    public void GradientsAreFiniteDifferences(string name, Func<Tensor, Tensor> function)
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(1);
        Tensor x = randn(3, 3, dtype: float64).requires_grad_();
        Tensor value = function(x), weights = randn(value.shape, dtype: float64);
        (value * weights).sum().backward();
        double[] gradient = x.grad.data<double>().ToArray();

        using IDisposable _ = no_grad();
        const double Step = 1e-6;
        for (int i = 0; i < gradient.Length; i++)
        {
            double At(double offset)
            {
                Tensor moved = x.clone();
                moved.view(-1)[i].add_(offset);
                return (function(moved) * weights).sum().ToDouble();
            }

            Assert.AreEqual((At(Step) - At(-Step)) / (2 * Step), gradient[i], 1e-6, $"{name}, element {i}");
        }
    }

    [TestMethod]
    public void GradientsAccumulateUntilTheyAreDropped()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(2).requires_grad_();
        Assert.IsNull(x.grad);
        (x * 3).sum().backward();
        (x * 3).sum().backward();
        CollectionAssert.AreEqual(new[] { 6f, 6f }, x.grad!.data<float>().ToArray());

        x.grad = null!;
        Assert.IsNull(x.grad);
    }

    [TestMethod]
    public void AGradientCanBeDifferentiatedAgain()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(2.0).requires_grad_();
        Tensor first = autograd.grad([x.pow(3)], [x], retain_graph: true, create_graph: true)[0];
        Tensor second = autograd.grad([first], [x])[0];

        Assert.AreEqual(12.0, first.item<double>());
        Assert.AreEqual(12.0, second.item<double>());
    }

    [TestMethod]
    public void AnUnusedInputIsRefusedOrGivesNoGradient()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor used = ones(1).requires_grad_(), unused = ones(1).requires_grad_();

        Assert.ThrowsExactly<ExternalException>(() => autograd.grad([used * 2], [unused]));
        Assert.IsTrue(autograd.grad([used * 2], [used, unused], allow_unused: true)[1].IsInvalid);
    }

    [TestMethod]
    public void ModesNestAndEnd()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(1).requires_grad_();
        using (no_grad())
        {
            Assert.IsFalse((x * 2).requires_grad);
            using (enable_grad())
                Assert.IsTrue((x * 2).requires_grad);
            Assert.IsFalse(is_grad_enabled());
        }
        Assert.IsTrue(is_grad_enabled());

        using (inference_mode())
        {
            Assert.IsTrue(is_inference_mode_enabled());
            Assert.IsFalse((x * 2).requires_grad);
        }
        Assert.IsFalse(is_inference_mode_enabled());
        Assert.IsTrue((x * 2).requires_grad);
        Assert.IsFalse((x * 2).detach().requires_grad);
    }

    [TestMethod]
    public void ClippingScalesGradientsToTheirJointNorm()
    {
        using DisposeScope scope = NewDisposeScope();
        var first = Parameter(zeros(1));
        var second = Parameter(zeros(1));
        (first * 3 + second * 4).backward();
        double norm = utils.clip_grad_norm_([first, second], 1);

        Assert.AreEqual(5, norm, 1e-6);
        Assert.AreEqual(0.6f, first.grad!.item<float>(), 1e-5f);
        Assert.AreEqual(0.8f, second.grad!.item<float>(), 1e-5f);
    }
}
