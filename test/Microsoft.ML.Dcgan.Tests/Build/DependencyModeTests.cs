using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Tests.Build;

/// <summary>What each project would reference in each mode, by MSBuild's own evaluation: the packages need not be there.</summary>
[TestClass]
public class DependencyModeTests
{
    private static readonly string[] RealPackages = ["Microsoft.ML 5.0.0", "Microsoft.ML.ImageAnalytics 5.0.0", "TorchSharp 0.106.0"];

    // What ONNX files are written with, in either mode.
    private const string ProtocolBuffers = "Google.Protobuf 3.25.1";

    [TestMethod]
    [DataRow("net8.0")]
    [DataRow("net10.0")]
    public void NugetModeReferencesTheRealPackagesAndNoStandin(string framework)
    {
        Evaluation library = Evaluate("src/Microsoft.ML.Dcgan", "nuget", $"-p:TargetFramework={framework}");

        CollectionAssert.AreEquivalent(RealPackages.Append(ProtocolBuffers).ToArray(), library.Packages);
        CollectionAssert.AreEqual(new[] { "Microsoft.ML.Dcgan.Bridge" }, library.Projects);
        Assert.AreEqual("true", library.IsPackable);
    }

    [TestMethod]
    public void TheFeedIsAskedForWhatNugetModeReferences()
    {
        CollectionAssert.AreEquivalent(RealPackages.Append("TorchSharp-cpu 0.106.0").ToArray(), Evaluate("eng/FeedProbe", "nuget").Packages);
    }

    [TestMethod]
    public void StandinModeReferencesTheStandinsAndNoRealPackage()
    {
        Evaluation library = Evaluate("src/Microsoft.ML.Dcgan", "standin", "-p:TargetFramework=net8.0");

        CollectionAssert.AreEqual(new[] { ProtocolBuffers }, library.Packages);
        CollectionAssert.AreEquivalent(
            new[]
            {
                "Microsoft.ML.Dcgan.Bridge", "Microsoft.ML.DataView", "Microsoft.ML.Core", "Microsoft.ML.Data",
                "Microsoft.ML.Transforms", "Microsoft.ML.ImageAnalytics", "TorchSharp",
            },
            library.Projects);
        Assert.AreEqual("false", library.IsPackable);
    }

    [TestMethod]
    [DataRow(null, "TorchSharp-cpu")]
    [DataRow("cpu", "TorchSharp-cpu")]
    [DataRow("cuda-linux", "TorchSharp-cuda-linux")]
    [DataRow("cuda-windows", "TorchSharp-cuda-windows")]
    public void ProgramsPickTheirTorchRuntime(string? runtime, string package)
    {
        string[] choice = runtime == null ? [] : [$"-p:TorchRuntime={runtime}"];

        foreach (string program in Programs())
        {
            string[] native = Evaluate(program, "nuget", choice).Packages.Where(name => name.StartsWith("TorchSharp")).ToArray();
            CollectionAssert.AreEqual(new[] { $"{package} 0.106.0" }, native, program);
        }
    }

    [TestMethod]
    public void OnlyTheSharedPropsKnowOfTheModes()
    {
        string[] knowing = Checkout.Sources(".", "*.*proj").Concat(Checkout.Sources(".", "*.props")).Concat(Checkout.Sources(".", "*.targets"))
            .Where(file => File.ReadAllText(file).Contains("standin", System.StringComparison.OrdinalIgnoreCase))
            .Select(file => Path.GetRelativePath(Checkout.Root, file).Replace('\\', '/'))
            .Where(file => !file.StartsWith("standin/") && file != "eng/dependencies.local.props")
            .Order().ToArray();

        CollectionAssert.AreEqual(new[] { "Directory.Build.props", "eng/Dependencies.props" }, knowing);
    }

    private static IEnumerable<string> Programs() =>
        Checkout.Sources("test", "*.csproj").Concat(Checkout.Sources("samples", "*.csproj"))
            .Append(Path.Combine(Checkout.Root, "src", "Microsoft.ML.Dcgan.Tool", "Microsoft.ML.Dcgan.Tool.csproj"))
            .Select(file => Path.GetDirectoryName(file)!);

    private static Evaluation Evaluate(string project, string mode, params string[] arguments)
    {
        string file = Directory.GetFiles(Path.Combine(Checkout.Root, project), "*.csproj").Single();
        string output = Checkout.DotnetOutput(Checkout.Root,
        [
            "msbuild", file, "-nologo", $"-p:DcganDependencies={mode}", .. arguments,
            "-getItem:PackageReference,PackageVersion,ProjectReference", "-getProperty:IsPackable",
        ]);

        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement items = document.RootElement.GetProperty("Items");
        Dictionary<string, string> versions = items.GetProperty("PackageVersion").EnumerateArray()
            .ToDictionary(item => Metadata(item, "Identity"), item => Metadata(item, "Version"));
        return new Evaluation(
            items.GetProperty("PackageReference").EnumerateArray()
                .Select(item => $"{Metadata(item, "Identity")} {versions[Metadata(item, "Identity")]}").ToArray(),
            items.GetProperty("ProjectReference").EnumerateArray().Select(item => Metadata(item, "Filename")).ToArray(),
            document.RootElement.GetProperty("Properties").GetProperty("IsPackable").GetString()!);
    }

    private static string Metadata(JsonElement item, string name) => item.GetProperty(name).GetString()!;

    private sealed record Evaluation(string[] Packages, string[] Projects, string IsPackable);
}
