using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class CoreModelHeaderTests
{
    private static readonly VersionInfo Version = new("TEST MDL", 0x00010003, 0x00010002, 0x00010001, "An.Assembly, Version=1.0.0.0", "TestLoader", "OldName");

    [TestMethod]
    public void WhatIsWrittenComesBack()
    {
        using BinaryReader reader = Reader(Write(["first", "", "zwölf"]));
        ModelHeader header = ModelHeader.BeginRead(reader, out string[] strings, out string assembly);

        CollectionAssert.AreEqual(new[] { "first", "", "zwölf" }, strings);
        Assert.AreEqual("An.Assembly, Version=1.0.0.0", assembly);
        Assert.AreEqual("TestLoader", header.LoaderSignature);
        Assert.AreEqual("OldName", header.LoaderSignatureAlt);
        Assert.AreEqual(0x00010003u, header.ModelVerWritten);
        Assert.AreEqual(0x00010002u, header.ModelVerReadable);
        Assert.AreEqual(12345, reader.ReadInt32());
        header.EndRead(reader);
    }

    [TestMethod]
    public void StringsAndAssemblyMayBeAbsent()
    {
        using BinaryReader reader = Reader(Write([], assembly: null));
        ModelHeader.BeginRead(reader, out string[] strings, out string assembly);

        Assert.IsNull(strings);
        Assert.IsNull(assembly);
        Assert.AreEqual(12345, reader.ReadInt32());
    }

    // The offsets are those that ML.NET's own header documents.
    [TestMethod]
    public void TheLayoutIsThatOfTheRealLibrary()
    {
        byte[] bytes = Write(["ab"]);

        Assert.AreEqual("ML\0MODEL", Encoding.ASCII.GetString(bytes, 0, 8));
        Assert.AreEqual(0x00010002u, BitConverter.ToUInt32(bytes, 0x08));
        Assert.AreEqual(0x00010002u, BitConverter.ToUInt32(bytes, 0x0C));
        Assert.AreEqual(0x100L, BitConverter.ToInt64(bytes, 0x10));
        Assert.AreEqual(4L, BitConverter.ToInt64(bytes, 0x18));
        Assert.AreEqual(0x104L, BitConverter.ToInt64(bytes, 0x20));
        Assert.AreEqual(8L, BitConverter.ToInt64(bytes, 0x28));
        Assert.AreEqual(0x10CL, BitConverter.ToInt64(bytes, 0x30));
        Assert.AreEqual(4L, BitConverter.ToInt64(bytes, 0x38));
        Assert.AreEqual("TEST\0MDL", Encoding.ASCII.GetString(bytes, 0x40, 8));
        Assert.AreEqual(0x00010003u, BitConverter.ToUInt32(bytes, 0x48));
        Assert.AreEqual(0x00010002u, BitConverter.ToUInt32(bytes, 0x4C));
        Assert.AreEqual("TestLoader", Encoding.ASCII.GetString(bytes, 0x50, 24).TrimEnd('\0'));
        Assert.AreEqual("OldName", Encoding.ASCII.GetString(bytes, 0x68, 24).TrimEnd('\0'));
        Assert.AreEqual(bytes.Length - 8L, BitConverter.ToInt64(bytes, 0x80));
        Assert.AreEqual((long)bytes.Length, BitConverter.ToInt64(bytes, 0x88));
        Assert.AreEqual(0x110L, BitConverter.ToInt64(bytes, 0x90));
        Assert.AreEqual((uint)Version.LoaderAssemblyName.Length * 2, BitConverter.ToUInt32(bytes, 0x98));
        Assert.AreEqual("LEDOM\0LM", Encoding.ASCII.GetString(bytes, bytes.Length - 8, 8));
    }

    [TestMethod]
    public void ATruncatedModelIsAFormatException()
    {
        byte[] bytes = Write(["first"]);

        for (int length = 0; length < bytes.Length; length++)
        {
            using BinaryReader reader = Reader(bytes[..length]);
            Assert.ThrowsExactly<FormatException>(() => ModelHeader.BeginRead(reader, out _, out _), $"{length} bytes");
        }
    }

    [TestMethod]
    public void ABrokenHeaderIsAFormatException()
    {
        foreach (int offset in new[] { 0x00, 0x0C, 0x10, 0x18, 0x20, 0x28, 0x30, 0x38, 0x80, 0x88, 0x90, 0x98 })
        {
            byte[] bytes = Write(["first"]);
            bytes[offset + 3] ^= 0x80;
            using BinaryReader reader = Reader(bytes);
            Assert.ThrowsExactly<FormatException>(() => ModelHeader.BeginRead(reader, out _, out _), $"offset {offset:x}");
        }
    }

    [TestMethod]
    public void AModelOfAnotherKindOrVersionIsAFormatException()
    {
        using BinaryReader reader = Reader(Write([]));
        ModelHeader header = ModelHeader.BeginRead(reader, out _, out _);

        header.CheckVersionInfo(Version);
        header.CheckVersionInfo(new VersionInfo("TEST MDL", 0x00010002, 1, 0x00010003, ""));
        AssertRefused("Unknown file type", new VersionInfo("OTHERMDL", 0x00010003, 1, 1, ""));
        AssertRefused("too new", new VersionInfo("TEST MDL", 0x00010001, 1, 1, ""));
        AssertRefused("too old", new VersionInfo("TEST MDL", 0x00010004, 1, 0x00010004, ""));

        void AssertRefused(string why, VersionInfo version)
            => StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => header.CheckVersionInfo(version)).Message, why);
    }

    [TestMethod]
    public void AModelMustBeReadToItsEnd()
    {
        using BinaryReader reader = Reader(Write([]));
        ModelHeader header = ModelHeader.BeginRead(reader, out _, out _);
        reader.ReadInt16();

        Assert.ThrowsExactly<FormatException>(() => header.EndRead(reader));
    }

    [TestMethod]
    public void SignaturesHaveTheirLengths()
    {
        Assert.ThrowsExactly<InvalidOperationException>(() => new VersionInfo("SHORT", 1, 1, 1, ""));
        Assert.ThrowsExactly<InvalidOperationException>(() => Write([], signature: new string('a', 25)));
    }

    private static byte[] Write(IReadOnlyCollection<string> strings, string? assembly = "An.Assembly, Version=1.0.0.0", string signature = "TestLoader")
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        var header = new ModelHeader();
        ModelHeader.BeginWrite(writer);
        header.SetVersionInfo(new VersionInfo("TEST MDL", 0x00010003, 0x00010002, 0x00010001, assembly, signature, "OldName"));
        writer.Write(12345);
        header.EndWrite(writer, strings, assembly);
        return stream.ToArray();
    }

    private static BinaryReader Reader(byte[] bytes) => new(new MemoryStream(bytes));
}
