using System.Diagnostics;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Samples.Demo;

namespace Microsoft.ML.Dcgan.Tests.Samples;

/// <summary>The demo as a process of its own, small enough to take seconds.</summary>
[TestClass]
public class DemoTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("demo").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Run_LeavesAllThatItNames_AndASecondProcessDrawsTheSame()
    {
        (int code, string output) = Run("--count", "70", "--epochs", "1", "--size", "16");

        Assert.AreEqual(0, code, output);
        StringAssert.Contains(output, "Check passed");
        foreach (string name in (string[])["samples.png", "real.png", "training.gif", "report.html", "faces.zip", "reloaded.png"])
        {
            StringAssert.Contains(output, Path.Combine(_folder, name));
            Assert.IsTrue(File.Exists(Path.Combine(_folder, name)), name);
        }
        string[] pictures = Directory.GetFiles(Path.Combine(_folder, "images"), "*.png");
        Assert.HasCount(70, pictures);
        Assert.AreEqual("00000.png", Path.GetFileName(pictures.Order().First()));
    }

    [TestMethod]
    public void Run_TrainsOnTheUsersPictures_AndLeavesThemAsTheyAre()
    {
        string images = Path.Combine(_folder, "mine");
        Directory.CreateDirectory(images);
        foreach ((int i, MLImage face) in CartoonFaces.Draw(5).Index())
        {
            using (face)
                face.Save(Path.Combine(images, $"{i}.png"));
        }

        (int code, string output) = Run("--images", images, "--epochs", "2", "--size", "16x8");

        Assert.AreEqual(0, code, output);
        Assert.HasCount(5, Directory.GetFiles(images));
        Assert.IsTrue(File.Exists(Path.Combine(_folder, "pictures.zip")), output);
    }

    [TestMethod]
    [DataRow("images/00000.png", "has files that the demo did not make")]
    [DataRow("run.json", "has a training of dcgan")]
    public void Run_LeavesWhatItDidNotMakeAlone(string file, string expected)
    {
        string own = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(own)!);
        File.WriteAllText(own, "mine");

        (int code, string output) = Run("--count", "8", "--epochs", "1", "--size", "16");

        Assert.AreEqual(2, code, output);
        StringAssert.Contains(output, expected);
        Assert.AreEqual("mine", File.ReadAllText(own));
    }

    [TestMethod]
    [DataRow("no folder", "--images", "/no/such/folder")]
    [DataRow("is not known here", "--faces")]
    [DataRow("--size takes", "--size", "3")]
    [DataRow("--count takes", "--count", "0")]
    [DataRow("leave one out", "--images", ".", "--fashion-mnist", ".")]
    [DataRow("are both", "--images", ".", "--out", ".")]
    [DataRow("no train-images-idx3-ubyte.gz", "--fashion-mnist", "/no/such/folder")]
    public void Run_RefusesInALine(string expected, params string[] arguments)
    {
        (int code, string output) = Run(arguments);

        Assert.AreEqual(2, code, output);
        string line = output.Split('\n', StringSplitOptions.TrimEntries)
            .Single(line => line.StartsWith("demo: ", StringComparison.Ordinal));
        StringAssert.Contains(line, expected);
        Assert.DoesNotContain("   at ", output);
    }

    [TestMethod]
    public void Run_SaysThatResultsCannotBeWritten()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");

        (int code, string output) = Run("--out", file);

        Assert.AreEqual(1, code, output);
        StringAssert.Contains(output, $"demo: no results can be written to '{file}'");
    }

    [TestMethod]
    public void Difference_NamesThePictureThatDiffersMost()
    {
        string one = Grid("one.png", -1), other = Grid("other.png", 10);

        Assert.IsNull(SampleGrid.Difference(one, one, 64, 64));
        StringAssert.Contains(SampleGrid.Difference(one, other, 64, 64),
            "1 of 64 pictures differ, most of all the one in row 2, column 3: by up to ");
    }

    // The first 64 faces; in one place there may be another.
    private string Grid(string name, int changed)
    {
        string path = Path.Combine(_folder, name);
        MLImage[] faces = [.. CartoonFaces.Draw(65)];
        new ImageGrid(faces.Take(64).Select((face, i) => i == changed ? faces[64] : face), columns: 8).Save(path);
        foreach (MLImage face in faces)
            face.Dispose();
        return path;
    }

    private (int ExitCode, string Output) Run(params string[] arguments)
    {
        // Beside this program's own output, in the same configuration.
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        string root = own.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        string program = Path.Combine(root, "samples", "Demo", "bin", own.Parent.Name, own.Name, "Demo.dll");
        IEnumerable<string> output = arguments.Contains("--out") ? [] : ["--out", _folder];
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [program, .. arguments, .. output])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // On as many threads as users have.
        start.Environment.Remove("OMP_NUM_THREADS");
        using Process process = Process.Start(start)!;
        Task<string> results = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return (process.ExitCode, results.Result + errors.Result);
    }
}
