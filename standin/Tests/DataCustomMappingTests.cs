using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class DataCustomMappingTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _items;

    public DataCustomMappingTests()
    {
        _items = _ml.Data.LoadFromEnumerable(DataRows.Items(300));
    }

    [TestMethod]
    public void AnActionComputesColumns()
    {
        var mapping = _ml.Transforms.CustomMapping<DataRows.Numbered, Doubled>(Doubling.Map, contractName: null);
        IDataView output = mapping.Fit(_items).Transform(_items);
        CollectionAssert.AreEqual(Enumerable.Range(0, 300).Select(i => 2 * i).ToArray(), output.GetColumn<int>("Twice").ToArray());
        Assert.AreEqual("Number, Text, Vector, Twice, Label", string.Join(", ", output.Schema.Select(column => column.Name)));
        CollectionAssert.AreEqual(new[] { "0", "1" }, output.GetColumn<string>("Label").Take(2).ToArray());
    }

    [TestMethod]
    public void TheActionRunsOnceARow()
    {
        var seen = new ConcurrentBag<int>();
        var mapping = _ml.Transforms.CustomMapping<DataRows.Numbered, Doubled>((from, to) => seen.Add(from.Number), null);
        _ml.Data.CreateEnumerable<Doubled>(mapping.Fit(_items).Transform(_items), reuseRowObject: false).Count();
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 300).ToArray(), seen.ToArray());
    }

    [TestMethod]
    public void AMissingOrOtherInputColumnIsNamed()
    {
        var estimator = _ml.Transforms.CustomMapping<Other, Doubled>((from, to) => { }, null);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(_items));
        var ex = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new EstimatorChain<ITransformer>().Append(estimator).Fit(_items));
        StringAssert.Contains(ex.Message, "Could not find input column 'Missing'");

        var texts = _ml.Transforms.CopyColumns("Missing", "Text").Append(estimator);
        ex = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => texts.Fit(_items));
        StringAssert.Contains(ex.Message, "Schema mismatch for input column 'Missing': expected Single, got String");
    }

    [TestMethod]
    public void WhatTheActionThrowsComesInside()
    {
        var mapping = _ml.Transforms.CustomMapping<DataRows.Numbered, Doubled>((from, to) => throw new FormatException("no"), null);
        Exception ex = Assert.ThrowsExactly<InvalidOperationException>(() => mapping.Fit(_items).Transform(_items).GetColumn<int>("Twice").Count());
        Assert.IsInstanceOfType<FormatException>(ex.InnerException);
    }

    [TestMethod]
    public void AContractBringsTheActionBack()
    {
        ITransformer model = _ml.Transforms.CustomMapping(new Doubling().GetMapping(), "Doubling").Fit(_items);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, _items.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(stream, out _);
        Assert.IsInstanceOfType<CustomMappingTransformer<DataRows.Numbered, Doubled>>(loaded);
        CollectionAssert.AreEqual(Enumerable.Range(0, 300).Select(i => 2 * i).ToArray(), loaded.Transform(_items).GetColumn<int>("Twice").ToArray());

        using var engine = _ml.Model.CreatePredictionEngine<DataRows.Numbered, Doubled>(loaded);
        Assert.AreEqual(42, engine.Predict(new DataRows.Numbered { Number = 21 }).Twice);
    }

    [TestMethod]
    public void NoContractNoFile()
    {
        ITransformer model = _ml.Transforms.CustomMapping<DataRows.Numbered, Doubled>(Doubling.Map, null).Fit(_items);
        var ex = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Model.Save(model, _items.Schema, new MemoryStream()));
        StringAssert.Contains(ex.Message, "Empty contract name for a transform: the transform cannot be saved");
    }

    [TestMethod]
    public void AnUnknownContractIsNamed()
    {
        ITransformer model = _ml.Transforms.CustomMapping<DataRows.Numbered, Doubled>(Doubling.Map, "Unheard of").Fit(_items);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, _items.Schema, stream);
        stream.Position = 0;
        Exception? ex = Assert.Throws<Exception>(() => _ml.Model.Load(stream, out _));
        while (ex.InnerException != null)
            ex = ex.InnerException;
        StringAssert.Contains(ex.Message, "Unable to locate an extension for the contract 'Unheard of'");
    }

    public sealed class Doubled
    {
        public int Twice { get; set; }

        public string Label { get; set; } = "";
    }

    public sealed class Other
    {
        public float Missing { get; set; }
    }

    [CustomMappingFactoryAttribute("Doubling")]
    public sealed class Doubling : CustomMappingFactory<DataRows.Numbered, Doubled>
    {
        public static void Map(DataRows.Numbered from, Doubled to)
        {
            to.Twice = 2 * from.Number;
            to.Label = from.Number.ToString();
        }

        public override Action<DataRows.Numbered, Doubled> GetMapping() => Map;
    }
}
