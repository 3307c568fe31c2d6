using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class DataCursorTests
{
    private readonly MLContext _ml = new(seed: 1);

    private static IEnumerable<object[]> Views()
    {
        var ml = new MLContext(seed: 1);
        IDataView items = ml.Data.LoadFromEnumerable(DataRows.Items(3).ToList());
        yield return new object[] { "rows", items };
        yield return new object[] { "copied column", ml.Transforms.CopyColumns("Copy", "Vector").Fit(items).Transform(items) };
        yield return new object[] { "selected columns", ml.Transforms.SelectColumns("Number", "Text", "Vector").Fit(items).Transform(items) };
        yield return new object[] { "taken", ml.Data.TakeRows(items, 3) };
        yield return new object[] { "cached", ml.Data.Cache(items) };
        yield return new object[] { "shuffled", ml.Data.ShuffleRows(items) };
    }

    [TestMethod]
    [DynamicData(nameof(Views))]
    public void PositionIsMinusOneBeforeTheFirstAndAfterTheLastRow(string name, IDataView view)
    {
        DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        Assert.AreEqual(-1, cursor.Position, name);
        for (int i = 0; i < 3; i++)
        {
            Assert.IsTrue(cursor.MoveNext(), name);
            Assert.AreEqual(i, cursor.Position, name);
        }
        Assert.IsFalse(cursor.MoveNext(), name);
        Assert.AreEqual(-1, cursor.Position, name);
        Assert.IsFalse(cursor.MoveNext(), name);
    }

    [TestMethod]
    [DynamicData(nameof(Views))]
    public void ADisposedCursorDoesNotMove(string name, IDataView view)
    {
        DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        Assert.IsTrue(cursor.MoveNext(), name);
        cursor.Dispose();
        cursor.Dispose();
        Assert.IsFalse(cursor.MoveNext(), name);
        Assert.AreEqual(-1, cursor.Position, name);
    }

    [TestMethod]
    [DynamicData(nameof(Views))]
    public void OnlyColumnsAskedForHaveGetters(string name, IDataView view)
    {
        using DataViewRowCursor cursor = view.GetRowCursor(new[] { view.Schema["Number"] });
        Assert.IsTrue(cursor.IsColumnActive(view.Schema["Number"]), name);
        Assert.IsFalse(cursor.IsColumnActive(view.Schema["Text"]), name);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => GetterOrOutOfRange<ReadOnlyMemory<char>>(cursor, view.Schema["Text"]), name);
    }

    [TestMethod]
    [DynamicData(nameof(Views))]
    public void AGetterOfAnotherTypeIsRefused(string name, IDataView view)
    {
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        var ex = Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<float>(view.Schema["Number"]), name);
        StringAssert.Contains(ex.Message, "System.Single", name);
        StringAssert.Contains(ex.Message, "System.Int32", name);
    }

    [TestMethod]
    [DynamicData(nameof(Views))]
    public void ARowsIdIsNotToBeHadBeforeTheFirstRow(string name, IDataView view)
    {
        // The library's own shuffling cursor does not check.
        if (name == "shuffled")
            return;
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        var id = cursor.GetIdGetter();
        Assert.ThrowsExactly<InvalidOperationException>(() => Get(id), name);
    }

    [TestMethod]
    public void ARowsIdIsItsPosition()
    {
        IDataView view = _ml.Data.LoadFromEnumerable(DataRows.Items(4));
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        var id = cursor.GetIdGetter();
        for (ulong i = 0; cursor.MoveNext(); i++)
            Assert.AreEqual(new DataViewRowId(i, 0), Get(id));
    }

    [TestMethod]
    public void TheSequenceIsEnumeratedByEachCursorAndNotBefore()
    {
        int enumerations = 0;
        IEnumerable<DataRows.Item> Count()
        {
            enumerations++;
            foreach (var item in DataRows.Items(2))
                yield return item;
        }

        IDataView view = _ml.Data.LoadFromEnumerable(Count());
        Assert.IsNull(view.GetRowCount());
        Assert.IsFalse(view.CanShuffle);
        Assert.AreEqual(0, enumerations);
        CollectionAssert.AreEqual(new[] { 0, 1 }, DataRows.Read<int>(view, "Number"));
        CollectionAssert.AreEqual(new[] { 0, 1 }, DataRows.Read<int>(view, "Number"));
        Assert.AreEqual(2, enumerations);
    }

    [TestMethod]
    public void ACollectionKnowsItsRowCount()
        => Assert.AreEqual(5L, _ml.Data.LoadFromEnumerable(DataRows.Items(5).ToList()).GetRowCount());

    [TestMethod]
    public void ANullRowIsRefused()
    {
        IDataView view = _ml.Data.LoadFromEnumerable(new DataRows.Item[] { new(), null! });
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        Assert.IsTrue(cursor.MoveNext());
        var ex = Assert.ThrowsExactly<InvalidOperationException>(() => cursor.MoveNext());
        StringAssert.Contains(ex.Message, "Encountered null when iterating over data");
    }

    [TestMethod]
    public void NoDataIsRefused()
        => Assert.AreEqual("data", Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Data.LoadFromEnumerable<DataRows.Item>(null!)).ParamName);

    private static T Get<T>(ValueGetter<T> getter)
    {
        T value = default!;
        getter(ref value);
        return value;
    }

    // Views that add columns refuse with another exception than those that hold rows.
    private static void GetterOrOutOfRange<T>(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        try
        {
            cursor.GetGetter<T>(column);
        }
        catch (InvalidOperationException ex)
        {
            throw new ArgumentOutOfRangeException(ex.Message, ex);
        }
    }
}
