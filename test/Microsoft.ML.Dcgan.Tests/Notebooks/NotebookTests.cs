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
/// Runs every cell of the notebooks in samples/, on a few small pictures. With the environment variable STORE_NOTEBOOKS set, runs them as
/// they are instead and stores what they print and show, and each as an app: how their outputs and samples/apps were made.
/// </summary>
[TestClass]
[DoNotParallelize]
public class NotebookTests
{
    private static readonly bool _store = Environment.GetEnvironmentVariable("STORE_NOTEBOOKS") is { Length: > 0 };

    [TestMethod]
    [DataRow("first-model", 2, "folder = PICTURES; size = 8; epochs = 2; batchSize = 3;")]
    [DataRow("own-pictures", 4, "folder = PICTURES; pattern = \"*.png\"; size = 8; epochs = 2; batchSize = 3; output = OUTPUT;")]
    [DataRow("latent-space", 7, "model = MODEL; picturesFolder = PICTURES; searchSteps = 3;")]
    [DataRow("balancing", 1, "common = 4; few = 2; epochs = 1; classifierSteps = 2; tested = 50;")]
    [DataRow("from-python", 2, "generatorFile = REFERENCE/netG.pth\"; discriminatorFile = REFERENCE/netD.pth\"; output = OUTPUT;")]
    public async Task Every_cell_runs_and_shows_what_it_should(string name, int shown, string settings)
    {
        var notebook = new Notebook(Path.Combine(Checkout.Root, "samples", "notebooks", $"{name}.ipynb"));
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("dcgan-notebook-");
        string folder = Environment.CurrentDirectory;
        Environment.CurrentDirectory = notebook.Folder;
        try
        {
            string pictures = scratch.CreateSubdirectory("pictures").FullName, model = Path.Combine(scratch.FullName, "model.zip");
            for (int i = 0; i < 6; i++)
                SavePicture(Path.Combine(pictures, $"{i}.png"), i);
            SaveModel(model);

            string output = scratch.CreateSubdirectory("output").FullName, reference = Path.Combine(Checkout.Root, "test", "Microsoft.ML.Dcgan.Tests", "Reference", "interop");

            settings = settings.Replace("REFERENCE", $"@\"{reference}").Replace("PICTURES", $"@\"{pictures}\"").Replace("MODEL", $"@\"{model}\"").Replace("OUTPUT", $"@\"{output}\"");
            Assert.AreEqual(shown, await Run(notebook, settings));
        }
        finally
        {
            Environment.CurrentDirectory = folder;
            scratch.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void Each_notebook_is_a_file_based_app_too()
    {
        foreach (string path in Checkout.Sources("samples/notebooks", "*.ipynb"))
        {
            string name = Path.GetFileNameWithoutExtension(path), file = Path.Combine(Checkout.Root, "samples", "apps", $"{name}.cs");
            string app = NotebookApp.Of(new Notebook(path), name);
            if (_store)
                File.WriteAllText(file, app);
            Assert.AreEqual(app, File.ReadAllText(file), $"{file} is not what {path} says. With STORE_NOTEBOOKS=1 this test writes it.");
            Assert.AreEqual("", string.Join('\n', NotebookApp.Errors(app)), file);
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

    /// <summary>Runs all cells, the settings replaced, and returns how many pictures they showed.</summary>
    private static async Task<int> Run(Notebook notebook, string settings)
    {
        var kernel = new NotebookKernel();
        int pictures = 0, number = 0;
        foreach (Notebook.Cell cell in notebook.Code)
        {
            (string printed, IReadOnlyDictionary<string, string> shown) = await kernel.Run(cell.Source);
            if (shown.TryGetValue("image/png", out string? picture) || shown.TryGetValue("image/gif", out picture))
            {
                AssertIsPicture(picture);
                pictures++;
            }
            if (_store)
                cell.Store(++number, printed, shown);
            else if (cell.HoldsParameters)
                await kernel.Run(settings);
        }
        if (_store)
            notebook.Save();
        return pictures;
    }

    private static void AssertIsPicture(string base64)
    {
        using MLImage image = MLImage.CreateFromStream(new MemoryStream(Convert.FromBase64String(base64)));
        Assert.IsTrue(image.Width >= 8 && image.Height >= 8, $"{image.Width}x{image.Height}");
    }

    private static void SaveModel(string path)
    {
        var ml = new MLContext(seed: 1);
        using DcganTransformer gan = ml.Transforms.Dcgan("Generated", imageColumnName: "Pixels", epochs: 1, featureMaps: 4).Fit(Pictures.View(ml, 4, 8, 8, 3));
        ml.Model.Save(gan, gan.SampleNoise(1).Schema, path);
    }

    private static void SavePicture(string path, int seed)
    {
        var pixels = new byte[10 * 10 * 4];
        new Random(seed).NextBytes(pixels);
        for (int alpha = 3; alpha < pixels.Length; alpha += 4)
            pixels[alpha] = 255;
        using MLImage image = MLImage.CreateFromPixels(10, 10, MLPixelFormat.Rgba32, pixels);
        image.Save(path);
    }
}
