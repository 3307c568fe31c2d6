using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.ML.Dcgan.Tests.Docs;

namespace Microsoft.ML.Dcgan.Tests.Build;

/// <summary>Packs the library, and uses the package as its users do: in new projects that know nothing else of this repository.</summary>
[TestClass]
public sealed partial class LibraryPackageTests
{
    private const string Id = "Microsoft.ML.Dcgan";
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
    }

    [ClassCleanup]
    public static void DeleteScratch() => _scratch.Delete(recursive: true);

    [TestMethod]
    public void The_package_holds_the_library_its_bridge_and_what_builds_with_it()
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(Packages, $"{Id}.{_version}.nupkg"));
        string[] files = package.Entries.Select(entry => entry.FullName)
            .Where(name => Regex.IsMatch(name, @"^(lib|build\w*|runtimes)/|\.md$")).ToArray();

        CollectionAssert.AreEquivalent(
            _frameworks.SelectMany(framework => new[] { "dll", "xml", "Bridge.dll" }.Select(ending => $"lib/{framework}/{Id}.{ending}"))
                .Concat([$"buildTransitive/{Id}.targets", "README.md"]).ToArray(),
            files);
    }

    [TestMethod]
    public void The_package_asks_for_the_packages_it_was_built_on_and_for_SkiaSharp_2()
    {
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(Packages, $"{Id}.{_version}.nupkg"));
        using Stream text = archive.GetEntry($"{Id}.nuspec")!.Open();
        XElement metadata = XDocument.Load(text).Root!.Elements().Single();
        Assert.AreEqual("MIT", Child(metadata, "license").Value);

        XElement[] groups = Child(metadata, "dependencies").Elements().ToArray();
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

    /// <summary>The README's two programs, each in a project of its own, one on .NET 10 and one with the library for .NET 8.</summary>
    [TestMethod]
    public void A_new_project_trains_as_the_readme_says_and_another_loads_the_model()
    {
        string[] programs = MarkdownPage.At("README.md").Blocks.Where(block => block.Language == "csharp")
            .Select(block => block.Code).ToArray();
        DirectoryInfo trains = NewProject("Trains", "net10.0", Shorter(programs[0]));
        DirectoryInfo loads = NewProject("Loads", "net8.0", programs[1]);
        try
        {
            Pictures.Files(Path.Combine(trains.FullName, "faces"), 5, 48, 40);
            Checkout.Dotnet(trains.FullName, "run");
            File.Move(Path.Combine(trains.FullName, "faces.zip"), Path.Combine(loads.FullName, "faces.zip"));
            Checkout.Dotnet(loads.FullName, "run");

            byte[][] faces = loads.GetFiles("*.png").Select(file => File.ReadAllBytes(file.FullName)).ToArray();
            Assert.HasCount(10, faces);
            Assert.AreEqual(10, faces.Select(Convert.ToHexString).Distinct().Count());
        }
        finally
        {
            DeleteFromCache(trains);
        }
    }

    /// <summary>The trimmer leaves what ML.NET and TorchSharp find by name.</summary>
    [TestMethod]
    public void A_trimmed_program_trains_and_loads_what_it_saved()
    {
        DirectoryInfo project = NewProject("Trimmed", "net10.0", """
            var ml = new MLContext(seed: 1);
            var images = ml.Data.LoadFromEnumerable(Directory.GetFiles(args[0]).Select(path => new ImageFile { Path = path }));
            var pipeline = ml.Transforms.LoadDcganImages("Image", imageFolder: null, "Path")
                .Append(ml.Transforms.ResizeImages("Image", imageWidth: 8, imageHeight: 8))
                .Append(ml.Transforms.Dcgan(new DcganEstimator.Options
                {
                    OutputColumnName = "Generated", ImageColumnName = "Image", Epochs = 1, GeneratorFeatureMaps = 8,
                    DiscriminatorFeatureMaps = 8, CheckpointFolder = "checkpoints", EvaluationInterval = 1,
                }));
            var model = pipeline.Fit(images);
            using var gan = model.LastTransformer;
            ml.Model.Save(model, images.Schema, "model.zip");
            using var loaded = (DcganTransformer)((TransformerChain<ITransformer>)ml.Model.Load("model.zip", out _)).LastTransformer;
            Console.WriteLine(loaded.Generate(1)[0].Pixels.SequenceEqual(gan.Generate(1)[0].Pixels) ? "the same pixels" : "other pixels");

            class ImageFile { public string Path { get; set; } = ""; }
            """, "<SelfContained>true</SelfContained><PublishTrimmed>true</PublishTrimmed>" +
            "<SuppressTrimAnalysisWarnings>true</SuppressTrimAnalysisWarnings>" +
            "<CreateHardLinksForPublishFilesIfPossible>true</CreateHardLinksForPublishFilesIfPossible>");
        try
        {
            Pictures.Files(Path.Combine(project.FullName, "faces"), 5, 12, 12);
            Checkout.Dotnet(project.FullName, "publish", "--use-current-runtime", "-o", "published", "-p:UseAppHost=true");
            StringAssert.Contains(Checkout.Run(Path.Combine(project.FullName, "published", "Trimmed"), project.FullName, "faces"), "the same pixels");
        }
        finally
        {
            DeleteFromCache(project);
        }
    }

    private static string Shorter(string program)
    {
        string once = Epochs().Replace(program, "epochs: 1, featureMaps: 8");
        Assert.AreNotEqual(program, once, "the README's program does not say for how many epochs it trains");
        return once;
    }

    private static DirectoryInfo NewProject(string name, string framework, string program, string properties = "")
    {
        DirectoryInfo folder = _scratch.CreateSubdirectory(name);
        (string torch, string version) = Checkout.Torch;
        string linked = OperatingSystem.IsWindows() ? "false" : "true";
        // An older framework's program runs on this one. What is linked is half a gigabyte of libtorch.
        File.WriteAllText(Path.Combine(folder.FullName, $"{name}.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>{framework}</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <RollForward>Major</RollForward>
                <UseAppHost>false</UseAppHost>
                <DcganOldLibstdcxx>auto</DcganOldLibstdcxx>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <CreateSymbolicLinksForCopyLocalIfPossible>{linked}</CreateSymbolicLinksForCopyLocalIfPossible>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{Id}" Version="{_version}" />
                <PackageReference Include="{torch}" Version="{version}" />
                <Using Include="Microsoft.ML;Microsoft.ML.Data;Microsoft.ML.Dcgan" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder.FullName, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{Packages}" />
              </packageSources>
            </configuration>
            """);
        File.WriteAllText(Path.Combine(folder.FullName, "Program.cs"), program);
        return folder;
    }

    private static void DeleteFromCache(DirectoryInfo project)
    {
        string assets = Path.Combine(project.FullName, "obj", "project.assets.json");
        if (!File.Exists(assets))
            return;
        foreach ((string cache, _) in JsonNode.Parse(File.ReadAllText(assets))!["packageFolders"]!.AsObject())
        {
            var package = new DirectoryInfo(Path.Combine(cache, Id.ToLowerInvariant(), _version));
            if (!package.Exists)
                continue;
            package.Delete(recursive: true);
            if (!package.Parent!.EnumerateFileSystemInfos().Any())
                package.Parent.Delete();
        }
    }

    private static XElement Child(XElement parent, string name) => parent.Elements().Single(element => element.Name.LocalName == name);

    [GeneratedRegex(@"epochs: \d+")]
    private static partial Regex Epochs();
}
