using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class DataSchemaDefinitionTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void MembersAreColumnsByTheirTypesAndAttributes()
    {
        IDataView view = _ml.Data.LoadFromEnumerable(new[] { new Everything() });
        Assert.AreEqual(NumberDataViewType.Single, view.Schema["Field"].Type);
        Assert.AreEqual(TextDataViewType.Instance, view.Schema["Text"].Type);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single), view.Schema["AnySize"].Type);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 12), view.Schema["Twelve"].Type);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3, 4), view.Schema["Matrix"].Type);
        Assert.AreNotEqual(view.Schema["Twelve"].Type, view.Schema["Matrix"].Type);
        Assert.AreEqual(new VectorDataViewType(TextDataViewType.Instance), view.Schema["Words"].Type);
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 4), view.Schema["Key"].Type);
        Assert.AreEqual(BooleanDataViewType.Instance, view.Schema["Other name"].Type);
        Assert.IsNull(view.Schema.GetColumnOrNull("Renamed"));
        Assert.IsNull(view.Schema.GetColumnOrNull("Ignored"));
        Assert.AreEqual(NumberDataViewType.Single, ((VectorDataViewType)view.Schema["Buffer"].Type).ItemType);
    }

    [TestMethod]
    public void ValuesOfEveryKindComeBack()
    {
        var everything = new Everything
        {
            Field = 1.5f,
            Text = null,
            Twelve = Enumerable.Range(0, 12).Select(i => (float)i).ToArray(),
            Words = new[] { "a", null! },
            Renamed = true,
            Buffer = new VBuffer<float>(5, 2, new[] { 1f, 2f }, new[] { 1, 3 }),
            Day = new DateTime(2020, 2, 3),
        };
        IDataView view = _ml.Data.LoadFromEnumerable(new[] { everything });
        Everything back = _ml.Data.CreateEnumerable<Everything>(view, reuseRowObject: false).Single();
        Assert.AreEqual(1.5f, back.Field);
        Assert.AreEqual("", back.Text);
        CollectionAssert.AreEqual(everything.Twelve, back.Twelve);
        Assert.IsNull(back.AnySize);
        CollectionAssert.AreEqual(new[] { "a", "" }, back.Words);
        Assert.IsTrue(back.Renamed);
        CollectionAssert.AreEqual(new[] { 0f, 1f, 0f, 2f, 0f }, back.Buffer.DenseValues().ToArray());
        Assert.IsFalse(back.Buffer.IsDense);
        Assert.AreEqual(everything.Day, back.Day);
    }

    [TestMethod]
    public void KeysCountFromOneInViewsAndFromZeroInMembers()
    {
        IDataView view = _ml.Data.LoadFromEnumerable(new[] { new Everything { Key = 0 }, new Everything { Key = 3 }, new Everything { Key = 4 } });
        CollectionAssert.AreEqual(new uint[] { 1, 4, 0 }, DataRows.Read<uint>(view, "Key"));
    }

    [TestMethod]
    public void AMemberOfAnUnknownTypeIsRefused()
    {
        var ex = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(new[] { new WithObject() }));
        StringAssert.Contains(ex.Message, "Could not determine an IDataView type and registered custom types for member Thing");
    }

    [TestMethod]
    public void TwoMembersOfOneNameAreRefused()
    {
        var ex = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(new[] { new Twice() }));
        StringAssert.Contains(ex.Message, "Duplicate column name 'A' detected");
        Assert.AreEqual("userType", ex.ParamName);
    }

    [TestMethod]
    public void ADefinitionCanSetSizesNamesAndAnnotations()
    {
        var definition = SchemaDefinition.Create(typeof(DataRows.Item));
        definition["Vector"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 1, 3);
        definition["Vector"].AddAnnotation("SlotNames", new[] { "a", "b", "c" }, new VectorDataViewType(TextDataViewType.Instance, 3));
        definition["Number"].AddAnnotation("IsNormalized", true, BooleanDataViewType.Instance);
        definition["Number"].ColumnName = "N";
        IDataView view = _ml.Data.LoadFromEnumerable(DataRows.Items(2), definition);

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 1, 3), view.Schema["Vector"].Type);
        VBuffer<ReadOnlyMemory<char>> names = default;
        view.Schema["Vector"].Annotations.GetValue("SlotNames", ref names);
        CollectionAssert.AreEqual(new[] { "a", "b", "c" }, names.DenseValues().Select(name => name.ToString()).ToArray());
        bool normalized = false;
        view.Schema["N"].Annotations.GetValue("IsNormalized", ref normalized);
        Assert.IsTrue(normalized);
        CollectionAssert.AreEqual(new[] { 0, 1 }, DataRows.Read<int>(view, "N"));
    }

    [TestMethod]
    public void ADefinitionThatDoesNotFitTheClassIsRefused()
    {
        var scalar = SchemaDefinition.Create(typeof(DataRows.Item));
        scalar["Vector"].ColumnType = NumberDataViewType.Single;
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(DataRows.Items(1), scalar)).Message,
            "Column 'Vector' is supposed to be scalar, but type of associated field 'Vector' is vector");

        var doubles = SchemaDefinition.Create(typeof(DataRows.Item));
        doubles["Number"].ColumnType = NumberDataViewType.Double;
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(DataRows.Items(1), doubles)).Message,
            "Column 'Number' is supposed to have item type System.Double, but associated field has type System.Int32");
    }

    [TestMethod]
    public void ASchemaGivesTheColumnsOfItsNamesTheirTypes()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Vector", new VectorDataViewType(NumberDataViewType.Single, 3, 1));
        IDataView view = _ml.Data.LoadFromEnumerable(DataRows.Items(2), builder.ToSchema());
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3, 1), view.Schema["Vector"].Type);

        builder.AddColumn("Missing", NumberDataViewType.Single);
        var ex = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.LoadFromEnumerable(DataRows.Items(2), builder.ToSchema()));
        StringAssert.Contains(ex.Message, "Type should contain a member named Missing");
    }

    [TestMethod]
    public void AClassNeedsItsAttributeToBeAColumn()
    {
        IDataView view = _ml.Data.LoadFromEnumerable(new[] { new WithPoint { Point = new Point(1, 2) } });
        Assert.AreEqual(new PointDataViewType(), view.Schema["Point"].Type);
        Assert.AreEqual(new Point(1, 2), _ml.Data.CreateEnumerable<WithPoint>(view, reuseRowObject: false).Single().Point);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.CreateEnumerable<WithBarePoint>(view, reuseRowObject: false));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(new[] { new WithBarePoint() }));
    }

    private sealed class Everything
    {
        public float Field;

        public string? Text { get; set; }

        public float[]? AnySize { get; set; }

        [VectorType(12)]
        public float[]? Twelve { get; set; }

        [VectorType(3, 4)]
        public float[]? Matrix { get; set; }

        public string[]? Words { get; set; }

        [KeyType(4)]
        public uint Key { get; set; }

        [ColumnName("Other name")]
        public bool Renamed { get; set; }

        [NoColumn]
        public object? Ignored { get; set; }

        public VBuffer<float> Buffer { get; set; }

        public DateTime Day { get; set; }
    }

    private sealed class WithObject
    {
        public object? Thing { get; set; }
    }

    private sealed class Twice
    {
        public int A { get; set; }

        [ColumnName("A")]
        public int B { get; set; }
    }

    private sealed class WithPoint
    {
        [PointType]
        public Point? Point { get; set; }
    }

    private sealed class WithBarePoint
    {
        public Point? Point { get; set; }
    }

    public sealed record Point(int X, int Y);

    private sealed class PointDataViewType : StructuredDataViewType
    {
        public PointDataViewType()
            : base(typeof(Point))
        {
        }

        public override bool Equals(DataViewType? other) => other is PointDataViewType;

        public override bool Equals(object? other) => other is PointDataViewType;

        public override int GetHashCode() => 1;

        public override string ToString() => "Point";
    }

    [AttributeUsage(AttributeTargets.Property)]
    private sealed class PointTypeAttribute : DataViewTypeAttribute
    {
        public override void Register() => DataViewTypeManager.Register(new PointDataViewType(), typeof(Point), this);

        public override bool Equals(DataViewTypeAttribute? other) => other is PointTypeAttribute;

        public override bool Equals(object? other) => other is PointTypeAttribute;

        public override int GetHashCode() => 1;
    }
}
