using System.Collections.Immutable;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tests.Docs;

namespace Microsoft.ML.Dcgan.Tests.Build;

/// <summary>Packs the library, and uses the package as its users do: in new projects that know nothing else of this repository.</summary>
[TestClass]
[TestCategory("Sdk")]
public sealed partial class LibraryPackageTests
{
    private const string Id = "Microsoft.ML.Dcgan";
    private const string TemplatesId = Id + ".Templates";
    private static readonly string[] _frameworks = ["net8.0", "net10.0"];

    // A version of its own, for NuGet takes a version that it has seen from its cache.
    private static readonly string _version = $"0.1.0-test.{Guid.NewGuid():N}";
    private static DirectoryInfo _scratch = null!;

    private static string Packages => Path.Combine(_scratch.FullName, "packages");

    [ClassInitialize]
    public static void Pack(TestContext _)
    {
        _scratch = Directory.CreateTempSubdirectory("dcgan-package-");
        Checkout.Pack(Id, _version, Packages);
        Checkout.Pack(TemplatesId, _version, Packages);
    }

    [ClassCleanup]
    public static void DeleteScratch() => _scratch.Delete(recursive: true);

    [TestMethod]
    public void The_package_holds_the_library_its_bridge_and_what_builds_with_it()
    {
        using ZipArchive package = Package(Id);
        string[] files = package.Entries.Select(entry => entry.FullName)
            .Where(name => Regex.IsMatch(name, @"^(lib|build\w*|runtimes)/|\.(md|png|dib)$")).ToArray();

        CollectionAssert.AreEquivalent(
            _frameworks.SelectMany(framework => new[] { "dll", "xml", "Bridge.dll" }.Select(ending => $"lib/{framework}/{Id}.{ending}"))
                .Concat([$"buildTransitive/{Id}.targets", "interactive-extensions/dotnet/extension.dib", "PACKAGE.md", "icon.png"]).ToArray(),
            files);
        XElement metadata = Metadata(package);
        Assert.AreEqual("MIT", Child(metadata, "license").Value);
        Assert.AreEqual("git", Child(metadata, "repository").Attribute("type")!.Value);
    }

    [TestMethod]
    public void The_package_asks_for_the_packages_it_was_built_on_and_for_SkiaSharp_2()
    {
        using ZipArchive package = Package(Id);
        XElement[] groups = Child(Metadata(package), "dependencies").Elements().ToArray();
        CollectionAssert.AreEquivalent(_frameworks, groups.Select(group => group.Attribute("targetFramework")!.Value).ToArray());
        foreach (XElement group in groups)
        {
            CollectionAssert.AreEquivalent(
                new[]
                {
                    "Microsoft.ML 5.0.1", "Microsoft.ML.ImageAnalytics 5.0.1", "System.IO.Hashing 10.0.15", "TorchSharp 0.107.0",
                    "SkiaSharp [2.88.9, 3.0.0)", "SkiaSharp.NativeAssets.Linux.NoDependencies [2.88.9, 3.0.0)",
                    "SkiaSharp.NativeAssets.macOS [2.88.9, 3.0.0)", "SkiaSharp.NativeAssets.Win32 [2.88.9, 3.0.0)",
                },
                group.Elements().Select(package => $"{package.Attribute("id")!.Value} {package.Attribute("version")!.Value}").ToArray());
        }
    }

    /// <summary>Galleries show both beside the package: links of the checkout lead nowhere there.</summary>
    [TestMethod]
    [DataRow(Id)]
    [DataRow(TemplatesId)]
    public void Readme_and_icon_are_for_a_gallery(string id)
    {
        using ZipArchive package = Package(id);
        XElement metadata = Metadata(package);
        MarkdownPage readme = MarkdownPage.At($"src/{id}/PACKAGE.md");
        Assert.AreEqual(File.ReadAllText(readme.Path), Text(package.GetEntry(Child(metadata, "readme").Value)!));
        Assert.IsEmpty(readme.Targets.Where(target => !target.StartsWith("https://", StringComparison.Ordinal)));
        string[] headings = Headings(readme.Prose);
        // As in the package that ours adds to, in its order.
        string[] theirs = Headings(File.ReadLines(Checkout.PackageFolders(Path.Combine(Checkout.Root, "src", Id))
            .Select(folder => Path.Combine(folder, "microsoft.ml.imageanalytics", "5.0.1", "PACKAGE.md")).First(File.Exists)));
        CollectionAssert.AreEqual(theirs.Intersect(headings).ToArray(), headings);
        CollectionAssert.IsSubsetOf(new[] { "about", "how to use", "related packages", "feedback" }, headings);

        using MLImage image = MLImage.CreateFromStream(new MemoryStream([.. Bytes(package.GetEntry(Child(metadata, "icon").Value)!)]));
        Assert.AreEqual((128, 128), (image.Width, image.Height));
    }

    [TestMethod]
    public void Symbols_are_those_of_the_assemblies()
    {
        using ZipArchive package = Package(Id), symbols = ZipFile.OpenRead(Path.Combine(Packages, $"{Id}.{_version}.snupkg"));
        foreach (string framework in _frameworks)
        {
            using var assembly = new PEReader(Bytes(package.GetEntry($"lib/{framework}/{Id}.dll")!));
            using MetadataReaderProvider pdb = MetadataReaderProvider.FromPortablePdbStream(
                new MemoryStream([.. Bytes(symbols.GetEntry($"lib/{framework}/{Id}.pdb")!)]));
            DebugDirectoryEntry[] entries = [.. assembly.ReadDebugDirectory()];
            Guid named = assembly.ReadCodeViewDebugDirectoryData(entries.Single(entry => entry.Type == DebugDirectoryEntryType.CodeView)).Guid;
            Assert.AreEqual(named, new BlobContentId(pdb.GetMetadataReader().DebugMetadataHeader!.Id).Guid);
            Assert.Contains(DebugDirectoryEntryType.Reproducible, entries.Select(entry => entry.Type), "not deterministic");
        }
    }

    private static string[] Headings(IEnumerable<string> lines) =>
        [.. lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..].Split(" &")[0].ToLowerInvariant())];

    private static ZipArchive Package(string id) => ZipFile.OpenRead(Path.Combine(Packages, $"{id}.{_version}.nupkg"));

    private static ImmutableArray<byte> Bytes(ZipArchiveEntry entry)
    {
        using Stream stored = entry.Open();
        using var bytes = new MemoryStream();
        stored.CopyTo(bytes);
        return [.. bytes.ToArray()];
    }

    private static string Text(ZipArchiveEntry entry) => new StreamReader(new MemoryStream([.. Bytes(entry)])).ReadToEnd();

    private static XElement Metadata(ZipArchive package) =>
        XDocument.Parse(Text(package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)))).Root!
            .Elements().Single();

    private static XElement Child(XElement parent, string name) => parent.Elements().Single(element => element.Name.LocalName == name);
}
