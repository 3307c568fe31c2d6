using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Column = Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class CoreSchemaShapeTests
{
    [TestMethod]
    public void TheShapeOfASchemaHasVisibleColumnsAndNoSizes()
    {
        SchemaShape shape = SchemaShape.Create(DataViewSchemaTests.Build(
            ("A", NumberDataViewType.Single),
            ("V", new VectorDataViewType(NumberDataViewType.Single, 100)),
            ("W", new VectorDataViewType(TextDataViewType.Instance)),
            ("K", new KeyDataViewType(typeof(uint), 5)),
            ("A", BooleanDataViewType.Instance)));

        CollectionAssert.AreEqual(
            new[] { "V: Vector<Single>", "W: VarVector<String>", "K: Key<UInt32>", "A: Boolean" },
            shape.Select(column => $"{column.Name}: {column.GetTypeString()}").ToArray());
        Assert.IsTrue(shape[2].IsKey);
    }

    [TestMethod]
    public void TheShapeOfASchemaHasItsAnnotations()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Single, annotations.ToAnnotations());

        SchemaShape shape = SchemaShape.Create(builder.ToSchema());

        Assert.IsTrue(shape.TryFindColumn("A", out Column column));
        Assert.IsTrue(column.Annotations.TryFindColumn("IsNormalized", out Column kind));
        Assert.AreEqual(BooleanDataViewType.Instance, kind.ItemType);
        Assert.IsFalse(shape.TryFindColumn("B", out _));
    }

    [TestMethod]
    public void CompatibleColumnsHaveTheSameTypeAndAtLeastTheAnnotations()
    {
        var annotation = new Column("IsNormalized", Column.VectorKind.Scalar, BooleanDataViewType.Instance, false);
        var plain = new Column("A", Column.VectorKind.Vector, NumberDataViewType.Single, false);
        var annotated = new Column("A", Column.VectorKind.Vector, NumberDataViewType.Single, false, new SchemaShape([annotation]));

        Assert.IsTrue(plain.IsCompatibleWith(annotated));
        Assert.IsFalse(annotated.IsCompatibleWith(plain));
        Assert.IsFalse(plain.IsCompatibleWith(new Column("A", Column.VectorKind.Scalar, NumberDataViewType.Single, false)));
        Assert.IsFalse(plain.IsCompatibleWith(new Column("A", Column.VectorKind.Vector, NumberDataViewType.Double, false)));
        Assert.IsFalse(plain.IsCompatibleWith(new Column("B", Column.VectorKind.Vector, NumberDataViewType.Single, false)));
    }

    [TestMethod]
    public void InvalidColumnsAreRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new Column("A", default, new KeyDataViewType(typeof(uint), 5), true));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new Column("A", default, new VectorDataViewType(NumberDataViewType.Single), false));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new Column("A", default, NumberDataViewType.Single, isKey: true));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new Column("", default, NumberDataViewType.Single, false));
        Assert.AreEqual("columns", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SchemaShape([default])).ParamName);
    }
}
