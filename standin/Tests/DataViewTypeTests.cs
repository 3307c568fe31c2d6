using System;
using System.Collections.Immutable;
using System.IO;
using Microsoft.ML.Data;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class DataViewTypeTests
{
    [TestMethod]
    public void TypesSayWhatTheyAre()
    {
        Assert.AreEqual("Single", NumberDataViewType.Single.ToString());
        Assert.AreEqual("String", TextDataViewType.Instance.ToString());
        Assert.AreEqual("DataViewRowId", RowIdDataViewType.Instance.ToString());
        Assert.AreEqual("Key<UInt32, 0-4>", new KeyDataViewType(typeof(uint), 5).ToString());
        Assert.AreEqual("Vector<Single, 100>", new VectorDataViewType(NumberDataViewType.Single, 100).ToString());
        Assert.AreEqual("Vector<Byte, 3, 4>", new VectorDataViewType(NumberDataViewType.Byte, 3, 4).ToString());
        Assert.AreEqual("Vector<Single>", new VectorDataViewType(NumberDataViewType.Single).ToString());
        Assert.AreEqual("Vector<Single, *, 4>", new VectorDataViewType(NumberDataViewType.Single, 0, 4).ToString());
    }

    [TestMethod]
    public void VectorsAreEqualByItemAndDimensions()
    {
        var vector = new VectorDataViewType(NumberDataViewType.Single, 3, 4);
        object same = new VectorDataViewType(NumberDataViewType.Single, ImmutableArray.Create(3, 4));

        Assert.IsTrue(vector.Equals(same));
        Assert.AreEqual(same.GetHashCode(), vector.GetHashCode());
        Assert.IsFalse(vector.Equals(new VectorDataViewType(NumberDataViewType.Single, 12)));
        Assert.IsFalse(vector.Equals(new VectorDataViewType(NumberDataViewType.Double, 3, 4)));
        Assert.AreEqual(12, vector.Size);
        Assert.AreEqual(typeof(VBuffer<float>), vector.RawType);
    }

    [TestMethod]
    public void AZeroDimensionMakesTheSizeUnknown()
    {
        Assert.IsTrue(new VectorDataViewType(NumberDataViewType.Single, 5).IsKnownSize);
        Assert.IsFalse(new VectorDataViewType(NumberDataViewType.Single).IsKnownSize);
        Assert.IsFalse(new VectorDataViewType(NumberDataViewType.Single, 3, 0).IsKnownSize);
    }

    [TestMethod]
    public void KeysAreEqualByRawTypeAndCount()
    {
        var key = new KeyDataViewType(typeof(uint), 5);

        Assert.IsTrue(key.Equals((object)new KeyDataViewType(typeof(uint), 5ul)));
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 5).GetHashCode(), key.GetHashCode());
        Assert.IsFalse(key.Equals(new KeyDataViewType(typeof(uint), 6)));
        Assert.IsFalse(key.Equals(new KeyDataViewType(typeof(ulong), 5)));
        Assert.IsFalse(key.Equals(NumberDataViewType.UInt32));
    }

    [TestMethod]
    public void InvalidTypesAreRefused()
    {
        Refuses("type", () => new KeyDataViewType(typeof(int), 5));
        Refuses("type", () => new KeyDataViewType(typeof(ByteEnum), 5));
        Refuses("count", () => new KeyDataViewType(typeof(byte), 256));
        Refuses("count", () => new KeyDataViewType(typeof(ulong), 0));
        Refuses("count", () => new KeyDataViewType(typeof(ulong), -1));
        Refuses("size", () => new VectorDataViewType(NumberDataViewType.Single, -1));
        Refuses("dimensions", () => new VectorDataViewType(NumberDataViewType.Single, 2, -1));
        Refuses("dimensions", () => new VectorDataViewType(NumberDataViewType.Single, Array.Empty<int>()));
        Assert.ThrowsExactly<ArgumentNullException>(() => new VectorDataViewType(null, 3));
        Assert.ThrowsExactly<ArgumentException>(() => new DisposableType());
    }

    private static void Refuses(string parameter, Func<DataViewType> create)
        => Assert.AreEqual(parameter, Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => create()).ParamName);

    private enum ByteEnum : byte
    {
    }

    private sealed class DisposableType() : PrimitiveDataViewType(typeof(Stream))
    {
        public override bool Equals(DataViewType? other) => other == this;
    }
}
