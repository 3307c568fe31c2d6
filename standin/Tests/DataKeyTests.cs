using System;
using System.IO;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class DataKeyTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _animals;

    public DataKeyTests()
    {
        _animals = Animals(("dog", 4), ("bird", 2), ("dog", 4), ("", float.NaN), ("ant", 6));
    }

    [TestMethod]
    public void KeysCountValuesInTheirOrderFromOne()
    {
        IDataView keyed = _ml.Transforms.Conversion.MapValueToKey("Key", "Name").Fit(_animals).Transform(_animals);
        CollectionAssert.AreEqual(new uint[] { 1, 2, 1, 0, 3 }, keyed.GetColumn<uint>("Key").ToArray());
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 3), keyed.Schema["Key"].Type);
        Assert.IsTrue(keyed.Schema["Key"].HasKeyValues());
        Assert.AreEqual("dog, bird, ant", Values<ReadOnlyMemory<char>>(keyed.Schema["Key"]));
    }

    [TestMethod]
    public void KeysCanBeSortedLimitedAndSpokenOf()
    {
        var conversion = _ml.Transforms.Conversion;
        Assert.AreEqual("ant, bird, dog", Values<ReadOnlyMemory<char>>(
            conversion.MapValueToKey("Name", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(_animals).Transform(_animals).Schema["Name"]));
        IDataView two = conversion.MapValueToKey("Name", maximumNumberOfKeys: 2).Fit(_animals).Transform(_animals);
        CollectionAssert.AreEqual(new uint[] { 1, 2, 1, 0, 0 }, two.GetColumn<uint>("Name").ToArray());

        IDataView legs = conversion.MapValueToKey("Legs", addKeyValueAnnotationsAsText: true).Fit(_animals).Transform(_animals);
        CollectionAssert.AreEqual(new uint[] { 1, 2, 1, 0, 3 }, legs.GetColumn<uint>("Legs").ToArray());
        Assert.AreEqual("4, 2, 6", Values<ReadOnlyMemory<char>>(legs.Schema["Legs"]));
    }

    [TestMethod]
    public void KeysCanBeGiven()
    {
        IDataView names = _ml.Transforms.SelectColumns("Name").Fit(_animals).Transform(Animals(("ant", 0), ("dog", 0)));
        IDataView keyed = _ml.Transforms.Conversion.MapValueToKey("Key", "Name", keyData: names).Fit(_animals).Transform(_animals);
        CollectionAssert.AreEqual(new uint[] { 2, 0, 2, 0, 1 }, keyed.GetColumn<uint>("Key").ToArray());
        Assert.AreEqual("keyData", Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Transforms.Conversion.MapValueToKey("Key", "Name", keyData: _animals)).ParamName);
    }

    [TestMethod]
    public void ValuesComeBackFromKeysAfterSaving()
    {
        foreach (string column in new[] { "Name", "Legs" })
        {
            ITransformer model = _ml.Transforms.Conversion.MapValueToKey("Key", column)
                .Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Key"))
                .Fit(_animals);
            using var stream = new MemoryStream();
            _ml.Model.Save(model, _animals.Schema, stream);
            stream.Position = 0;
            IDataView output = new MLContext().Model.Load(stream, out _).Transform(_animals);
            Assert.AreEqual(_animals.Schema[column].Type, output.Schema["Back"].Type);
            if (column == "Name")
                CollectionAssert.AreEqual(new[] { "dog", "bird", "dog", "", "ant" }, output.GetColumn<string>("Back").ToArray());
            else
                CollectionAssert.AreEqual(new[] { 4, 2, 4, float.NaN, 6 }, output.GetColumn<float>("Back").ToArray());
        }
    }

    [TestMethod]
    public void VectorsHaveKeysItemByItem()
    {
        IDataView items = _ml.Data.LoadFromEnumerable(DataRows.Items(3));
        IDataView output = _ml.Transforms.Conversion.MapValueToKey("Key", "Vector").Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Key"))
            .Fit(items).Transform(items);
        Assert.AreEqual(3, ((VectorDataViewType)output.Schema["Key"].Type).Size);
        CollectionAssert.AreEqual(new[] { 2f, -2f, 0.5f }, output.GetColumn<float[]>("Back").Last());
    }

    [TestMethod]
    public void OnlyKeysWithValuesHaveValues()
    {
        var estimator = _ml.Transforms.Conversion.MapKeyToValue("Name");
        var ex = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new EstimatorChain<ITransformer>().Append(estimator).Fit(_animals));
        StringAssert.Contains(ex.Message, "Schema mismatch for input column 'Name': expected KeyType, got String");
        Assert.ThrowsExactly<InvalidOperationException>(() => estimator.Fit(_animals));
        Assert.IsFalse(_animals.Schema["Name"].HasKeyValues());
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Conversion.MapValueToKey("Nothing").Fit(_animals)).Message,
            "Could not find input column 'Nothing'");
    }

    private IDataView Animals(params (string Name, float Legs)[] animals)
        => _ml.Data.LoadFromEnumerable(animals.Select(animal => new Animal { Name = animal.Name, Legs = animal.Legs }).ToList());

    private static string Values<T>(DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.GetKeyValues(ref values);
        return string.Join(", ", values.DenseValues());
    }

    private sealed class Animal
    {
        public string Name { get; set; } = "";

        public float Legs { get; set; }
    }
}
