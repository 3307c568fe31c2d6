using System;
using System.Collections.Generic;
using Microsoft.ML.Data;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class DataPredictionEngineTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _items;
    private readonly ITransformer _model;

    public DataPredictionEngineTests()
    {
        _items = _ml.Data.LoadFromEnumerable(DataRows.Items(5));
        _model = _ml.Transforms.CopyColumns("A", "Number").Append(_ml.Transforms.Concatenate("Both", "A", "Number")).Fit(_items);
    }

    [TestMethod]
    public void ExamplesArePredictedOneByOne()
    {
        using var engine = _ml.Model.CreatePredictionEngine<DataRows.Item, Output>(_model);
        CollectionAssert.AreEqual(new[] { 3, 3 }, engine.Predict(new DataRows.Item { Number = 3 }).Both);
        Output output = engine.Predict(new DataRows.Item { Number = 4, Text = "four" });
        CollectionAssert.AreEqual(new[] { 4, 4 }, output.Both);
        Assert.AreEqual("four", output.Text);
        Assert.AreEqual(5, engine.OutputSchema.Count);
    }

    [TestMethod]
    public void APredictionObjectCanBeUsedAgain()
    {
        using var engine = _ml.Model.CreatePredictionEngine<DataRows.Item, Output>(_model);
        Output output = engine.Predict(new DataRows.Item { Number = 3 });
        int[] array = output.Both;
        engine.Predict(new DataRows.Item { Number = 5 }, ref output);
        Assert.AreSame(array, output.Both);
        CollectionAssert.AreEqual(new[] { 5, 5 }, array);

        Output? none = null;
        engine.Predict(new DataRows.Item { Number = 6 }, ref none!);
        Assert.AreEqual(6, none!.Both[0]);
    }

    [TestMethod]
    public void AMissingOutputColumnIsIgnoredByDefault()
    {
        using var engine = _ml.Model.CreatePredictionEngine<DataRows.Item, WithMore>(_model);
        Assert.AreEqual(0f, engine.Predict(new DataRows.Item()).More);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Model.CreatePredictionEngine<DataRows.Item, WithMore>(_model, ignoreMissingColumns: false));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Model.CreatePredictionEngine<DataRows.Item, WithMore>(_model, _items.Schema));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Model.CreatePredictionEngine<DataRows.Item, WithMore>(
            _model, new PredictionEngineOptions { IgnoreMissingColumns = false }));
    }

    [TestMethod]
    public void AMissingInputColumnIsNamed()
    {
        ITransformer model = _ml.Transforms.CopyColumns("A", "Vector").Fit(_items);
        var ex = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Model.CreatePredictionEngine<DataRows.Numbered, Output>(model));
        StringAssert.Contains(ex.Message, "Could not find input column 'Vector'");
        Assert.AreEqual("inputSchema", ex.ParamName);
    }

    [TestMethod]
    public void ASchemaGivesMembersTheirSizes()
    {
        ITransformer model = _ml.Transforms.Concatenate("Twice", "Vector", "Vector").Fit(_items);
        using var engine = _ml.Model.CreatePredictionEngine<AnySize, Twice>(model, _ml.Transforms.SelectColumns("Vector").Fit(_items).GetOutputSchema(_items.Schema));
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 6), engine.OutputSchema["Twice"].Type);
        Assert.HasCount(6, engine.Predict(new AnySize { Vector = new float[3] }).Vector);
        Assert.ThrowsExactly<InvalidOperationException>(() => engine.Predict(new AnySize { Vector = new float[4] }));
    }

    [TestMethod]
    public void NoExampleIsRefused()
    {
        using var engine = _ml.Model.CreatePredictionEngine<DataRows.Item, Output>(_model);
        Assert.AreEqual("example", Assert.ThrowsExactly<ArgumentNullException>(() => engine.Predict(null!)).ParamName);
    }

    [TestMethod]
    public void ATransformerOfWholeViewsIsRefused()
    {
        var ex = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Model.CreatePredictionEngine<DataRows.Item, Output>(new WholeViewTransformer()));
        StringAssert.Contains(ex.Message, "Must be a row to row mapper");
        Assert.AreEqual("transformer", ex.ParamName);
    }

    [TestMethod]
    public void PositionAndIdCountTheExamples()
    {
        var recorder = new RecordingTransformer();
        using var engine = _ml.Model.CreatePredictionEngine<DataRows.Numbered, DataRows.Numbered>(recorder);
        Assert.AreEqual(-1, recorder.Row!.Position);
        for (int i = 0; i < 3; i++)
        {
            engine.Predict(new DataRows.Numbered());
            Assert.AreEqual(i, recorder.Row.Position);
            Assert.AreEqual(0, recorder.Row.Batch);
            DataViewRowId id = default;
            recorder.Row.GetIdGetter()(ref id);
            Assert.AreEqual(new DataViewRowId((ulong)i, 0), id);
        }
    }

    [TestMethod]
    public void TheEngineDisposesOfATransformerItOwns()
    {
        var owned = new RecordingTransformer();
        _ml.Model.CreatePredictionEngine<DataRows.Numbered, DataRows.Numbered>(owned).Dispose();
        Assert.IsTrue(owned.Disposed);

        var lent = new RecordingTransformer();
        _ml.Model.CreatePredictionEngine<DataRows.Numbered, DataRows.Numbered>(lent, new PredictionEngineOptions { OwnsTransformer = false }).Dispose();
        Assert.IsFalse(lent.Disposed);
    }

    private sealed class Output
    {
        public int[] Both { get; set; } = Array.Empty<int>();

        public string Text { get; set; } = "";
    }

    private sealed class WithMore
    {
        public float More { get; set; }
    }

    private sealed class AnySize
    {
        public float[] Vector { get; set; } = Array.Empty<float>();
    }

    private sealed class Twice
    {
        [ColumnName("Twice")]
        public float[] Vector { get; set; } = Array.Empty<float>();
    }

    private class WholeViewTransformer : ITransformer
    {
        public virtual bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => input;

        public virtual IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }

    private sealed class RecordingTransformer : WholeViewTransformer, IRowToRowMapper, IDisposable
    {
        public DataViewRow? Row { get; private set; }

        public bool Disposed { get; private set; }

        public override bool IsRowToRowMapper => true;

        public DataViewSchema InputSchema { get; private set; } = null!;

        public DataViewSchema OutputSchema => InputSchema;

        public override IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
        {
            InputSchema = inputSchema;
            return this;
        }

        public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
            => dependingColumns;

        public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => Row = input;

        public void Dispose() => Disposed = true;
    }
}
