using Microsoft.VisualStudio.TestTools.UnitTesting;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class TorchLinearTests
{
    [TestMethod]
    public void ASymmetricMatrixIsItsEigenvectorsAndEigenvalues()
    {
        using DisposeScope scope = NewDisposeScope();
        // Eigenvalues 1 and 3 of [[2, 1], [1, 2]], ascending; only the triangle asked for is read.
        Tensor lower = tensor(new[] { 2.0, -7, 1, 2 }, [2, 2]);
        (Tensor values, Tensor vectors) = linalg.eigh(lower);
        Assert.IsTrue(values.allclose(tensor(new[] { 1.0, 3 })));
        Assert.IsTrue(vectors.matmul(values.diag()).matmul(vectors.T).allclose(tensor(new[] { 2.0, 1, 1, 2 }, [2, 2])));
        Assert.IsTrue(linalg.eigvalsh(lower).allclose(values));
        Assert.IsTrue(linalg.eigvalsh(lower, 'U').allclose(tensor(new[] { -5.0, 9 })));
    }

    [TestMethod]
    public void AProductIsAddedInPlace()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor sum = ones(2, 2);
        Tensor row = tensor(new[] { 1f, 2 }, [1, 2]);
        Assert.AreSame(sum, sum.addmm_(row.T, row, beta: 2, alpha: 10));
        CollectionAssert.AreEqual(new[] { 12f, 22, 22, 42 }, sum.data<float>().ToArray());
    }

    [TestMethod]
    public void TruthIsJoinedInPlace()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor truth = tensor(new[] { true, false, false });
        Assert.AreSame(truth, truth.logical_or_(tensor(new[] { false, false, true })));
        CollectionAssert.AreEqual(new[] { true, false, true }, truth.data<bool>().ToArray());
    }
}
