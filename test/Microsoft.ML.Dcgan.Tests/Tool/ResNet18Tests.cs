using System.Text.Json.Nodes;
using Microsoft.ML.Dcgan.Tests.Build;
using Microsoft.ML.Dcgan.Tool.Pictures;

namespace Microsoft.ML.Dcgan.Tests.Tool;

/// <summary>dcgan evaluate --features resnet18, with packages that the tool does not carry.</summary>
[TestClass]
public sealed class ResNet18Tests
{
    private const string Variable = "NUGET_PACKAGES";
    private readonly ToolFolder _folder = new();
    private readonly string? _packages = Environment.GetEnvironmentVariable(Variable);

    [TestCleanup]
    public void PutBack()
    {
        Environment.SetEnvironmentVariable(Variable, _packages);
        _folder.Dispose();
    }

    [TestMethod]
    public void It_measures_what_the_documented_transforms_do()
    {
        string model = _folder.Model(), pictures = _folder.Pictures(8);

        // A process of its own, which has none of these tests' packages.
        ToolRun run = ToolRun.InProcess(null, null, "evaluate", model, "--images", pictures, "--features", "resnet18", "--json");

        Assert.AreEqual(0, run.Code, run.Errors);
        StringAssert.Contains(run.Errors, "8 real and 8 generated pictures, 512 features (what ResNet18 sees in pictures at 224x224), seed 0");
        Assert.AreEqual(512, (int)run.Json["featureSize"]!);
        var ml = new MLContext();
        using var gan = (DcganTransformer)ml.Model.Load(model, out _);
        IDataView files = ml.Data.LoadFromEnumerable(Directory.GetFiles(pictures, "*", SearchOption.AllDirectories)
            .Select(path => new FileRow { Path = path }).ToList());
        IDataView real = ml.Transforms.LoadDcganImages("Image", null, "Path", imageWidth: 12, imageHeight: 16).Fit(files).Transform(files);
        using var resNet18 = ml.Transforms.ResizeImages("Large", 224, 224, "Image").Append(ml.Transforms.ExtractPixels("Large"))
            .Append(ml.Transforms.DnnFeaturizeImage("Features",
                made => made.ModelSelector.ResNet18(ml, made.OutputColumn, made.InputColumn, Networks()), "Large")).Fit(real);
        ImageGenerationMetrics expected = ml.ImageGeneration().Evaluate(real, gan.Transform(gan.SampleNoise(8, seed: 0)),
            new ImageGenerationOptions
            {
                GeneratedColumnName = "Generated",
                FeatureExtractor = resNet18,
                Metrics = GenerationMetrics.FrechetDistance
            });
        Assert.IsGreaterThan(1, expected.FrechetDistance);
        Assert.AreEqual(expected.FrechetDistance, (double)run.Json["frechetDistance"]!, 1e-3 * expected.FrechetDistance);
    }

    [TestMethod]
    public void Where_packages_are_missing_the_command_that_gets_them_is_named()
    {
        string model = _folder.Model(), pictures = _folder.Pictures(4);
        Environment.SetEnvironmentVariable(Variable, _folder["none"]);
        ToolRun.Fails(2, ["evaluate", model, "--images", pictures, "--features", "resnet18"],
            $"--features resnet18 needs packages that are not in '{_folder["none"]}'",
            $"dotnet package download {string.Join(' ', ResNet18.Packages.Select(package => $"{package.Package}@{package.Version}"))} " +
            $"--output \"{_folder["none"]}\"");
    }

    [TestMethod]
    public void Its_packages_are_those_that_are_tested()
    {
        JsonNode resolved = JsonNode.Parse(File.ReadAllText(
            Path.Combine(Checkout.Root, "test/Microsoft.ML.Dcgan.Tests/packages.lock.json")))!["dependencies"]!["net10.0"]!;
        foreach ((string package, string version) in ResNet18.Packages)
            Assert.AreEqual((string)resolved[package]!["resolved"]!, version, package);
    }

    private string Networks() => Path.Combine(_packages ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        ".nuget", "packages"), "microsoft.ml.dnnimagefeaturizer.resnet18", ResNet18.Packages.First().Version, "tools", "DnnImageModels");
}
