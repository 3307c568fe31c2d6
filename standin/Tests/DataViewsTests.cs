using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class DataViewsTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void ShufflingKeepsEveryRowWholeAndItsId()
    {
        IDataView shuffled = _ml.Data.ShuffleRows(_ml.Data.LoadFromEnumerable(DataRows.Items(2500).ToList()), seed: 3, shufflePoolSize: 100);
        Assert.IsTrue(shuffled.CanShuffle);
        Assert.AreEqual(2500L, shuffled.GetRowCount());

        var seen = new List<int>();
        using DataViewRowCursor cursor = shuffled.GetRowCursor(shuffled.Schema);
        var number = cursor.GetGetter<int>(shuffled.Schema["Number"]);
        var vector = cursor.GetGetter<VBuffer<float>>(shuffled.Schema["Vector"]);
        var id = cursor.GetIdGetter();
        while (cursor.MoveNext())
        {
            int n = 0;
            VBuffer<float> v = default;
            DataViewRowId i = default;
            number(ref n);
            vector(ref v);
            id(ref i);
            Assert.AreEqual((float)n, v.GetItemOrDefault(0));
            Assert.AreEqual((ulong)n, i.Low);
            Assert.IsLessThan(seen.Count + 100, n, "a row came before its turn in the pool");
            seen.Add(n);
        }
        CollectionAssert.AreNotEqual(Enumerable.Range(0, 2500).ToArray(), seen);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 2500).ToArray(), seen);
    }

    [TestMethod]
    public void ASeedGivesOneOrder()
    {
        IDataView items = _ml.Data.LoadFromEnumerable(DataRows.Items(300).ToList());
        int[] Order(MLContext ml, int? seed) => DataRows.Read<int>(ml.Data.ShuffleRows(items, seed), "Number").ToArray();
        CollectionAssert.AreEqual(Order(_ml, 5), Order(new MLContext(), 5));
        CollectionAssert.AreNotEqual(Order(_ml, 5), Order(_ml, 6));
        CollectionAssert.AreEqual(Order(new MLContext(9), null), Order(new MLContext(9), null));
        IDataView one = _ml.Data.ShuffleRows(items);
        CollectionAssert.AreEqual(DataRows.Read<int>(one, "Number"), DataRows.Read<int>(one, "Number"));
    }

    [TestMethod]
    public void ACursorsOwnRandomNumbersShuffleToo()
    {
        IDataView cached = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(DataRows.Items(100)));
        int[] Order(int seed)
        {
            using DataViewRowCursor cursor = cached.GetRowCursor(cached.Schema, new Random(seed));
            var number = cursor.GetGetter<int>(cached.Schema["Number"]);
            var order = new List<int>();
            for (int value = 0; cursor.MoveNext(); order.Add(value))
                number(ref value);
            return order.ToArray();
        }

        Assert.IsTrue(cached.CanShuffle);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 100).ToArray(), Order(1));
        CollectionAssert.AreEqual(Order(1), Order(1));
        CollectionAssert.AreNotEqual(Order(1), Order(2));
    }

    [TestMethod]
    public void ACacheReadsEachColumnOnce()
    {
        int enumerations = 0;
        IEnumerable<DataRows.Item> Counted()
        {
            enumerations++;
            foreach (var item in DataRows.Items(200))
                yield return item;
        }

        IDataView cached = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(Counted()));
        Assert.AreEqual(0, enumerations);
        Assert.IsNull(cached.GetRowCount());
        DataRows.Read<int>(cached, "Number");
        Assert.AreEqual(1, enumerations);
        Assert.AreEqual(200L, cached.GetRowCount());
        DataRows.Read<int>(cached, "Number");
        Assert.AreEqual(1, enumerations);
        Assert.AreEqual(-7f, DataRows.Read<VBuffer<float>>(cached, "Vector")[7].GetItemOrDefault(1));
        Assert.AreEqual(2, enumerations);
    }

    [TestMethod]
    public void CursorsOverACacheShareOutItsRows()
    {
        IDataView cached = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(DataRows.Items(1000)));
        AssertTheyShareOut(cached, 1000);
    }

    [TestMethod]
    public void AComputedColumnIsSharedOutInBatches()
    {
        IDataView items = _ml.Data.LoadFromEnumerable(DataRows.Items(1000));
        IDataView copied = _ml.Transforms.CopyColumns("A", "Number").Fit(items).Transform(items);
        AssertTheyShareOut(copied, 1000);
        Assert.HasCount(1, items.GetRowCursorSet(items.Schema, 3));
        Assert.HasCount(1, copied.GetRowCursorSet(new[] { copied.Schema["Number"] }, 3));
    }

    [TestMethod]
    public void RowsOfSeveralThreadsComeInOrder()
    {
        IDataView items = _ml.Data.LoadFromEnumerable(DataRows.Items(3000));
        IDataView copied = _ml.Transforms.CopyColumns("A", "Vector").Append(_ml.Transforms.CopyColumns("B", "Number")).Fit(items).Transform(items);
        CollectionAssert.AreEqual(Enumerable.Range(0, 3000).ToArray(), DataRows.Read<int>(copied, "B"));
        using DataViewRowCursor cursor = copied.GetRowCursor(copied.Schema);
        var id = cursor.GetIdGetter();
        var vector = cursor.GetGetter<VBuffer<float>>(copied.Schema["A"]);
        long batch = -1;
        while (cursor.MoveNext())
        {
            DataViewRowId value = default;
            VBuffer<float> copy = default;
            id(ref value);
            vector(ref copy);
            Assert.AreEqual((ulong)cursor.Position, value.Low);
            Assert.AreEqual((float)cursor.Position, copy.GetItemOrDefault(0));
            Assert.IsGreaterThanOrEqualTo(batch, cursor.Batch);
            batch = cursor.Batch;
        }
    }

    [TestMethod]
    public void AnUnfinishedCursorOfSeveralThreadsCanBeDisposedOf()
    {
        IDataView items = _ml.Data.LoadFromEnumerable(Endless());
        IDataView copied = _ml.Transforms.CopyColumns("A", "Number").Fit(items).Transform(items);
        using (DataViewRowCursor cursor = copied.GetRowCursor(new[] { copied.Schema["A"] }))
            Assert.IsTrue(cursor.MoveNext());
        using (copied.GetRowCursor(new[] { copied.Schema["A"] }))
        {
        }
        Assert.HasCount(7, DataRows.Read<int>(_ml.Data.TakeRows(copied, 7), "A"));
    }

    [TestMethod]
    public void WhatASourceThrowsComesInside()
    {
        IEnumerable<DataRows.Item> Failing()
        {
            foreach (var item in DataRows.Items(200))
                yield return item;
            throw new FormatException("a corrupt row");
        }

        IDataView items = _ml.Data.LoadFromEnumerable(Failing());
        IDataView copied = _ml.Transforms.CopyColumns("A", "Number").Fit(items).Transform(items);
        foreach (IDataView view in new[] { items, copied, _ml.Data.ShuffleRows(items), _ml.Data.Cache(items) })
        {
            string column = view.Schema.GetColumnOrNull("A") == null ? "Number" : "A";
            Exception ex = Assert.Throws<Exception>(() => DataRows.Read<int>(view, column));
            Assert.AreEqual(view == items, ex is FormatException);
            while (ex.InnerException != null)
            {
                Assert.IsInstanceOfType<InvalidOperationException>(ex);
                ex = ex.InnerException;
            }
            Assert.AreEqual("a corrupt row", ex.Message);
        }
    }

    [TestMethod]
    public void SomeRowsCanBeSkippedAndTaken()
    {
        IDataView items = _ml.Data.LoadFromEnumerable(DataRows.Items(10).ToList());
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, DataRows.Read<int>(_ml.Data.TakeRows(items, 3), "Number"));
        CollectionAssert.AreEqual(new[] { 8, 9 }, DataRows.Read<int>(_ml.Data.SkipRows(items, 8), "Number"));
        CollectionAssert.AreEqual(new[] { 2, 3 }, DataRows.Read<int>(_ml.Data.TakeRows(_ml.Data.SkipRows(items, 2), 2), "Number"));
        Assert.IsEmpty(DataRows.Read<int>(_ml.Data.SkipRows(items, 11), "Number"));
        Assert.AreEqual(2L, _ml.Data.SkipRows(items, 8).GetRowCount());
        Assert.AreEqual(10L, _ml.Data.TakeRows(items, 30).GetRowCount());
        Assert.IsFalse(_ml.Data.TakeRows(_ml.Data.Cache(items), 3).CanShuffle);
        Assert.AreEqual("count", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.TakeRows(items, 0)).ParamName);
        Assert.AreEqual("count", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.SkipRows(items, -1)).ParamName);
    }

    [TestMethod]
    public void APrefetchedColumnMustBeThere()
    {
        IDataView items = _ml.Data.LoadFromEnumerable(DataRows.Items(10));
        CollectionAssert.AreEqual(Enumerable.Range(0, 10).ToArray(), DataRows.Read<int>(_ml.Data.Cache(items, "Number", "Vector"), "Number"));
        Assert.AreEqual("columnsToPrefetch", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.Cache(items, "Nothing")).ParamName);
    }

    private static void AssertTheyShareOut(IDataView view, int count)
    {
        DataViewRowCursor[] cursors = view.GetRowCursorSet(view.Schema, 3);
        Assert.HasCount(3, cursors);
        var shares = new List<(long Batch, long Position, int Number)>[cursors.Length];
        var threads = cursors.Select((cursor, i) => new System.Threading.Thread(() =>
        {
            var share = shares[i] = new List<(long, long, int)>();
            using (cursor)
            {
                var number = cursor.GetGetter<int>(view.Schema["Number"]);
                while (cursor.MoveNext())
                {
                    int value = 0;
                    number(ref value);
                    share.Add((cursor.Batch, cursor.Position, value));
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        foreach (var share in shares)
            CollectionAssert.AreEqual(share.Select(row => row.Batch).Order().ToArray(), share.Select(row => row.Batch).ToArray());
        var ordered = shares.SelectMany(share => share).OrderBy(row => row.Batch).ThenBy(row => row.Position).Select(row => row.Number);
        CollectionAssert.AreEqual(Enumerable.Range(0, count).ToArray(), ordered.ToArray());
    }

    private static IEnumerable<DataRows.Item> Endless()
    {
        for (int i = 0; ; i++)
            yield return new DataRows.Item { Number = i };
    }
}
