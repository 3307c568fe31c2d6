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
/// they are instead and stores what they print and show: how their outputs were made.
/// </summary>
[TestClass]
[DoNotParallelize]
public class NotebookTests
{
    private static readonly bool _store = Environment.GetEnvironmentVariable("STORE_NOTEBOOKS") is { Length: > 0 };

    [TestMethod]
    public async Task TheFirstModelRunsAndShowsPictures()
    {
        var notebook = new Notebook(Path.Combine(Checkout.Root, "samples", "notebooks", "first-model.ipynb"));
        DirectoryInfo pictures = Directory.CreateTempSubdirectory("dcgan-notebook-");
        string folder = Environment.CurrentDirectory;
        Environment.CurrentDirectory = notebook.Folder;
        try
        {
            for (int i = 0; i < 6; i++)
                SavePicture(Path.Combine(pictures.FullName, $"{i}.png"), i);

            int shown = await Run(notebook, $"folder = @\"{pictures.FullName}\"; size = 8; epochs = 2; batchSize = 3;");
            Assert.AreEqual(2, shown);
        }
        finally
        {
            Environment.CurrentDirectory = folder;
            pictures.Delete(recursive: true);
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
            if (shown.TryGetValue("image/png", out string? picture))
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
        Assert.IsTrue(image.Width > 8 && image.Height > 8, $"{image.Width}x{image.Height}");
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
