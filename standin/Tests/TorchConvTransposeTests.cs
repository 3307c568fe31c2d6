using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class TorchConvTransposeTests
{
    // libtorch's own path, which the stand-in's functional.conv_transpose2d replaces.
    private const string Script = """
        def conv(x: Tensor, w: Tensor, b: Tensor, stride: int, padding: int, output_padding: int) -> Tensor:
            return torch.conv_transpose2d(x, w, b, [stride, stride], [padding, padding], [output_padding, output_padding])

        """;

    public sealed record Case(int Batch, int From, int To, (int H, int W) Size, (int H, int W) Kernel, (int H, int W) Stride, (int H, int W) Padding, (int H, int W) OutputPadding)
    {
        public (int H, int W) OutputSize => (
            (Size.H - 1) * Stride.H - 2 * Padding.H + Kernel.H + OutputPadding.H,
            (Size.W - 1) * Stride.W - 2 * Padding.W + Kernel.W + OutputPadding.W);
    }

    public static IEnumerable<object[]> Cases()
    {
        yield return [new Case(2, 3, 4, (5, 5), (4, 4), (2, 2), (1, 1), (0, 0))];
        yield return [new Case(3, 7, 2, (1, 1), (4, 4), (1, 1), (0, 0), (0, 0))];
        yield return [new Case(1, 5, 3, (1, 1), (3, 5), (1, 1), (0, 0), (0, 0))];
        yield return [new Case(2, 4, 3, (3, 4), (3, 4), (2, 2), (1, 1), (0, 0))];
        yield return [new Case(2, 2, 5, (4, 3), (5, 5), (2, 2), (2, 2), (1, 1))];
        yield return [new Case(1, 2, 2, (4, 3), (3, 3), (2, 2), (1, 1), (0, 1))];
        yield return [new Case(2, 3, 3, (4, 6), (3, 3), (1, 1), (1, 1), (0, 0))];
        yield return [new Case(2, 2, 3, (3, 3), (2, 4), (1, 2), (0, 1), (0, 0))];
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void ForwardAndGradientsAreThoseOfTheDefinition(Case c)
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(3);
        var (x, w, b) = Leaves(c);
        Tensor y = Apply(c, x, w, b);
        Tensor seed = randn(y.shape);
        y.backward([seed]);

        float[] expected = new float[y.numel()], gradX = new float[x.numel()], gradW = new float[w.numel()], gradB = new float[b.numel()];
        Define(c, Values(x), Values(w), Values(b), Values(seed), expected, gradX, gradW, gradB);

        CollectionAssert.AreEqual(new long[] { c.Batch, c.To, c.OutputSize.H, c.OutputSize.W }, y.shape);
        AssertClose(expected, Values(y), "output");
        AssertClose(gradX, Values(x.grad), "gradient of the input");
        AssertClose(gradW, Values(w.grad), "gradient of the weight");
        AssertClose(gradB, Values(b.grad), "gradient of the bias");
    }

    [TestMethod]
    [DataRow(4, 64, 32, 8, 4, 2, 1, 0)]
    [DataRow(16, 100, 64, 1, 4, 1, 0, 0)]
    [DataRow(4, 32, 3, 16, 4, 2, 1, 0)]
    [DataRow(2, 16, 8, 7, 5, 2, 2, 1)]
    public void AgreesWithLibtorch(int batch, int from, int to, int size, int kernel, int stride, int padding, int outputPadding)
    {
        using DisposeScope scope = NewDisposeScope();
        using jit.CompilationUnit unit = jit.compile(Script);
        manual_seed(4);
        var c = new Case(batch, from, to, (size, size), (kernel, kernel), (stride, stride), (padding, padding), (outputPadding, outputPadding));
        var (x, w, b) = Leaves(c);
        Tensor fast = Apply(c, x, w, b), slow = unit.invoke<Tensor>("conv", x, w, b, stride, padding, outputPadding);
        Tensor seed = randn_like(fast);
        IList<Tensor> fastGradients = autograd.grad([fast], [x, w, b], [seed]), slowGradients = autograd.grad([slow], [x, w, b], [seed]);

        AssertClose(slow, fast, 1e-5);
        for (int i = 0; i < 3; i++)
            AssertClose(slowGradients[i], fastGradients[i], 1e-5);
    }

    [TestMethod]
    public void ChannelsLastStaysChannelsLastForwardAndBackward()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(5);
        Tensor w = randn(16, 8, 4, 4).requires_grad_();
        Tensor x = ChannelsLast(randn(4, 16, 8, 8)).requires_grad_();
        Tensor y = functional.conv_transpose2d(x, w, null, [2, 2], [1, 1]);
        y.backward([ChannelsLast(randn(y.shape))]);

        CollectionAssert.AreEqual(new long[] { 8 * 16 * 16, 1, 8 * 16, 8 }, y.stride());
        CollectionAssert.AreEqual(x.stride(), x.grad.stride());
        AssertClose(functional.conv_transpose2d(x.contiguous(), w, null, [2, 2], [1, 1]), y, 1e-5);
    }

    [TestMethod]
    public void Bfloat16KeepsItsTypeAndComesCloseToSinglePrecision()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(6);
        Tensor x = ChannelsLast(randn(4, 32, 8, 8).bfloat16()), w = randn(32, 16, 4, 4).bfloat16();
        Tensor y = functional.conv_transpose2d(x, w, null, [2, 2], [1, 1]);

        Assert.AreEqual(ScalarType.BFloat16, y.dtype);
        Assert.AreEqual(1, y.stride(1));
        AssertClose(functional.conv_transpose2d(x.@float(), w.@float(), null, [2, 2], [1, 1]), y.@float(), 1e-2);
    }

    [TestMethod]
    public void AGradientPenaltyDifferentiatesTwice()
    {
        using DisposeScope scope = NewDisposeScope();
        using jit.CompilationUnit unit = jit.compile(Script);
        manual_seed(7);
        var c = new Case(2, 3, 4, (4, 4), (4, 4), (2, 2), (1, 1), (0, 0));
        var (x, w, b) = Leaves(c);

        Tensor[] Penalty(Func<Tensor> conv)
        {
            Tensor score = conv().tanh().sum();
            Tensor gradient = autograd.grad([score], [x], retain_graph: true, create_graph: true)[0];
            return [.. autograd.grad([gradient.square().sum()], [x, w, b])];
        }

        Tensor[] fast = Penalty(() => Apply(c, x, w, b)), slow = Penalty(() => unit.invoke<Tensor>("conv", x, w, b, 2, 1, 0));
        for (int i = 0; i < 3; i++)
            AssertClose(slow[i], fast[i], 1e-4);
    }

    [TestMethod]
    public void WhatOneDnnDoesNotTakeGoesToLibtorch()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(8);
        Tensor x = randn(2, 4, 5, 5, dtype: float64), w = randn(4, 3, 3, 3, dtype: float64);
        Tensor twice = functional.conv_transpose2d(x, w), grouped = functional.conv_transpose2d(x, w, groups: 2);

        AssertClose(functional.conv_transpose2d(x.@float(), w.@float()).@double(), twice, 1e-5);
        CollectionAssert.AreEqual(new long[] { 2, 6, 7, 7 }, grouped.shape);
    }

    [TestMethod]
    public void AWeightThatDoesNotFitIsReported()
    {
        using DisposeScope scope = NewDisposeScope();
        var e = Assert.ThrowsExactly<System.Runtime.InteropServices.ExternalException>(() => functional.conv_transpose2d(ones(1, 3, 4, 4), ones(2, 3, 4, 4)));

        StringAssert.Contains(e.Message, "channels");
    }

    private static (Tensor x, Tensor w, Tensor b) Leaves(Case c) => (
        randn(c.Batch, c.From, c.Size.H, c.Size.W).requires_grad_(),
        randn(c.From, c.To, c.Kernel.H, c.Kernel.W).requires_grad_(),
        randn(c.To).requires_grad_());

    private static Tensor Apply(Case c, Tensor x, Tensor w, Tensor b) => functional.conv_transpose2d(
        x, w, b, [c.Stride.H, c.Stride.W], [c.Padding.H, c.Padding.W], [c.OutputPadding.H, c.OutputPadding.W]);

    /// <summary>Each input pixel, weighted by the kernel, is added to the output around its place; the gradients follow.</summary>
    private static void Define(Case c, float[] x, float[] w, float[] b, float[] seed, float[] y, float[] gradX, float[] gradW, float[] gradB)
    {
        var (height, width) = c.OutputSize;
        for (int i = 0; i < y.Length; i++)
        {
            int map = i / (height * width) % c.To;
            y[i] += b[map];
            gradB[map] += seed[i];
        }
        for (int n = 0; n < c.Batch; n++)
        for (int from = 0; from < c.From; from++)
        for (int h = 0; h < c.Size.H; h++)
        for (int v = 0; v < c.Size.W; v++)
        for (int to = 0; to < c.To; to++)
        for (int kh = 0; kh < c.Kernel.H; kh++)
        for (int kw = 0; kw < c.Kernel.W; kw++)
        {
            int row = h * c.Stride.H - c.Padding.H + kh, column = v * c.Stride.W - c.Padding.W + kw;
            if (row < 0 || row >= height || column < 0 || column >= width)
                continue;
            int source = ((n * c.From + from) * c.Size.H + h) * c.Size.W + v;
            int weight = ((from * c.To + to) * c.Kernel.H + kh) * c.Kernel.W + kw;
            int target = ((n * c.To + to) * height + row) * width + column;
            y[target] += x[source] * w[weight];
            gradX[source] += seed[target] * w[weight];
            gradW[weight] += seed[target] * x[source];
        }
    }

    private static Tensor ChannelsLast(Tensor images) => images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    private static float[] Values(Tensor tensor) => tensor.data<float>().ToArray();

    private static void AssertClose(float[] expected, float[] actual, string what)
    {
        Assert.HasCount(expected.Length, actual);
        float scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-5f * scale, $"{what}, element {i}");
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        double error = (expected - actual).abs().max().ToDouble() / expected.abs().max().ToDouble();
        Assert.IsLessThan(tolerance, error);
    }
}
