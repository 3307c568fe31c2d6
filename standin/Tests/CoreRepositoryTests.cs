using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class CoreRepositoryTests
{
    [TestMethod]
    public void EntriesComeBackFromTheirFolders()
    {
        using MemoryStream zip = Save(repository =>
        {
            Write(repository, null, "Schema", "s");
            Write(repository, Path.Combine("TransformerChain", "Transform_000"), "Model.key", "m");
        });
        using RepositoryReader reader = RepositoryReader.Open(zip);

        Assert.AreEqual("s", Read(reader.OpenEntry("Schema")));
        Assert.AreEqual("m", Read(reader.OpenEntry("TransformerChain/Transform_000", "Model.key")));
        Assert.AreEqual("m", Read(reader.OpenEntry("TransformerChain/Transform_000", "Model.key")), "an entry opens again");
        Assert.IsNull(reader.OpenEntryOrNull("TransformerChain", "Model.key"));
        Assert.ThrowsExactly<InvalidOperationException>(() => reader.OpenEntry("None"));
        Assert.IsNotNull(reader.OpenEntryOrNull("TrainingInfo", "Version.txt"));
    }

    [TestMethod]
    public void EntriesMayBeOpenAtTheSameTimeAndAreWrittenAsTheyClose()
    {
        using MemoryStream zip = Save(repository =>
        {
            using Repository.Entry outer = repository.CreateEntry("outer");
            Write(repository, "folder", "inner", "i");
            outer.Stream.WriteByte((byte)'o');
        });

        using var archive = new ZipArchive(zip);
        CollectionAssert.AreEqual(
            new[] { "TrainingInfo/Version.txt", "folder/inner", "outer" },
            archive.Entries.Select(entry => entry.FullName.Replace('\\', '/')).ToArray());
    }

    [TestMethod]
    public void AModelOfAnotherSystemHasTheOtherSeparator()
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        using (var writer = new StreamWriter(archive.CreateEntry(@"folder\sub\Model.key").Open()))
            writer.Write("m");
        using RepositoryReader reader = RepositoryReader.Open(zip);

        Assert.AreEqual("m", Read(reader.OpenEntry(Path.Combine("folder", "sub"), "Model.key")));
    }

    [TestMethod]
    public void DuplicatesAndWaysOutOfTheArchiveAreRefused()
    {
        using RepositoryWriter writer = RepositoryWriter.CreateNew(new MemoryStream());
        writer.CreateEntry("folder", "a").Dispose();

        Refuses("name", () => writer.CreateEntry("folder", "a"));
        Refuses("dir", () => writer.CreateEntry("../folder", "a"));
        Refuses("name", () => writer.CreateEntry("folder", "../a"));
        Refuses("name", () => writer.CreateEntry("folder", " "));
    }

    [TestMethod]
    public void JunkIsAFormatException()
    {
        using MemoryStream zip = Save(repository => Write(repository, null, "Schema", "s"));

        Assert.ThrowsExactly<FormatException>(() => RepositoryReader.Open(new MemoryStream([1, 2, 3])));
        Assert.ThrowsExactly<FormatException>(() => RepositoryReader.Open(new MemoryStream()));
        Assert.ThrowsExactly<FormatException>(() => RepositoryReader.Open(new MemoryStream(zip.ToArray()[..^30])));
    }

    internal static MemoryStream Save(Action<RepositoryWriter> fill)
    {
        var zip = new MemoryStream();
        RepositoryWriter writer = RepositoryWriter.CreateNew(zip);
        fill(writer);
        writer.Commit();
        zip.Position = 0;
        return zip;
    }

    private static void Write(RepositoryWriter repository, string? folder, string name, string text)
    {
        using Repository.Entry entry = repository.CreateEntry(folder, name);
        using var writer = new StreamWriter(entry.Stream, leaveOpen: true);
        writer.Write(text);
    }

    private static string Read(Repository.Entry entry)
    {
        using (entry)
        using (var reader = new StreamReader(entry.Stream))
            return reader.ReadToEnd();
    }

    private static void Refuses(string parameter, Action create)
        => Assert.AreEqual(parameter, Assert.ThrowsExactly<ArgumentOutOfRangeException>(create).ParamName);
}
