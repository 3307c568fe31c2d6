using System;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class CoreContractsTests
{
    [TestMethod]
    public void ChecksThrowTheExceptionsOfTheRealLibrary()
    {
        Assert.AreEqual("x", Assert.ThrowsExactly<ArgumentNullException>(() => Contracts.CheckValue<string>(null!, "x")).ParamName);
        Assert.AreEqual("x", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Contracts.CheckParam(false, "x")).ParamName);
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Contracts.CheckNonEmpty("", "x")).Message, "x cannot be null or empty");
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Contracts.CheckNonWhiteSpace(" ", "x")).Message, "x cannot be null or white space");
        Assert.AreEqual("why", Assert.ThrowsExactly<InvalidOperationException>(() => Contracts.Check(false, "why")).Message);
        Assert.AreEqual("why", Assert.ThrowsExactly<FormatException>(() => Contracts.CheckDecode(false, "why")).Message);
    }

    [TestMethod]
    public void SchemaMismatchesTellRoleNameAndTypes()
    {
        Exception missing = Contracts.ExceptSchemaMismatch(null, "inputSchema", "input", "x");
        Exception mismatch = Contracts.ExceptSchemaMismatch(null, "inputSchema", "input", "x", "Single", "String");

        Assert.AreEqual("inputSchema", ((ArgumentOutOfRangeException)missing).ParamName);
        StringAssert.StartsWith(missing.Message, "Could not find input column 'x'");
        StringAssert.StartsWith(mismatch.Message, "Schema mismatch for input column 'x': expected Single, got String");
    }

    [TestMethod]
    public void MessagesAreFormattedOnlyWhereThereAreArguments()
    {
        Assert.AreEqual("a 1", Contracts.Except("a {0}", 1).Message);
        Assert.AreEqual("a {0}", Contracts.Except("a {0}").Message);
    }

    [TestMethod]
    public void AContextNotesItselfInTheException()
    {
        using IChannel channel = new LocalEnvironment().Register("Trainer").Start("Training");

        Exception ex = channel.Except("why");

        Assert.IsTrue(ex.IsMarked());
        Assert.AreEqual("Trainer", ex.Data["Throwing component"]);
        Assert.AreEqual("Training", ex.Data["Phase"]);
        Assert.IsFalse(new InvalidOperationException().IsMarked());
    }
}
