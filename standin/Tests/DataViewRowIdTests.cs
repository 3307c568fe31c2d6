using System.Collections.Generic;
using Microsoft.ML.Data;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class DataViewRowIdTests
{
    // The values come of a transcription of MurmurHash3's rounds in Python.
    [TestMethod]
    public void DerivedIdsAreRoundsOfMurmurHash()
    {
        var id = new DataViewRowId(42, 7);

        Assert.AreEqual("0000000000000007000000000000002a", id.ToString());
        Assert.AreEqual("000000342699df3100000006e2dce74c", id.Next().ToString());
        Assert.AreEqual("000000342699df3134e09d0d89021974", id.Fork().ToString());
        Assert.AreEqual("65ee9d7bb07abd8528da11a05913d1c9", id.Combine(new DataViewRowId(3, 9)).ToString());
    }

    [TestMethod]
    public void IdsAreOrderedByTheirHighHalfFirst()
    {
        var ids = new List<DataViewRowId> { new(0, 2), new(5, 1), new(3, 1) };
        ids.Sort();

        CollectionAssert.AreEqual(new DataViewRowId[] { new(3, 1), new(5, 1), new(0, 2) }, ids);
        Assert.AreEqual(new DataViewRowId(1, 2), new DataViewRowId(1, 2));
        Assert.AreNotEqual(new DataViewRowId(1, 2), new DataViewRowId(2, 1));
        Assert.AreEqual(new DataViewRowId(1, 2).GetHashCode(), new DataViewRowId(1, 2).GetHashCode());
    }
}
