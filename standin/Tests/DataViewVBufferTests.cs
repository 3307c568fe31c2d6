using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class DataViewVBufferTests
{
    private static readonly VBuffer<int> Dense = new(3, [7, 8, 9]);
    private static readonly VBuffer<int> Sparse = new(6, 2, [7, 8], [1, 4]);

    [TestMethod]
    public void DenseBuffersHaveNoIndices()
    {
        Assert.IsTrue(Dense.IsDense);
        CollectionAssert.AreEqual(new[] { 7, 8, 9 }, Dense.GetValues().ToArray());
        Assert.AreEqual(0, Dense.GetIndices().Length);
        Assert.AreEqual("Dense vector of size 3", Dense.ToString());
        CollectionAssert.AreEqual(new[] { Pair(0, 7), Pair(1, 8), Pair(2, 9) }, Dense.Items().ToArray());
    }

    [TestMethod]
    public void SparseBuffersFillInDefaults()
    {
        Assert.IsFalse(Sparse.IsDense);
        CollectionAssert.AreEqual(new[] { 1, 4 }, Sparse.GetIndices().ToArray());
        CollectionAssert.AreEqual(new[] { 0, 7, 0, 0, 8, 0 }, Sparse.DenseValues().ToArray());
        CollectionAssert.AreEqual(new[] { Pair(1, 7), Pair(4, 8) }, Sparse.Items().ToArray());
        Assert.AreEqual(6, Sparse.Items(all: true).Count());
        Assert.AreEqual(8, Sparse.GetItemOrDefault(4));
        Assert.AreEqual(0, Sparse.GetItemOrDefault(5));
        Assert.AreEqual("Sparse vector of size 6, 2 explicit values", Sparse.ToString());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Sparse.GetItemOrDefault(6));
    }

    [TestMethod]
    public void CopyToASpanFillsWithTheDefault()
    {
        int[] destination = [5, 5, 5, 5, 5, 5, 5];
        Sparse.CopyTo(destination, 1, -1);
        CollectionAssert.AreEqual(new[] { 5, -1, 7, -1, -1, 8, -1 }, destination);

        new VBuffer<int>(2, 0, [], []).CopyTo(destination, 0, -1);
        CollectionAssert.AreEqual(new[] { 0, 0, 7 }, destination[..3]);
        Assert.AreEqual("destination", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Sparse.CopyTo(new int[5])).ParamName);
    }

    [TestMethod]
    public void CopiesKeepTheirKindUnlessDensified()
    {
        VBuffer<int> copy = default;
        Sparse.CopyTo(ref copy);
        CollectionAssert.AreEqual(new[] { 1, 4 }, copy.GetIndices().ToArray());

        Sparse.CopyToDense(ref copy);
        CollectionAssert.AreEqual(new[] { 0, 7, 0, 0, 8, 0 }, copy.GetValues().ToArray());
    }

    [TestMethod]
    [DataRow(0, 6, "0 7 0 0 8 0")]
    [DataRow(1, 4, "7 0 0 8")]
    [DataRow(2, 2, "0 0")]
    [DataRow(4, 1, "8")]
    [DataRow(6, 0, "")]
    public void ARangeOfASparseBufferIsARangeOfItsItems(int index, int length, string items)
    {
        VBuffer<int> part = default;
        Sparse.CopyTo(ref part, index, length);

        Assert.AreEqual(items, string.Join(" ", part.DenseValues()));
    }

    [TestMethod]
    public void ARangeOfADenseBufferAndOfAnArrayIsDense()
    {
        VBuffer<int> part = default;
        Dense.CopyTo(ref part, 1, 2);
        CollectionAssert.AreEqual(new[] { 8, 9 }, part.GetValues().ToArray());

        VBuffer<int>.Copy([1, 2, 3, 4], 1, ref part, 3);
        CollectionAssert.AreEqual(new[] { 2, 3, 4 }, part.GetValues().ToArray());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => VBuffer<int>.Copy([1, 2], 1, ref part, 2));
    }

    [TestMethod]
    public void TheEditorReusesStorageAndKeepsOldContent()
    {
        int[] values = [1, 2, 3];
        var buffer = new VBuffer<int>(3, values);
        VBufferEditor<int> editor = VBufferEditor.Create(ref buffer, 2);

        Assert.IsFalse(editor.CreatedNewValues);
        CollectionAssert.AreEqual(new[] { 1, 2 }, editor.Values.ToArray());
        editor.Values[0] = 9;
        buffer = editor.Commit();

        Assert.AreEqual(2, buffer.Length);
        CollectionAssert.AreEqual(new[] { 9, 2, 3 }, values);
    }

    [TestMethod]
    public void TheEditorGrowsStorageAndKeepsContentOnlyIfAsked()
    {
        var buffer = new VBuffer<int>(2, [1, 2]);

        VBufferEditor<int> fresh = VBufferEditor.Create(ref buffer, 5);
        Assert.IsTrue(fresh.CreatedNewValues);
        CollectionAssert.AreEqual(new int[5], fresh.Values.ToArray());
        CollectionAssert.AreEqual(new[] { 1, 2, 0, 0, 0 }, VBufferEditor.Create(ref buffer, 5, keepOldOnResize: true).Values.ToArray());
    }

    [TestMethod]
    public void TheEditorHasIndicesForSparseBuffers()
    {
        VBuffer<int> buffer = default;
        Assert.AreEqual(0, VBufferEditor.Create(ref buffer, 6).Indices.Length);

        VBufferEditor<int> editor = VBufferEditor.Create(ref buffer, 6, valuesCount: 3);
        (editor.Values[0], editor.Values[1]) = (7, 8);
        (editor.Indices[0], editor.Indices[1]) = (1, 4);
        buffer = editor.CommitTruncated(2);

        CollectionAssert.AreEqual(Sparse.DenseValues().ToArray(), buffer.DenseValues().ToArray());
        CollectionAssert.AreEqual(new[] { 7, 8 }, VBufferEditor.CreateFromBuffer(ref buffer).Values.ToArray());
    }

    [TestMethod]
    public void InvalidArgumentsAreRefused()
    {
        VBuffer<int> buffer = default;

        Refuses("values", () => new VBuffer<int>(3, [1, 2]));
        Refuses("length", () => new VBuffer<int>(-1, []));
        Refuses("count", () => new VBuffer<int>(2, 3, [1, 2, 3], [0, 1, 2]));
        Refuses("indices", () => new VBuffer<int>(3, 2, [1, 2], [0]));
        Refuses("newLogicalLength", () => VBufferEditor.Create(ref buffer, -1));
        Refuses("valuesCount", () => VBufferEditor.Create(ref buffer, 2, valuesCount: 3));
        Refuses("physicalValuesCount", () => VBufferEditor.Create(ref buffer, 2).CommitTruncated(3));
    }

    private static void Refuses(string parameter, Action create)
        => Assert.AreEqual(parameter, Assert.ThrowsExactly<ArgumentOutOfRangeException>(create).ParamName);

    private static KeyValuePair<int, int> Pair(int index, int value) => new(index, value);
}
