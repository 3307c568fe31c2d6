using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class DataPipelineTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _items;

    public DataPipelineTests()
    {
        _items = _ml.Data.LoadFromEnumerable(DataRows.Items(300));
    }

    [TestMethod]
    public void AChainRunsItsLinksInOrder()
    {
        var pipeline = _ml.Transforms.CopyColumns("A", "Number")
            .Append(_ml.Transforms.CopyColumns("B", "A"))
            .Append(_ml.Transforms.Concatenate("Both", "A", "B"))
            .Append(_ml.Transforms.SelectColumns("Both", "Number"));
        TransformerChain<Transforms.ColumnSelectingTransformer> chain = pipeline.Fit(_items);
        Assert.IsInstanceOfType<Transforms.ColumnSelectingTransformer>(chain.LastTransformer);
        Assert.AreEqual(4, chain.Count());

        IDataView output = chain.Transform(_items);
        Assert.AreEqual("Both, Number", string.Join(", ", output.Schema.Select(column => column.Name)));
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Int32, 2), output.Schema["Both"].Type);
        CollectionAssert.AreEqual(new[] { 299, 299 }, output.GetColumn<int[]>("Both").Last());
    }

    [TestMethod]
    public void AppendingToTransformersMakesAChain()
    {
        ITransformer first = _ml.Transforms.CopyColumns("A", "Number").Fit(_items);
        var chain = first.Append(_ml.Transforms.DropColumns("Number").Fit(_items));
        Assert.IsNull(chain.Transform(_items).Schema.GetColumnOrNull("Number"));
        Assert.IsNotNull(chain.Transform(_items).Schema.GetColumnOrNull("A"));
    }

    [TestMethod]
    public void AMismatchIsFoundBeforeAnythingIsTrained()
    {
        bool trained = false;
        var pipeline = _ml.Transforms.CopyColumns("A", "Number").WithOnFitDelegate(_ => trained = true)
            .Append(_ml.Transforms.CopyColumns("B", "Nothing"));
        var ex = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => pipeline.Fit(_items));
        StringAssert.Contains(ex.Message, "Could not find input column 'Nothing'");
        Assert.AreEqual("inputSchema", ex.ParamName);
        Assert.IsFalse(trained);
    }

    [TestMethod]
    public void TheFitDelegateSeesTheTransformer()
    {
        ITransformer? seen = null;
        var fitted = _ml.Transforms.CopyColumns("A", "Number").WithOnFitDelegate(transformer => seen = transformer).Fit(_items);
        Assert.AreSame(fitted, seen);
    }

    [TestMethod]
    public void EveryTransformerNamesTheColumnItMisses()
    {
        IDataView numbers = _ml.Transforms.SelectColumns("Number").Fit(_items).Transform(_items);
        IEstimator<ITransformer>[] estimators =
        {
            _ml.Transforms.CopyColumns("A", "Text"),
            _ml.Transforms.DropColumns("Text"),
            _ml.Transforms.SelectColumns("Text"),
            _ml.Transforms.Concatenate("A", "Text", "Number"),
        };
        foreach (var estimator in estimators)
        {
            ITransformer transformer = estimator.Fit(_items);
            Expect("inputSchema", () => transformer.GetOutputSchema(numbers.Schema));
            Expect("inputSchema", () => transformer.GetRowToRowMapper(numbers.Schema));
            Expect(estimator is Transforms.ColumnSelectingEstimator ? "input" : "inputSchema", () => transformer.Transform(numbers));
        }

        void Expect(string paramName, Action action)
        {
            var ex = Assert.ThrowsExactly<ArgumentOutOfRangeException>(action);
            StringAssert.Contains(ex.Message, "Could not find input column 'Text'");
            Assert.AreEqual(paramName, ex.ParamName);
        }
    }

    [TestMethod]
    public void ConcatenatedColumnsHaveOneItemType()
    {
        var ex = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Concatenate("A", "Number", "Vector").Fit(_items).Transform(_items));
        StringAssert.Contains(ex.Message, "Schema mismatch for input column 'Vector': expected Int32, got Vector<Single, 3>");
        Assert.ThrowsExactly<InvalidOperationException>(() => new EstimatorChain<ITransformer>().Append(_ml.Transforms.Concatenate("A", "Number", "Vector")).Fit(_items));
    }

    [TestMethod]
    public void ConcatenatedSlotsAreNamedAfterTheirColumns()
    {
        IDataView pair = _ml.Transforms.Concatenate("Pair", "Number", "Number").Fit(_items).Transform(_items);
        VBuffer<ReadOnlyMemory<char>> names = default;
        pair.Schema["Pair"].Annotations.GetValue("SlotNames", ref names);
        CollectionAssert.AreEqual(new[] { "Number", "Number" }, names.DenseValues().Select(name => name.ToString()).ToArray());
    }

    [TestMethod]
    public void ANewColumnHidesTheOneOfItsNameRightAfterIt()
    {
        IDataView output = _ml.Transforms.CopyColumns("Number", "Text").Fit(_items).Transform(_items);
        Assert.AreEqual("Number, Number, Text, Vector", string.Join(", ", output.Schema.Select(column => column.Name)));
        Assert.IsTrue(output.Schema[0].IsHidden);
        Assert.AreEqual(TextDataViewType.Instance, output.Schema["Number"].Type);
        Assert.AreEqual(4, _ml.Transforms.DropColumns("Vector").Fit(output).Transform(output).Schema.Count + 1);
        Assert.AreEqual(1, _ml.Transforms.SelectColumns("Number").Fit(output).Transform(output).Schema.Count);
        Assert.AreEqual(2, _ml.Transforms.SelectColumns(new[] { "Number" }, keepHidden: true).Fit(output).Transform(output).Schema.Count);
    }

    [TestMethod]
    public void ScopesChooseWhatIsScored()
    {
        var chain = _ml.Transforms.CopyColumns("A", "Number")
            .Append(_ml.Transforms.CopyColumns("B", "Number"), TransformerScope.TrainTest)
            .Append(_ml.Transforms.CopyColumns("C", "Number"))
            .Fit(_items);
        Assert.AreEqual("Number, Text, Vector, A, C", string.Join(", ", chain.Transform(_items).Schema.Select(column => column.Name)));
        Assert.IsNotNull(chain.Transform(_items, TransformerScope.Training).Schema.GetColumnOrNull("B"));
    }

    [TestMethod]
    public void ACacheCheckpointSparesLaterEstimatorsTheSource()
    {
        int reads = 0;
        IEnumerable<DataRows.Item> Counted()
        {
            reads++;
            foreach (var item in DataRows.Items(10))
                yield return item;
        }

        IDataView data = _ml.Data.LoadFromEnumerable(Counted());
        var reader = new ReadingEstimator("A");
        _ml.Transforms.CopyColumns("A", "Number").AppendCacheCheckpoint(_ml).Append(reader).Append(reader).Fit(data);
        Assert.AreEqual(1, reads);
        _ml.Transforms.CopyColumns("A", "Number").Append(reader).Append(reader).Fit(data);
        Assert.AreEqual(3, reads);
        Assert.ThrowsExactly<InvalidOperationException>(() => new EstimatorChain<ITransformer>().AppendCacheCheckpoint(_ml));
    }

    [TestMethod]
    public void AChainDisposesOfItsTransformersOnce()
    {
        var disposable = new DisposableTransformer();
        var chain = new TransformerChain<ITransformer>(_ml.Transforms.CopyColumns("A", "Number").Fit(_items), disposable);
        chain.Dispose();
        chain.Dispose();
        Assert.AreEqual(1, disposable.Disposals);
    }

    [TestMethod]
    public void AChainWithATransformerOfWholeViewsHasNoRowMapper()
    {
        ITransformer chain = new TransformerChain<ITransformer>(new DisposableTransformer());
        Assert.IsFalse(chain.IsRowToRowMapper);
        Assert.ThrowsExactly<InvalidOperationException>(() => chain.GetRowToRowMapper(_items.Schema));
    }

    [TestMethod]
    public void ARowMapperNeedsOnlyWhatItsColumnsAreMadeOf()
    {
        ITransformer chain = _ml.Transforms.CopyColumns("A", "Number").Append(_ml.Transforms.Concatenate("Both", "A", "Number")).Fit(_items);
        IRowToRowMapper mapper = chain.GetRowToRowMapper(_items.Schema);
        Assert.AreEqual("Number", string.Join(", ", mapper.GetDependencies(new[] { mapper.OutputSchema["Both"] }).Select(column => column.Name)));
        Assert.AreEqual("Text", string.Join(", ", mapper.GetDependencies(new[] { mapper.OutputSchema["Text"] }).Select(column => column.Name)));
    }

    [TestMethod]
    public void ColumnsThatNobodyAskedForAreNotComputed()
    {
        IDataView output = _ml.Transforms.CopyColumns("A", "Number").Fit(_items).Transform(_items);
        using DataViewRowCursor cursor = output.GetRowCursor(new[] { output.Schema["Text"] });
        Assert.IsTrue(cursor.MoveNext());
        Assert.IsFalse(cursor.IsColumnActive(output.Schema["A"]));
        Assert.IsFalse(cursor.IsColumnActive(output.Schema["Number"]));
    }

    private sealed class ReadingEstimator : IEstimator<ITransformer>
    {
        private readonly string _column;

        public ReadingEstimator(string column)
        {
            _column = column;
        }

        public ITransformer Fit(IDataView input)
        {
            Assert.HasCount(10, DataRows.Read<int>(input, _column));
            return new DisposableTransformer();
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }

    private sealed class DisposableTransformer : ITransformer, IDisposable
    {
        public int Disposals { get; private set; }

        public bool IsRowToRowMapper => false;

        public void Dispose() => Disposals++;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => input;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }
}
