using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Tests.Build;

/// <summary>
/// Packs the library in nuget mode, in a copy of the sources. The feed is a folder whose packages have the real ones' names and versions
/// and hold the assemblies that these tests run on, so that the restore succeeds wherever the tests do.
/// </summary>
[TestClass]
public class PackageTests
{
    private static readonly string[] Frameworks = ["net8.0", "net10.0"];

    private static DirectoryInfo _scratch = null!;

    [ClassInitialize]
    public static void Pack(TestContext context)
    {
        _scratch = Directory.CreateTempSubdirectory("dcgan-pack-");
        string copy = CopySources(), feed = MakeFeed();
        foreach (string project in new[] { "src/Microsoft.ML.Dcgan", "src/Microsoft.ML.Dcgan.Tool" })
        {
            context.WriteLine(Checkout.DotnetOutput(copy,
                [
                    "pack", project, "-c", "Release", "-o", Packages, "-nologo", "--disable-build-servers",
                    "-p:DcganDependencies=nuget",
                    // The framework's reference assemblies come from where this machine's builds have them, or their feed.
                    $"-p:RestoreAdditionalProjectSources={feed}", $"-p:RestoreAdditionalProjectFallbackFolders={GlobalPackages()}",
                ],
                // The make-believe packages must not reach other builds.
                ("NUGET_PACKAGES", Path.Combine(_scratch.FullName, "packages"))));
        }
    }

    [ClassCleanup]
    public static void DeleteScratch() => _scratch.Delete(recursive: true);

    private static string Packages => Path.Combine(_scratch.FullName, "output");

    [TestMethod]
    public void ThePackageHoldsTheBridgeAndDependsOnTheRealPackagesOnly()
    {
        using ZipArchive package = Open("Microsoft.ML.Dcgan");

        string[] libraries = package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("lib/")).Order(StringComparer.Ordinal).ToArray();
        string[] expected = Frameworks
            .SelectMany(framework => new[] { "Microsoft.ML.Dcgan.Bridge.dll", "Microsoft.ML.Dcgan.dll", "Microsoft.ML.Dcgan.xml" }.Select(file => $"lib/{framework}/{file}"))
            .Order(StringComparer.Ordinal).ToArray();
        CollectionAssert.AreEqual(expected, libraries);
        Assert.IsNotNull(package.GetEntry("README.md"));

        XElement metadata;
        using (Stream text = package.GetEntry("Microsoft.ML.Dcgan.nuspec")!.Open())
            metadata = XDocument.Load(text).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        Assert.AreEqual("MIT", Child(metadata, "license").Value);

        XElement[] groups = Child(metadata, "dependencies").Elements().ToArray();
        CollectionAssert.AreEquivalent(Frameworks, groups.Select(group => group.Attribute("targetFramework")!.Value).ToArray());
        foreach (XElement group in groups)
        {
            CollectionAssert.AreEquivalent(
                new[] { "Google.Protobuf 3.25.1", "Microsoft.ML 5.0.0", "Microsoft.ML.ImageAnalytics 5.0.0", "TorchSharp 0.106.0" },
                group.Elements().Select(dependency => $"{dependency.Attribute("id")!.Value} {dependency.Attribute("version")!.Value}").ToArray());
        }
    }

    [TestMethod]
    public void TheToolIsPackedAsTheCommandDcganWithAllThatItNeeds()
    {
        using ZipArchive package = Open("Microsoft.ML.Dcgan.Tool");

        const string Folder = "tools/net10.0/any/";
        string[] files = package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith(Folder)).Select(name => name[Folder.Length..]).ToArray();
        string[] needed = ["Microsoft.ML.Dcgan.Tool.dll", "Microsoft.ML.Dcgan.dll", "Microsoft.ML.Dcgan.Bridge.dll", "System.CommandLine.dll", "Spectre.Console.dll", "TorchSharp.dll"];
        CollectionAssert.IsSubsetOf(needed, files);
        using Stream text = package.GetEntry(Folder + "DotnetToolSettings.xml")!.Open();
        XElement command = XDocument.Load(text).Descendants("Command").Single();
        Assert.AreEqual(("dcgan", "Microsoft.ML.Dcgan.Tool.dll"), (command.Attribute("Name")!.Value, command.Attribute("EntryPoint")!.Value));
    }

    [TestMethod]
    public void WhatWasBuiltOnTheStandinsIsNeverPacked()
    {
        (int exitCode, string output) = Checkout.Dotnet(Checkout.Root,
            ["msbuild", Checkout.Product, "-nologo", "-t:Pack", "-p:DcganDependencies=standin", "-p:NoBuild=true"]);

        Assert.AreNotEqual(0, exitCode, output);
        StringAssert.Contains(output, "only what was built on the real packages is packed");
    }

    // The tool's name begins with the library's.
    private static ZipArchive Open(string id) =>
        ZipFile.OpenRead(Directory.GetFiles(Packages, "*.nupkg").Single(file => Regex.IsMatch(Path.GetFileName(file), $@"^{id}\.\d")));

    private static string MakeFeed()
    {
        string feed = _scratch.CreateSubdirectory("feed").FullName;
        string[] ml = ["Microsoft.ML.DataView", "Microsoft.ML.Core", "Microsoft.ML.Data", "Microsoft.ML.Transforms"];
        AddPackage(feed, "Google.Protobuf", "3.25.1", "Google.Protobuf");
        AddPackage(feed, "Microsoft.ML", "5.0.0", ml);
        AddPackage(feed, "Microsoft.ML.ImageAnalytics", "5.0.0", "Microsoft.ML.ImageAnalytics");
        AddPackage(feed, "TorchSharp", "0.106.0", "TorchSharp");
        AddPackage(feed, "TorchSharp-cpu", "0.106.0");
        return feed;
    }

    private static string CopySources()
    {
        string copy = _scratch.CreateSubdirectory("sources").FullName;
        string[] files =
        [
            .. Directory.GetFiles(Checkout.Root, "Directory.*.props"), .. Directory.GetFiles(Checkout.Root, "nuget.config"),
            Path.Combine(Checkout.Root, "README.md"), Path.Combine(Checkout.Root, "docs", "command-line.md"), Path.Combine(Checkout.Root, ".editorconfig"),
            .. Checkout.Sources("src", "*"), .. Checkout.Sources("eng", "*.props"),
        ];
        foreach (string file in files)
        {
            string target = Path.Combine(copy, Path.GetRelativePath(Checkout.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return copy;
    }

    private static void AddPackage(string feed, string id, string version, params string[] assemblies)
    {
        using ZipArchive package = ZipFile.Open(Path.Combine(feed, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using (var nuspec = new StreamWriter(package.CreateEntry($"{id}.nuspec").Open()))
        {
            nuspec.Write($"""
                <package><metadata>
                  <id>{id}</id><version>{version}</version><authors>test</authors><description>test</description>
                  <dependencies><group targetFramework="net8.0" /></dependencies>
                </metadata></package>
                """);
        }
        foreach (string assembly in assemblies)
            package.CreateEntryFromFile(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"), $"lib/net8.0/{assembly}.dll");
    }

    private static string GlobalPackages()
    {
        string output = Checkout.DotnetOutput(Checkout.Root, ["nuget", "locals", "global-packages", "--list"]);
        return output[(output.IndexOf(':') + 1)..].Trim();
    }

    private static XElement Child(XElement parent, string name) => parent.Elements().Single(element => element.Name.LocalName == name);
}
