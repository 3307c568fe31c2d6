using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class DataEnumerableTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void RowObjectsAreNewUnlessReuseIsAskedFor()
    {
        IDataView view = _ml.Data.LoadFromEnumerable(DataRows.Items(3));
        var fresh = _ml.Data.CreateEnumerable<DataRows.Item>(view, reuseRowObject: false).ToArray();
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, fresh.Select(item => item.Number).ToArray());
        CollectionAssert.AreEqual(new[] { 1f, -1f, 0.5f }, fresh[1].Vector);
        Assert.AreEqual(3, fresh.Distinct().Count());

        var reused = _ml.Data.CreateEnumerable<DataRows.Item>(view, reuseRowObject: true).ToArray();
        Assert.AreEqual(1, reused.Distinct().Count());
        Assert.AreEqual(2, reused[0].Number);
    }

    [TestMethod]
    public void AMissingColumnThrowsUnlessIgnored()
    {
        IDataView view = _ml.Data.LoadFromEnumerable(new[] { new DataRows.Numbered { Number = 7 } });
        var ex = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.CreateEnumerable<DataRows.Item>(view, reuseRowObject: false));
        StringAssert.Contains(ex.Message, "Could not find  column 'Text'");
        Assert.AreEqual(7, _ml.Data.CreateEnumerable<DataRows.Item>(view, reuseRowObject: false, ignoreMissingColumns: true).Single().Number);
    }

    [TestMethod]
    public void AMemberOfAnotherTypeIsRefused()
    {
        IDataView view = _ml.Data.LoadFromEnumerable(DataRows.Items(1));
        var ex = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.CreateEnumerable<FloatNumber>(view, reuseRowObject: false));
        StringAssert.Contains(ex.Message, "Can't bind the IDataView column 'Number' of type 'Int32' to field or property 'Number' of type 'System.Single'.");
    }

    [TestMethod]
    public void ADefinitionRenamesMembers()
    {
        var definition = SchemaDefinition.Create(typeof(DataRows.Numbered));
        definition["Number"].ColumnName = "Other";
        IDataView view = _ml.Transforms.CopyColumns("Other", "Number").Fit(_ml.Data.LoadFromEnumerable(DataRows.Items(2)))
            .Transform(_ml.Data.LoadFromEnumerable(DataRows.Items(2)));
        var rows = _ml.Data.CreateEnumerable<DataRows.Numbered>(view, reuseRowObject: false, schemaDefinition: definition);
        CollectionAssert.AreEqual(new[] { 0, 1 }, rows.Select(row => row.Number).ToArray());
    }

    [TestMethod]
    public void AColumnComesAsItsValuesStringsOrArrays()
    {
        IDataView view = _ml.Data.LoadFromEnumerable(DataRows.Items(2));
        CollectionAssert.AreEqual(new[] { 0, 1 }, view.GetColumn<int>("Number").ToArray());
        CollectionAssert.AreEqual(new[] { "t0", "t1" }, view.GetColumn<string>("Text").ToArray());
        CollectionAssert.AreEqual(new[] { 1f, -1f, 0.5f }, view.GetColumn<float[]>(view.Schema["Vector"]).Last());
        CollectionAssert.AreEqual(new[] { 1f, -1f, 0.5f }, view.GetColumn<VBuffer<float>>("Vector").Last().DenseValues().ToArray());
        Assert.AreEqual("column", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => view.GetColumn<double>("Number")).ParamName);
        Assert.AreEqual("column", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => view.GetColumn<int[]>("Number")).ParamName);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => view.GetColumn<int>("Nothing")).Message, "Column 'Nothing' not found");
    }

    [TestMethod]
    public void APreviewShowsTheFirstRows()
    {
        IDataView view = _ml.Data.LoadFromEnumerable(DataRows.Items(200));
        DataDebuggerPreview preview = view.Preview();
        Assert.AreEqual("3 columns, 100 rows", preview.ToString());
        Assert.AreEqual(new System.Collections.Generic.KeyValuePair<string, object>("Number", 99), preview.RowView[99].Values[0]);
        Assert.AreEqual("Text: String", preview.ColumnView[1].ToString());
        Assert.AreEqual(4, _ml.Transforms.CopyColumns("N", "Number").Preview(view, maxRows: 2).Schema.Count);
        Assert.HasCount(2, _ml.Transforms.CopyColumns("N", "Number").Fit(view).Preview(view, maxRows: 2).RowView);
    }

    private sealed class FloatNumber
    {
        public float Number { get; set; }
    }
}
