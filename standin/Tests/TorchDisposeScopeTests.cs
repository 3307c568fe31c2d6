using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class TorchDisposeScopeTests
{
    [TestMethod]
    public void AScopeDisposesOfWhatWasCreatedInIt()
    {
        using Tensor outside = ones(1);
        Tensor inside, further;
        using (DisposeScope scope = NewDisposeScope())
        {
            inside = ones(1);
            further = inside + outside;
            Assert.AreEqual(2, scope.DisposablesCount);
            Assert.IsTrue(scope.Contains(further));
            Assert.IsFalse(scope.Contains(outside));
        }

        Assert.IsTrue(inside.IsInvalid);
        Assert.IsTrue(further.IsInvalid);
        Assert.IsFalse(outside.IsInvalid);
    }

    [TestMethod]
    public void WhatIsMovedOutwardsLivesAsLongAsTheOuterScope()
    {
        Tensor moved, detached;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                moved = ones(1).MoveToOuterDisposeScope();
                detached = ones(1).DetachFromDisposeScope();
            }
            Assert.IsFalse(moved.IsInvalid);
        }

        Assert.IsTrue(moved.IsInvalid);
        Assert.IsFalse(detached.IsInvalid);
        detached.Dispose();
    }

    [TestMethod]
    public void MovingOutOfTheOutermostScopeDetaches()
    {
        Tensor moved;
        using (NewDisposeScope())
            moved = ones(1).MoveToOuterDisposeScope();

        Assert.IsFalse(moved.IsInvalid);
        moved.Dispose();
    }

    [TestMethod]
    public void TensorsMoveToTheScopeOfAnother()
    {
        using DisposeScope outer = NewDisposeScope();
        Tensor anchor = ones(1), moved, attached = ones(1).DetachFromDisposeScope();
        using (NewDisposeScope())
            moved = ones(1).MoveToOtherDisposeScope(anchor);
        attached.MoveToOtherDisposeScope(anchor);

        Assert.IsFalse(moved.IsInvalid);
        Assert.IsTrue(outer.Contains(moved));
        Assert.IsTrue(outer.Contains(attached));
    }

    [TestMethod]
    public void EverythingButSomeIsDisposedOfInTheMiddle()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor kept = ones(1), dropped = ones(1);
        scope.DisposeEverythingBut(kept);

        Assert.IsFalse(kept.IsInvalid);
        Assert.IsTrue(dropped.IsInvalid);
        Assert.AreEqual(1, scope.DisposablesCount);
    }

    [TestMethod]
    public void AScopeThatEndsOutOfOrderLeavesTheInnerOneInPlace()
    {
        DisposeScope outer = NewDisposeScope();
        using DisposeScope inner = NewDisposeScope();
        outer.Dispose();
        Tensor tensor = ones(1);

        Assert.IsTrue(inner.Contains(tensor));
        Assert.ThrowsExactly<ObjectDisposedException>(() => outer.DisposablesCount);
    }

    [TestMethod]
    public void ScopesAndTheirStatisticsBelongToAThread()
    {
        using DisposeScope scope = NewDisposeScope();
        ThreadDisposeScopeStatistics? there = null;
        var thread = new Thread(() =>
        {
            using Tensor elsewhere = ones(1);
            there = DisposeScopeManager.Statistics;
        });
        thread.Start();
        thread.Join();

        Assert.AreEqual(0, scope.DisposablesCount);
        Assert.AreNotSame(DisposeScopeManager.Statistics, there);
        Assert.AreEqual(1, there!.CreatedOutsideScopeCount);
    }

    [TestMethod]
    public void StatisticsCountWhatHappensToTensors()
    {
        ThreadDisposeScopeStatistics statistics = DisposeScopeManager.Statistics;
        statistics.Reset();
        Tensor outside = ones(1), detached;
        using (DisposeScope scope = NewDisposeScope())
        {
            detached = ones(1).DetachFromDisposeScope();
            ones(1);
            scope.Attach(outside);
        }
        Assert.AreEqual(1, statistics.ThreadTotalLiveCount);
        detached.Dispose();

        Assert.AreEqual(1, statistics.CreatedOutsideScopeCount);
        Assert.AreEqual(2, statistics.CreatedInScopeCount);
        Assert.AreEqual(2, statistics.DisposedInScopeCount);
        Assert.AreEqual(1, statistics.DisposedOutsideScopeCount);
        Assert.AreEqual(1, statistics.AttachedToScopeCount);
        Assert.AreEqual(1, statistics.DetachedFromScopeCount);
        Assert.AreEqual(0, statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    public void AParameterTakesItsTensorsPlaceInTheScope()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor data = ones(2);
        var parameter = new Parameter(data);

        Assert.IsTrue(data.IsInvalid);
        Assert.IsTrue(parameter.requires_grad);
        Assert.IsTrue(scope.Contains(parameter));
        Assert.AreEqual(1, scope.DisposablesCount);
    }

    [TestMethod]
    public void AForgottenTensorIsFreedByTheGarbageCollector()
    {
        long before = Tensor.TotalCount;
        Forget(100);
        Assert.IsGreaterThanOrEqualTo(before + 100, Tensor.PeakCount);
        for (int i = 0; i < 10 && Tensor.TotalCount > before; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.IsLessThanOrEqualTo(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void ADisposedTensorSaysSo()
    {
        Tensor tensor = ones(1);
        tensor.Dispose();
        tensor.Dispose();

        var e = Assert.ThrowsExactly<InvalidOperationException>(() => tensor.shape);
        Assert.AreEqual("Tensor invalid -- empty handle.", e.Message);
    }

    [TestMethod]
    public void AWrappedExpressionKeepsOnlyItsResult()
    {
        Tensor? between = null;
        using Tensor result = WrappedTensorDisposeScope(() =>
        {
            between = ones(3);
            return between.sum();
        });

        Assert.IsTrue(between!.IsInvalid);
        Assert.AreEqual(3f, result.item<float>());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(int count)
    {
        for (int i = 0; i < count; i++)
            ones(1);
    }
}
