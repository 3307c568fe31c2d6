using System.Diagnostics;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Microsoft.ML.Dcgan.Tests.Docs;

namespace Microsoft.ML.Dcgan.Tests.Build;

public sealed partial class LibraryPackageTests
{
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
            "<SuppressTrimAnalysisWarnings>true</SuppressTrimAnalysisWarnings>" + Linked);
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

    /// <summary>A web service that is published as a single file, compiled ahead of time.</summary>
    [TestMethod]
    public void A_published_web_service_answers_with_the_models_picture()
    {
        DirectoryInfo project = NewProject("Web", "net10.0", """
            using var gan = (DcganTransformer)new MLContext().Model.Load("model.zip", out _);
            WebApplication app = WebApplication.Create(args);
            app.MapGet("/{seed:int}.png", (int seed) => Results.Bytes(gan.Generate(1, seed)[0].ToPng(), "image/png"));
            app.Run();
            """, $"<SelfContained>false</SelfContained><PublishSingleFile>true</PublishSingleFile>{Linked}" +
            "<PublishReadyToRun>true</PublishReadyToRun>", "Microsoft.NET.Sdk.Web");
        try
        {
            var ml = new MLContext(seed: 1);
            using DcganTransformer gan = Pictures.SmallModel(ml);
            ml.Model.Save(gan, gan.SampleNoise(1).Schema, Path.Combine(project.FullName, "model.zip"));
            Checkout.Dotnet(project.FullName, "publish", "--use-current-runtime", "-o", "published", "-p:UseAppHost=true");

            string published = Path.Combine(project.FullName, "published");
            Assert.IsEmpty(Directory.GetFiles(published, "Microsoft.ML*.dll"));
            using (var compiled = new PEReader(File.OpenRead(
                project.GetFiles($"{Id}.dll", SearchOption.AllDirectories).Single(file => file.Directory!.Name == "R2R").FullName)))
            {
                Assert.AreNotEqual(0, compiled.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size);
            }
            CollectionAssert.AreEqual(gan.Generate(1, seed: 7)[0].ToPng(), Get(Path.Combine(published, "Web"), project.FullName, "7.png"));
        }
        finally
        {
            DeleteFromCache(project);
        }
    }

    [TestMethod]
    public void The_template_makes_a_program_that_trains_on_a_folder()
    {
        // Nothing is to stay installed for the user.
        string hive = Path.Combine(_scratch.FullName, "hive"), package = Path.Combine(Packages, $"{TemplatesId}.{_version}.nupkg");
        DirectoryInfo project = _scratch.CreateSubdirectory("Faces");
        void New(params string[] arguments) => Checkout.Dotnet(project.FullName, ["new", .. arguments, "--debug:custom-hive", hive]);
        New("install", package);
        New("dcgan", "--size", "9", "--grey", "--epochs", "2", "--no-update-check");
        try
        {
            UseFeed(project);
            Assert.AreEqual("Faces.csproj", project.GetFiles("*.csproj").Single().Name);
            StringAssert.Contains(File.ReadAllText(Path.Combine(project.FullName, "README.md")), "# Faces");
            Pictures.Files(Path.Combine(project.FullName, "pictures"), 5, 12, 12);
            Checkout.Dotnet(project.FullName, ["run", .. OperatingSystem.IsWindows() ? Array.Empty<string>()
                : ["-p:CreateSymbolicLinksForCopyLocalIfPossible=true"]]);

            using var gan = (DcganTransformer)new MLContext().Model.Load(Path.Combine(project.FullName, "model.zip"), out _);
            Assert.AreEqual((9, 9, 1), (gan.ImageWidth, gan.ImageHeight, gan.Channels));
            Assert.AreEqual((5L, 2), (gan.Summary.Images, gan.Summary.Epochs));
            byte[] drawn = File.ReadAllBytes(Path.Combine(project.FullName, "generated.png"));
            new ImageGrid(gan.Generate(64, seed: 7)).Save(Path.Combine(project.FullName, "again.png"));
            CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(project.FullName, "again.png")), drawn);
        }
        finally
        {
            DeleteFromCache(project);
        }
    }

    private static string Linked => "<CreateHardLinksForPublishFilesIfPossible>true</CreateHardLinksForPublishFilesIfPossible>";

    private static string Shorter(string program)
    {
        string once = Epochs().Replace(program, "epochs: 1, featureMaps: 8");
        Assert.AreNotEqual(program, once, "the README's program does not say for how many epochs it trains");
        return once;
    }

    private static DirectoryInfo NewProject(string name, string framework, string program, string properties = "",
        string sdk = "Microsoft.NET.Sdk")
    {
        DirectoryInfo folder = _scratch.CreateSubdirectory(name);
        (string torch, string version) = Checkout.Torch;
        string linked = OperatingSystem.IsWindows() ? "false" : "true";
        // An older framework's program runs on this one. What is linked is half a gigabyte of libtorch.
        File.WriteAllText(Path.Combine(folder.FullName, $"{name}.csproj"), $"""
            <Project Sdk="{sdk}">
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
        UseFeed(folder);
        File.WriteAllText(Path.Combine(folder.FullName, "Program.cs"), program);
        return folder;
    }

    private static void UseFeed(DirectoryInfo project) => File.WriteAllText(Path.Combine(project.FullName, "nuget.config"), $"""
        <configuration>
          <packageSources>
            <add key="packed" value="{Packages}" />
          </packageSources>
        </configuration>
        """);

    /// <summary>What a web service answers, which is started for it.</summary>
    private static byte[] Get(string program, string folder, string path)
    {
        using Process service = Process.Start(Checkout.Start(program, folder, "--urls", "http://127.0.0.1:0"))!;
        try
        {
            Match address = Match.Empty;
            while (!address.Success && service.StandardOutput.ReadLine() is { } line)
                address = Regex.Match(line, @"http://127\.0\.0\.1:\d+");
            if (!address.Success)
                Assert.Fail(service.StandardError.ReadToEnd());
            using var client = new HttpClient();
            return client.GetByteArrayAsync($"{address}/{path}").Result;
        }
        finally
        {
            service.Kill();
        }
    }

    private static void DeleteFromCache(DirectoryInfo project)
    {
        if (!File.Exists(Path.Combine(project.FullName, "obj", "project.assets.json")))
            return;
        foreach (string cache in Checkout.PackageFolders(project.FullName))
        {
            var package = new DirectoryInfo(Path.Combine(cache, Id.ToLowerInvariant(), _version));
            if (!package.Exists)
                continue;
            package.Delete(recursive: true);
            if (!package.Parent!.EnumerateFileSystemInfos().Any())
                package.Parent.Delete();
        }
    }

    [GeneratedRegex(@"epochs: \d+")]
    private static partial Regex Epochs();
}
