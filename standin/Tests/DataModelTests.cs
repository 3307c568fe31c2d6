using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class DataModelTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _items;

    public DataModelTests()
    {
        _items = _ml.Data.LoadFromEnumerable(DataRows.Items(5));
    }

    [TestMethod]
    public void AChainComesBackAsAChain()
    {
        ITransformer model = _ml.Transforms.CopyColumns("A", "Number")
            .Append(_ml.Transforms.Concatenate("Both", "A", "Number"))
            .Append(_ml.Transforms.DropColumns("Text", "A"))
            .Append(_ml.Transforms.SelectColumns("Both", "Vector"))
            .Fit(_items);
        ITransformer loaded = RoundTrip(model, _items.Schema, out DataViewSchema schema);

        Assert.IsInstanceOfType<TransformerChain<ITransformer>>(loaded);
        Assert.AreEqual(4, ((TransformerChain<ITransformer>)loaded).Count());
        Assert.AreEqual("Number:Int32 Text:String Vector:Vector<Single, 3>", Describe(schema));
        Assert.AreEqual(Describe(model.GetOutputSchema(_items.Schema)), Describe(loaded.GetOutputSchema(schema)));
        IDataView expected = model.Transform(_items);
        IDataView actual = loaded.Transform(_items);
        CollectionAssert.AreEqual(expected.GetColumn<int[]>("Both").SelectMany(pair => pair).ToArray(), actual.GetColumn<int[]>("Both").SelectMany(pair => pair).ToArray());
    }

    [TestMethod]
    public void ATransformerComesBackAsItself()
    {
        ITransformer[] models =
        {
            _ml.Transforms.CopyColumns("A", "Number").Fit(_items),
            _ml.Transforms.SelectColumns("Number").Fit(_items),
            _ml.Transforms.DropColumns("Number").Fit(_items),
            _ml.Transforms.Concatenate("A", "Number", "Number").Fit(_items),
        };
        foreach (ITransformer model in models)
        {
            ITransformer loaded = RoundTrip(model, _items.Schema, out DataViewSchema schema);
            Assert.AreEqual(model.GetType(), loaded.GetType());
            Assert.AreEqual(Describe(model.GetOutputSchema(schema)), Describe(loaded.GetOutputSchema(schema)));
        }
    }

    [TestMethod]
    public void ScopesAreKept()
    {
        ITransformer model = new EstimatorChain<ITransformer>()
            .Append(_ml.Transforms.CopyColumns("A", "Number"), TransformerScope.Training)
            .Append(_ml.Transforms.CopyColumns("B", "Number"))
            .Fit(_items);
        ITransformer loaded = RoundTrip(model, _items.Schema, out DataViewSchema schema);
        Assert.IsNull(loaded.GetOutputSchema(schema).GetColumnOrNull("A"));
        Assert.IsNotNull(loaded.GetOutputSchema(schema).GetColumnOrNull("B"));
    }

    [TestMethod]
    public void APathWillDoForAStream()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".zip");
        try
        {
            _ml.Model.Save(_ml.Transforms.CopyColumns("A", "Number").Fit(_items), _items.Schema, path);
            Assert.IsNotNull(new MLContext().Model.Load(path, out DataViewSchema schema).GetOutputSchema(schema)["A"].Name);
            using ZipArchive zip = ZipFile.OpenRead(path);
            CollectionAssert.Contains(zip.Entries.Select(entry => entry.FullName.Replace('\\', '/')).ToArray(), "TransformerChain/Model.key");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void EveryColumnTypeThatCanBeNamedIsKept()
    {
        var builder = new DataViewSchema.Builder();
        DataViewType[] types =
        {
            NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16, NumberDataViewType.Int32,
            NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64, NumberDataViewType.Single, NumberDataViewType.Double,
            BooleanDataViewType.Instance, TextDataViewType.Instance, TimeSpanDataViewType.Instance, DateTimeDataViewType.Instance,
            DateTimeOffsetDataViewType.Instance, new KeyDataViewType(typeof(uint), 10), new VectorDataViewType(NumberDataViewType.Single),
            new VectorDataViewType(NumberDataViewType.Single, 100), new VectorDataViewType(NumberDataViewType.Byte, 3, 0, 5),
            new VectorDataViewType(new KeyDataViewType(typeof(byte), 3), 2), new VectorDataViewType(TextDataViewType.Instance, 4),
        };
        for (int i = 0; i < types.Length; i++)
            builder.AddColumn($"c{i}", types[i]);
        builder.AddColumn("c0", NumberDataViewType.Double);

        RoundTrip(_ml.Transforms.CopyColumns("A", "Number").Fit(_items), builder.ToSchema(), out DataViewSchema schema);
        CollectionAssert.AreEqual(types.Append(NumberDataViewType.Double).ToArray(), schema.Select(column => column.Type).ToArray());
        Assert.IsTrue(schema[0].IsHidden);
    }

    [TestMethod]
    public void AModelMayBeSavedWithoutASchema()
    {
        ITransformer loaded = RoundTrip(_ml.Transforms.CopyColumns("A", "Number").Fit(_items), null, out DataViewSchema schema);
        Assert.IsNull(schema);
        Assert.IsInstanceOfType<Transforms.ColumnCopyingTransformer>(loaded);
    }

    [TestMethod]
    public void JunkIsNotAModel()
    {
        foreach (byte[] junk in new[] { Array.Empty<byte>(), new byte[] { 1, 2, 3 }, new byte[5000] })
            Assert.ThrowsExactly<FormatException>(() => _ml.Model.Load(new MemoryStream(junk), out _));

        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
            archive.CreateEntry("something").Open().Dispose();
        zip.Position = 0;
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Model.Load(zip, out _));
    }

    [TestMethod]
    public void AMissingFileIsNotFound()
        => Assert.ThrowsExactly<FileNotFoundException>(() => _ml.Model.Load(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), out _));

    private ITransformer RoundTrip(ITransformer model, DataViewSchema? schema, out DataViewSchema loaded)
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(model, schema, stream);
        stream.Position = 0;
        return new MLContext().Model.Load(stream, out loaded);
    }

    private static string Describe(DataViewSchema schema) => string.Join(" ", schema.Select(column => $"{column.Name}:{column.Type}"));
}
