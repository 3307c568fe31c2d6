using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tests.Build;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Tests.Notebooks;

/// <summary>
/// Runs every cell of the notebooks in samples/ in the kernel, on a few small pictures. Those that the environment variable
/// STORE_NOTEBOOKS names ("first-model,balancing") run as they are instead, and what they print and show is stored.
/// </summary>
[TestClass]
[TestCategory("Sdk")]
public class NotebookTests
{
    private static readonly Lazy<KernelPackages> _packages = new(() => new KernelPackages());

    private static TimeSpan Patience => Stored.Length > 0 ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(2);

    /// <summary>The notebooks that are stored.</summary>
    internal static string[] Stored { get; } = (Environment.GetEnvironmentVariable("STORE_NOTEBOOKS") ?? "")
        .Split(',', StringSplitOptions.RemoveEmptyEntries);

    [ClassCleanup]
    public static void DeletePackages()
    {
        if (_packages.IsValueCreated)
            _packages.Value.Dispose();
    }

    [TestMethod]
    [DataRow("first-model", 2, 0, "folder = \"{pictures}\"; size = 8; epochs = 2; batchSize = 3;")]
    [DataRow("own-pictures", 3, 1,
        "folder = \"{pictures}\"; pattern = \"*.png\"; size = 8; epochs = 2; batchSize = 3; output = \"{output}\";")]
    [DataRow("latent-space", 6, 1, "model = \"{model}\"; picturesFolder = \"{pictures}\"; searchSteps = 3;")]
    [DataRow("balancing", 1, 0, "data = \"{garments}\"; common = 4; few = 2; epochs = 1; tested = 50;")]
    [DataRow("from-python", 2, 0, "generatorFile = \"{reference}/netG.pth\"; discriminatorFile = \"{reference}/netD.pth\"; output = \"{output}\";")]
    public async Task Every_cell_runs_and_shows_what_it_should(string name, int pictures, int animations, string settings)
    {
        Needs.NotebookKernel();
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("dcgan-notebook-");
        try
        {
            var files = new NotebookFiles(scratch);
            string reference = Path.Combine(Checkout.Root, "test", "Microsoft.ML.Dcgan.Tests", "Reference", "interop");
            settings = settings.Replace("{reference}", reference).Replace("{pictures}", files.Pictures).Replace("{model}", files.Model)
                .Replace("{garments}", files.Garments).Replace("{output}", files.Output);
            var notebook = new Notebook(Path.Combine(Checkout.Root, "samples", "notebooks", $"{name}.ipynb"));
            IReadOnlyList<string> shown = await Run(notebook, Stored.Contains(name) ? null : settings);
            Assert.AreEqual((pictures, animations), (shown.Count(type => type == "image/png"), shown.Count(type => type == "image/gif")),
                string.Join(", ", shown));
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    [TestMethod]
    public async Task The_kernel_shows_what_the_library_makes()
    {
        Needs.NotebookKernel();
        using NotebookKernel kernel = await KernelWithRows();
        await kernel.Run("""
            var gan = ml.Transforms.Dcgan("Generated", imageColumnName: "Pixels", epochs: 1, batchSize: 3, featureMaps: 4).Fit(rows);
            """);
        foreach ((string value, string type, string contents) in new[]
        {
            ("new ImageGrid(gan.Generate(4))", "image/png", ""),
            ("new ImageAnimation(gan.Generate(4))", "image/gif", ""),
            ("gan.Generate(1)[0]", "image/png", ""),
            ("gan.Generate(3)", "image/png", ""),
            ("gan.Transform(gan.SampleNoise(3)).GetColumn<MLImage>(\"Generated\")", "image/png", ""),
            ("gan.Generate(1)[0].ToMLImage()", "image/png", ""),
            ("new TrainingCurves(gan.Summary)", "text/html", "<svg"),
            ("gan", "text/html", "src=\"data:image/png;base64,"),
            ("gan.Summary", "text/html", "Trained on 6 images"),
            ("ml.ImageGeneration().Evaluate(rows, rows, new ImageGenerationOptions { RealColumnName = \"Pixels\", GeneratedColumnName = \"Pixels\" })", "text/html", "<table"),
        })
        {
            IReadOnlyDictionary<string, string> shown = (await kernel.Run(value)).Shown.Single();
            CollectionAssert.AreEqual(new[] { type }, shown.Keys.ToArray(), value);
            StringAssert.Contains(shown[type], contents, value);
            if (contents.Length == 0)
                AssertIsPicture(shown[type]);
        }
    }

    [TestMethod]
    public async Task A_training_shows_itself_in_its_cell()
    {
        Needs.NotebookKernel();
        using NotebookKernel kernel = await KernelWithRows();
        await kernel.Run("""
            var options = new DcganEstimator.Options { OutputColumnName = "Generated", ImageColumnName = "Pixels", Epochs = 4, BatchSize = 3, GeneratorFeatureMaps = 4, DiscriminatorFeatureMaps = 4, ProgressInterval = 1, SampleInterval = 6 };
            options.ShowLive();
            """);
        IReadOnlyList<IReadOnlyDictionary<string, string>> shown =
            (await kernel.Run("var gan = ml.Transforms.Dcgan(options).Fit(rows);")).Shown;

        // One of each is shown, and replaced as it goes on.
        Assert.HasCount(2, shown);
        AssertIsPicture(shown.Single(values => values.ContainsKey("image/png"))["image/png"]);
        StringAssert.Contains(shown.Single(values => values.ContainsKey("text/html"))["text/html"], "<svg");
        Assert.IsGreaterThan(5, kernel.Updates);
    }

    [TestMethod]
    public void Notebooks_fetch_the_versions_that_this_build_has()
    {
        IReadOnlyDictionary<string, string> built = Checkout.PackageVersions();
        foreach (string path in Checkout.Sources("samples/notebooks", "*.ipynb"))
        {
            string[] expected = new[] { "Microsoft.ML.Dcgan", "TorchSharp-cpu" }.Select(name => $"#r \"nuget: {name}, {built[name]}\"")
                .ToArray();
            CollectionAssert.AreEqual(expected, new Notebook(path).Code.First().Source.Split('\n'), path);
        }
    }

    [TestMethod]
    public void NotebooksAreInCSharpAndStoredWithTheirPictures()
    {
        string[] notebooks = Checkout.Sources("samples/notebooks", "*.ipynb").ToArray();
        Assert.AreNotEqual(0, notebooks.Length);

        foreach (string path in notebooks)
        {
            var notebook = new Notebook(path);
            Assert.AreEqual("C#", notebook.Language, path);
            string[] pictures = notebook.Code.SelectMany(cell => cell.Stored("image/png")).ToArray();
            Assert.AreNotEqual(0, pictures.Length, path);
            foreach (string picture in pictures)
                AssertIsPicture(picture);
        }
    }

    // A kernel that has this library, a context "ml" and six pictures of 8x8x3, "rows".
    private static async Task<NotebookKernel> KernelWithRows()
    {
        var kernel = new NotebookKernel(_packages.Value, Checkout.Root, Patience);
        await kernel.Run(KernelPackages.Named(
            new Notebook(Checkout.Sources("samples/notebooks", "first-model.ipynb").Single()).Code.First().Source));
        await kernel.Run("""
            using Microsoft.ML;
            using Microsoft.ML.Data;
            using Microsoft.ML.Dcgan;
            var ml = new MLContext(seed: 1);
            public class Row { [VectorType(3, 8, 8)] public float[] Pixels { get; set; } = []; }
            var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 6).Select(i => new Row { Pixels = Enumerable.Range(0, 192).Select(j => MathF.Sin(i + j)).ToArray() }));
            """);
        return kernel;
    }

    /// <summary>Runs all cells and returns the MIME types of what they showed. Without other settings, stores it.</summary>
    private static async Task<IReadOnlyList<string>> Run(Notebook notebook, string? settings)
    {
        using var kernel = new NotebookKernel(_packages.Value, notebook.Folder, Patience);
        var types = new List<string>();
        int number = 0;
        foreach (Notebook.Cell cell in notebook.Code)
        {
            (string printed, IReadOnlyList<IReadOnlyDictionary<string, string>> shown) =
                await kernel.Run(KernelPackages.Named(cell.Source));
            if (cell.FetchesPackages)
                shown = [];
            foreach ((string type, string value) in shown.SelectMany(values => values))
            {
                if (type.StartsWith("image/", StringComparison.Ordinal))
                    AssertIsPicture(value);
                types.Add(type);
            }
            if (settings == null)
                cell.Store(++number, printed, shown);
            else if (cell.HoldsParameters)
                await kernel.Run(settings);
        }
        if (settings == null)
            notebook.Save();
        return types;
    }

    private static void AssertIsPicture(string base64) => AssertIsPicture(Convert.FromBase64String(base64));

    internal static void AssertIsPicture(byte[] file)
    {
        using MLImage image = MLImage.CreateFromStream(new MemoryStream(file));
        Assert.IsTrue(image.Width >= 8 && image.Height >= 8, $"{image.Width}x{image.Height}");
    }
}
