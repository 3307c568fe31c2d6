using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class TorchModuleTests
{
    private sealed class Small : Module<Tensor, Tensor>
    {
        private readonly Sequential body = Sequential(("up", ConvTranspose2d(5, 4, 4, bias: false)), ("norm", BatchNorm2d(4)), ("act", ReLU(true)));
        private readonly Conv2d last = Conv2d(4, 3, (3, 3), padding: (1, 1));
        private readonly Parameter scale = Parameter(ones(3, 1, 1));
        private readonly Tensor offset = zeros(1);

        public Small() : base(nameof(Small)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using Tensor between = body.call(input);
            return last.call(between) * scale + offset;
        }
    }

    [TestMethod]
    public void StateHasPyTorchsNamesAndShapes()
    {
        using DisposeScope scope = NewDisposeScope();
        using var module = new Small();

        CollectionAssert.AreEquivalent(
            new[]
            {
                "scale 3x1x1", "body.up.weight 5x4x4x4", "body.norm.weight 4", "body.norm.bias 4", "last.weight 3x4x3x3", "last.bias 3",
                "offset 1", "body.norm.running_mean 4", "body.norm.running_var 4", "body.norm.num_batches_tracked ",
            },
            module.state_dict().Select(entry => $"{entry.Key} {string.Join("x", entry.Value.shape)}").ToArray());
        CollectionAssert.AreEqual(new[] { "body", "last", "body.up", "body.norm", "body.act" }, module.named_modules().Select(named => named.name).ToArray());
        CollectionAssert.AreEqual(new[] { "body", "last" }, module.named_children().Select(named => named.name).ToArray());
        Assert.AreSame(module.state_dict()["last.bias"], module.get_parameter("last.bias"));
        Assert.IsTrue(module.has_buffer("body.norm.running_var"));
        Assert.IsFalse(module.has_parameter("body.norm.running_var"));
    }

    [TestMethod]
    public void StateIsLoadedByName()
    {
        using DisposeScope scope = NewDisposeScope();
        using Small source = new(), target = new();
        target.load_state_dict(source.state_dict());
        Tensor input = randn(2, 5, 1, 1);
        Assert.IsTrue(source.call(input).allclose(target.call(input)));

        var incomplete = new Dictionary<string, Tensor>(source.state_dict()) { ["surplus"] = ones(1) };
        incomplete.Remove("scale");
        Assert.ThrowsExactly<InvalidOperationException>(() => target.load_state_dict(incomplete));
        var (missing, unexpected) = target.load_state_dict(incomplete, strict: false);
        Assert.AreEqual("scale", missing.Single());
        Assert.AreEqual("surplus", unexpected.Single());
    }

    [TestMethod]
    public void BatchNormalisationUsesTheBatchInTrainingAndItsStatisticsAfter()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(2);
        using BatchNorm2d norm = BatchNorm2d(2, momentum: 1);
        Tensor batch = randn(8, 2, 3, 3) * 4 + 3;
        Tensor trained = norm.call(batch);
        Assert.AreEqual(0, trained.mean().ToDouble(), 1e-6);
        Assert.AreEqual(1, trained.std(unbiased: false).ToDouble(), 1e-4);
        Assert.AreEqual(1L, norm.num_batches_tracked.item<long>());
        Assert.IsTrue(norm.running_mean.allclose(batch.mean([0L, 2, 3]), 1e-4, 1e-5));

        norm.eval();
        Assert.IsFalse(norm.training);
        Tensor fixedPoint = norm.call(norm.running_mean.view(1, 2, 1, 1));
        Assert.AreEqual(0, fixedPoint.abs().max().ToDouble(), 1e-6);
        Assert.AreEqual(1L, norm.num_batches_tracked.item<long>());
    }

    [TestMethod]
    public void ConvertingReplacesParametersWhereTheModuleKeepsThem()
    {
        using DisposeScope scope = NewDisposeScope();
        using var module = new Small();
        Parameter before = module.get_parameter("scale");
        module.to(bfloat16);

        Assert.IsTrue(before.IsInvalid);
        Assert.IsTrue(module.parameters().All(parameter => parameter.dtype == bfloat16 && parameter.requires_grad));
        Assert.AreEqual(int64, module.get_buffer("body.norm.num_batches_tracked").dtype);
        Tensor output = module.call(randn(2, 5, 1, 1).bfloat16());
        Assert.AreEqual(bfloat16, output.dtype);
        Assert.ThrowsExactly<ArgumentException>(() => module.to(int32));

        Parameter kept = module.get_parameter("scale");
        module.to(CPU);
        Assert.AreSame(kept, module.get_parameter("scale"));
    }

    [TestMethod]
    public void ModesAndActionsReachEveryModule()
    {
        using DisposeScope scope = NewDisposeScope();
        using var module = new Small();
        module.eval();
        Assert.IsTrue(module.modules().All(child => !child.training));
        module.train();
        Assert.IsTrue(module.modules().All(child => child.training));

        var visited = new List<Module>();
        module.apply(visited.Add);
        Assert.AreSame(module, visited[^1]);
        Assert.HasCount(6, visited);
    }

    [TestMethod]
    public void GradientsAreDroppedOrZeroed()
    {
        using DisposeScope scope = NewDisposeScope();
        using var module = new Small();
        module.call(randn(2, 5, 1, 1)).sum().backward();
        Assert.IsTrue(module.parameters().All(parameter => parameter.grad is not null));
        module.zero_grad(set_to_none: false);
        Assert.IsTrue(module.parameters().All(parameter => parameter.grad!.eq(0).all().ToBoolean()));
        module.zero_grad();
        Assert.IsTrue(module.parameters().All(parameter => parameter.grad is null));
    }

    [TestMethod]
    public void DisposingReachesEverythingThatIsRegistered()
    {
        using DisposeScope scope = NewDisposeScope();
        var module = new Small();
        Tensor[] state = [.. module.state_dict().Values];
        module.Dispose();
        module.Dispose();

        Assert.IsTrue(state.All(tensor => tensor.IsInvalid));
    }

    [TestMethod]
    public void ParametersOutliveTheScopeTheirModuleWasBuiltIn()
    {
        Conv2d conv;
        using (NewDisposeScope())
            conv = Conv2d(1, 1, 3L);

        Assert.IsFalse(conv.weight.IsInvalid);
        conv.Dispose();
        Assert.IsTrue(conv.weight.IsInvalid);
    }

    [TestMethod]
    public void NamesAreUniqueAndPlain()
    {
        using DisposeScope scope = NewDisposeScope();
        using var module = new Small();

        Assert.ThrowsExactly<InvalidOperationException>(() => module.register_module("last", Identity()));
        Assert.ThrowsExactly<ArgumentException>(() => module.register_module("a.b", Identity()));
        Assert.ThrowsExactly<InvalidOperationException>(() => module.register_parameter("scale", Parameter(ones(1))));
        Assert.ThrowsExactly<ArgumentNullException>(() => module.register_buffer("none", null!));
    }

    [TestMethod]
    public void LayersComputeTheirFormulas()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor([-2f, -0.5f, 0, 3], [1, 4]);

        CollectionAssert.AreEqual(new[] { 0f, 0, 0, 3 }, Values(ReLU().call(x)));
        CollectionAssert.AreEqual(new[] { -0.4f, -0.1f, 0, 3 }, Values(LeakyReLU(0.2).call(x)));
        CollectionAssert.AreEqual(Values(x), Values(Identity().call(x)));
        Linear linear = Linear(4, 2);
        Assert.IsTrue(linear.call(x).allclose(x.matmul(linear.weight.T) + linear.bias));
        Dropout dropout = Dropout(0.5);
        Assert.IsTrue(Values(dropout.call(ones(100))).All(value => value is 0 or 2));
        dropout.eval();
        Assert.IsTrue(Values(dropout.call(ones(100))).All(value => value == 1));
        CollectionAssert.AreEqual(new long[] { 2, 12 }, Flatten().call(ones(2, 3, 2, 2)).shape);
        Assert.AreEqual(3f, MaxPool2d(2).call(x.view(1, 1, 2, 2)).item<float>());
        CollectionAssert.AreEqual(new long[] { 1, 1, 4, 4 }, Upsample(scale_factor: [2, 2]).call(x.view(1, 1, 2, 2)).shape);
        Assert.AreEqual(Math.Log(2), BCEWithLogitsLoss().call(zeros(3), ones(3)).ToDouble(), 1e-6);
    }

    private static float[] Values(Tensor tensor) => tensor.data<float>().ToArray();
}
