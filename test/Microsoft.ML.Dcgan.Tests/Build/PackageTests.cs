using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
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

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public void ThePackageHoldsTheBridgeAndDependsOnTheRealPackagesOnly()
    {
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("dcgan-pack-");
        try
        {
            using ZipArchive package = ZipFile.OpenRead(Pack(scratch));

            string[] libraries = package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("lib/")).Order(StringComparer.Ordinal).ToArray();
            string[] expected = Frameworks
                .SelectMany(framework => new[] { "Microsoft.ML.Dcgan.Bridge.dll", "Microsoft.ML.Dcgan.dll", "Microsoft.ML.Dcgan.xml" }.Select(file => $"lib/{framework}/{file}"))
                .Order(StringComparer.Ordinal).ToArray();
            CollectionAssert.AreEqual(expected, libraries);
            Assert.IsNotNull(package.GetEntry("README.md"));

            using Stream text = package.GetEntry("Microsoft.ML.Dcgan.nuspec")!.Open();
            XElement metadata = XDocument.Load(text).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
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
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void WhatWasBuiltOnTheStandinsIsNeverPacked()
    {
        (int exitCode, string output) = Checkout.Dotnet(Checkout.Root,
            ["msbuild", Checkout.Product, "-nologo", "-t:Pack", "-p:DcganDependencies=standin", "-p:NoBuild=true"]);

        Assert.AreNotEqual(0, exitCode, output);
        StringAssert.Contains(output, "only what was built on the real packages is packed");
    }

    private string Pack(DirectoryInfo scratch)
    {
        string copy = CopySources(scratch);
        string feed = scratch.CreateSubdirectory("feed").FullName;
        string[] ml = ["Microsoft.ML.DataView", "Microsoft.ML.Core", "Microsoft.ML.Data", "Microsoft.ML.Transforms"];
        AddPackage(feed, "Google.Protobuf", "3.25.1", "Google.Protobuf");
        AddPackage(feed, "Microsoft.ML", "5.0.0", ml);
        AddPackage(feed, "Microsoft.ML.ImageAnalytics", "5.0.0", "Microsoft.ML.ImageAnalytics");
        AddPackage(feed, "TorchSharp", "0.106.0", "TorchSharp");

        string output = Path.Combine(scratch.FullName, "output");
        TestContext.WriteLine(Checkout.DotnetOutput(copy,
            [
                "pack", "src/Microsoft.ML.Dcgan", "-c", "Release", "-o", output, "-nologo", "--disable-build-servers",
                "-p:DcganDependencies=nuget",
                // The framework's reference assemblies come from where this machine's builds have them, or their feed.
                $"-p:RestoreAdditionalProjectSources={feed}", $"-p:RestoreAdditionalProjectFallbackFolders={GlobalPackages()}",
            ],
            // The make-believe packages must not reach other builds.
            ("NUGET_PACKAGES", Path.Combine(scratch.FullName, "packages"))));
        return Directory.GetFiles(output, "*.nupkg").Single();
    }

    private static string CopySources(DirectoryInfo scratch)
    {
        string copy = scratch.CreateSubdirectory("sources").FullName;
        string[] files =
        [
            .. Directory.GetFiles(Checkout.Root, "Directory.*.props"), .. Directory.GetFiles(Checkout.Root, "nuget.config"),
            Path.Combine(Checkout.Root, "README.md"), Path.Combine(Checkout.Root, ".editorconfig"),
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
