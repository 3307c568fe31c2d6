using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML.Dcgan.Tests.Build;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Tests.Notebooks;

/// <summary>The file-based apps in samples/ are what the notebooks are, and run.</summary>
[TestClass]
[TestCategory("Sdk")]
public class NotebookAppTests
{
    private static readonly string _apps = Path.Combine(Checkout.Root, "samples", "apps");

    [TestMethod]
    public void Each_notebook_is_a_file_based_app_too()
    {
        foreach (string path in Checkout.Sources("samples/notebooks", "*.ipynb"))
        {
            string name = Path.GetFileNameWithoutExtension(path), file = Path.Combine(_apps, $"{name}.cs");
            string app = NotebookApp.Of(new Notebook(path), name);
            if (NotebookTests.Stored.Length > 0)
                File.WriteAllText(file, app);
            Assert.AreEqual(app, File.ReadAllText(file),
                $"{file} is not what {path} says. With STORE_NOTEBOOKS set to its name this test writes it.");
            Assert.AreEqual("", string.Join('\n', NotebookApp.Errors(app)), file);
        }
    }

    [TestMethod]
    public void An_app_runs_and_saves_what_the_notebook_shows()
    {
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("dcgan-app-");
        try
        {
            Dictionary<string, string> replaced = new()
            {
                ["../../src/"] = Path.Combine(Checkout.Root, "src") + "/",
                ["\"../../out/from-python/"] =
                    $"@\"{Path.Combine(Checkout.Root, "test", "Microsoft.ML.Dcgan.Tests", "Reference", "interop")}/",
                ["\"../../out/from-python\""] = "\".\"",
            };
            string app = replaced.Aggregate(File.ReadAllText(Path.Combine(_apps, "from-python.cs")), (text, pair) =>
                text.Replace(pair.Key, pair.Value));
            File.WriteAllText(Path.Combine(scratch.FullName, "app.cs"), app);
            Import(scratch, Path.Combine(_apps, "Directory.Build.props"));
            Import(scratch, Path.Combine(Checkout.Root, "Directory.Packages.props"));

            Checkout.Dotnet(scratch.FullName, "run", "app.cs");
            foreach (string picture in new[] { "from-python-1.png", "from-python-2.png" })
                NotebookTests.AssertIsPicture(File.ReadAllBytes(Path.Combine(scratch.FullName, picture)));
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static void Import(DirectoryInfo folder, string properties) =>
        File.WriteAllText(Path.Combine(folder.FullName, Path.GetFileName(properties)),
            $"<Project><Import Project=\"{properties}\" /></Project>");
}
