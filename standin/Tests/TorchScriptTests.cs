using System;
using System.Runtime.InteropServices;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class TorchScriptTests
{
    [TestMethod]
    public void AFunctionTakesAndReturnsWhatTorchSharpCanPass()
    {
        using DisposeScope scope = NewDisposeScope();
        using jit.CompilationUnit unit = jit.compile("""
            def scaled(x: Tensor, by: float, times: int, negate: bool, also: Optional[Tensor]) -> Tensor:
                y = x * by * times
                if negate:
                    y = -y
                if also is not None:
                    y = y + also
                return y

            def pair(x: Tensor) -> Tuple[Tensor, Tensor]:
                return x + 1, x + 2

            def many(x: Tensor) -> List[Tensor]:
                return [x, x + 1, x + 2]

            def size(x: Tensor) -> int:
                return x.numel()

            def double_all(xs: List[Tensor]):
                for x in xs:
                    x.mul_(2)

            """);
        Tensor x = ones(2);

        Assert.AreEqual(-6f, unit.invoke<Tensor>("scaled", x, 1.5, 4, true, null!)[0].item<float>());
        Assert.AreEqual(7f, unit.invoke<Tensor>("scaled", x, 1.5f, 4L, false, x)[0].item<float>());
        var (first, second) = unit.invoke<(Tensor, Tensor)>("pair", x);
        Assert.AreEqual(5f, (first + second)[1].item<float>());
        Assert.HasCount(3, unit.invoke<Tensor[]>("many", x));
        Assert.AreEqual(2, unit.invoke<Scalar>("size", x).ToInt32());
        Assert.IsNull(unit.invoke("double_all", [new[] { x }]));
        Assert.AreEqual(2f, x[0].item<float>());
    }

    [TestMethod]
    public void AScriptReachesOperatorsThatHaveNoMethod()
    {
        using DisposeScope scope = NewDisposeScope();
        using jit.CompilationUnit unit = jit.compile("""
            def channels_last(x: Tensor) -> Tensor:
                return x.contiguous(memory_format=2)

            """);

        CollectionAssert.AreEqual(new long[] { 192, 1, 24, 3 }, unit.invoke<Tensor>("channels_last", randn(2, 3, 8, 8)).stride());
    }

    [TestMethod]
    public void AScriptDifferentiates()
    {
        using DisposeScope scope = NewDisposeScope();
        using jit.CompilationUnit unit = jit.compile("""
            def cube(x: Tensor) -> Tensor:
                return x * x * x

            """);
        Tensor x = tensor(3.0).requires_grad_();
        for (int i = 0; i < 4; i++)
        {
            // The second call profiles, the third runs what was made of it.
            x.grad = null!;
            unit.invoke<Tensor>("cube", x).backward();
            Assert.AreEqual(27.0, x.grad!.item<double>());
        }
    }

    [TestMethod]
    public void FailuresCarryMessages()
    {
        using DisposeScope scope = NewDisposeScope();
        using jit.CompilationUnit unit = jit.compile("""
            def same(x: Tensor) -> Tensor:
                return x

            """);

        Assert.ThrowsExactly<ArgumentNullException>(() => jit.compile(""));
        StringAssert.Contains(Assert.ThrowsExactly<ExternalException>(() => unit.invoke("other", ones(1))).Message, "other");
        StringAssert.Contains(Assert.ThrowsExactly<ExternalException>(() => unit.invoke("same", 1.5)).Message, "same");
        Assert.ThrowsExactly<NotImplementedException>(() => unit.invoke("same", "text"));
    }
}
