using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class DataViewSchemaTests
{
    [TestMethod]
    public void ALaterColumnHidesAnEarlierOneOfTheSameName()
    {
        DataViewSchema schema = Build(("A", NumberDataViewType.Single), ("B", TextDataViewType.Instance), ("A", BooleanDataViewType.Instance));

        Assert.AreEqual(2, schema["A"].Index);
        Assert.AreEqual(BooleanDataViewType.Instance, schema.GetColumnOrNull("A")!.Value.Type);
        CollectionAssert.AreEqual(new[] { true, false, false }, schema.Select(column => column.IsHidden).ToArray());
        Assert.AreEqual(NumberDataViewType.Single, schema[0].Type);
    }

    [TestMethod]
    public void AMissingColumnIsNullOrOutOfRange()
    {
        DataViewSchema schema = Build(("A", NumberDataViewType.Single));

        Assert.IsNull(schema.GetColumnOrNull("x"));
        var missing = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => schema["x"]);
        Assert.AreEqual("name", missing.ParamName);
        StringAssert.StartsWith(missing.Message, "Column 'x' not found");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => schema[1]);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => schema[-1]);
        Assert.ThrowsExactly<ArgumentNullException>(() => schema[""]);
        Assert.ThrowsExactly<ArgumentNullException>(() => schema.GetColumnOrNull(null));
    }

    [TestMethod]
    public void TheBuilderCopiesColumnsAndKeepsItsOwnWhenUsedAgain()
    {
        DataViewSchema source = Build(("A", NumberDataViewType.Single), ("B", TextDataViewType.Instance));
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(source);
        DataViewSchema copy = builder.ToSchema();
        builder.AddColumns(new[] { new DataViewSchema.DetachedColumn(source["A"]) });

        CollectionAssert.AreEqual(new[] { "A: Single", "B: String" }, copy.Select(column => column.ToString()).ToArray());
        Assert.AreEqual(3, builder.ToSchema().Count);
        Assert.AreEqual(2, copy.Count);
        Assert.ThrowsExactly<ArgumentNullException>(() => builder.AddColumn("", NumberDataViewType.Single));
        Assert.ThrowsExactly<ArgumentNullException>(() => builder.AddColumn("C", null));
    }

    [TestMethod]
    public void AnnotationsGiveTheirValuesByKindAndType()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("Count", NumberDataViewType.Int32, 3);
        annotations.Add("Name", TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = "x".AsMemory());
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Single, annotations.ToAnnotations());
        DataViewSchema.Column column = builder.ToSchema()["A"];

        int count = 0;
        column.Annotations.GetValue("Count", ref count);

        Assert.AreEqual(3, count);
        Assert.AreEqual("A: Single {Count, Name}", column.ToString());
        Assert.ThrowsExactly<InvalidOperationException>(() => column.Annotations.GetValue("None", ref count));
        Assert.ThrowsExactly<InvalidOperationException>(() => column.Annotations.GetValue("Name", ref count));
    }

    [TestMethod]
    public void AnnotationsTakeOverThoseSelected()
    {
        var first = new DataViewSchema.Annotations.Builder();
        first.AddPrimitiveValue("Keep", NumberDataViewType.Int32, 1);
        first.AddPrimitiveValue("Drop", NumberDataViewType.Int32, 2);
        var second = new DataViewSchema.Annotations.Builder();
        second.Add(first.ToAnnotations(), kind => kind == "Keep");
        DataViewSchema.Annotations annotations = second.ToAnnotations();

        int value = 0;
        annotations.GetValue("Keep", ref value);

        Assert.AreEqual(1, value);
        Assert.AreEqual("Keep", annotations.ToString());
    }

    [TestMethod]
    public void AnnotationsRefuseAGetterOfAnotherType()
    {
        var builder = new DataViewSchema.Annotations.Builder();

        Assert.ThrowsExactly<ArgumentException>(() => builder.Add("A", NumberDataViewType.Int32, (ref float value) => value = 1));
        Assert.ThrowsExactly<ArgumentException>(() => builder.Add("A", NumberDataViewType.Int32, new Func<int>(() => 1)));
        Assert.ThrowsExactly<ArgumentException>(() => builder.AddPrimitiveValue("A", NumberDataViewType.Int32, 1f));
    }

    internal static DataViewSchema Build(params (string Name, DataViewType Type)[] columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach ((string name, DataViewType type) in columns)
            builder.AddColumn(name, type);
        return builder.ToSchema();
    }
}
