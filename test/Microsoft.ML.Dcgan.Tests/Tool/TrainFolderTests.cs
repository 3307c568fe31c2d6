using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tool;
using Microsoft.ML.Dcgan.Tool.Pictures;

namespace Microsoft.ML.Dcgan.Tests.Tool;

/// <summary>What <c>dcgan train FOLDER</c> chooses where nothing is asked for.</summary>
[TestClass]
public sealed class TrainFolderTests
{
    private readonly ToolFolder _folder = new();
    private readonly string _before = Environment.CurrentDirectory;

    [TestInitialize]
    public void GoThere() => Environment.CurrentDirectory = Directory.CreateDirectory(_folder["here"]).FullName;

    [TestCleanup]
    public void GoBack()
    {
        Environment.CurrentDirectory = _before;
        _folder.Dispose();
    }

    [TestMethod]
    public void A_folder_is_enough()
    {
        Pictures.Files(_folder["here/my photos"], 6, 20, 20);
        ToolRun planned = ToolRun.Done("train", "my photos", "--dry-run", "--json");
        Assert.AreEqual((20, 20, 3), ((int)planned.Json["width"]!, (int)planned.Json["height"]!, (int)planned.Json["channels"]!));
        Assert.AreEqual("0", (string)planned.Json["options"]!["--epochs"]!);
        Assert.IsFalse(Directory.Exists("my photos-model"));

        string[] train = ["train", "my photos", "--epochs", "1", "--json", .. ToolRun.Small];
        ToolRun first = ToolRun.Done(train);
        Assert.AreEqual(Path.GetFullPath("my photos-model/model.zip"), (string)first.Json["model"]!);
        Assert.AreEqual(Path.GetFullPath("my photos-model-2/model.zip"), (string)ToolRun.Done(train).Json["model"]!);
    }

    [TestMethod]
    public void It_ends_with_command_lines_that_work()
    {
        Pictures.Files(_folder["here/my photos"], 6, 20, 20);
        string[] lines = ToolRun.Done(["train", "my photos", "--epochs", "1", .. ToolRun.Small]).Output.Split('\n');
        string[] next = [.. lines.SkipWhile(line => line != "What next:").Where(line => line.Contains("  dcgan "))];
        Assert.HasCount(4, next);
        foreach (string[] words in next.Select(line => Words(line.Split("  dcgan ")[1])))
        {
            if (words[0] == "serve")
                Assert.AreEqual(ExitCode.Interrupted, ServedModel.Once(words[1]).Code);
            else
                ToolRun.Done(words);
        }
        foreach (string made in new[] { "pictures/00063.png", "evaluation.html", "loop.gif" })
            Assert.IsTrue(File.Exists(made), made);
    }

    [TestMethod]
    public void Grey_pictures_are_trained_on_in_grey()
    {
        Directory.CreateDirectory("grey");
        for (int i = 0; i < 4; i++)
            Save($"grey/{i}.png", i, 24, 16, isGrey: true);
        JsonNode grey = ToolRun.Done("train", "grey", "--dry-run", "--json").Json;
        Assert.AreEqual((16, 24, 1), ((int)grey["width"]!, (int)grey["height"]!, (int)grey["channels"]!));
        Assert.AreEqual(3, (int)ToolRun.Done("train", "grey", "--channels", "3", "--dry-run", "--json").Json["channels"]!);

        Save("grey/4.png", 4, 24, 16, isGrey: false);
        Assert.AreEqual(3, (int)ToolRun.Done("train", "grey", "--dry-run", "--json").Json["channels"]!);
    }

    [TestMethod]
    [DataRow("", "64x64", DisplayName = "none can be read")]
    [DataRow("28x28", "28x28")]
    [DataRow("4x4", "8x8")]
    [DataRow("178x218", "52x64", DisplayName = "one shape, made smaller")]
    [DataRow("4000x3000 4000x3000 4032x3024", "64x48", DisplayName = "one shape, several sizes")]
    [DataRow("640x480 480x640 300x300 50x900", "64x64", DisplayName = "several shapes")]
    [DataRow("30x40 40x30 32x32 20x90", "30x30", DisplayName = "several shapes, small")]
    [DataRow("2000x10", "64x8")]
    public void The_size_is_what_most_have_up_to_64(string sizes, string expected)
    {
        (int Width, int Height)[] all = [.. sizes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Size)];
        Assert.AreEqual(Size(expected), PictureSurvey.UsualSize(all));

        static (int, int) Size(string text) => (int.Parse(text.Split('x')[0]), int.Parse(text.Split('x')[1]));
    }

    [TestMethod]
    public void Folders_that_look_like_classes_are_pointed_at()
    {
        string[] plan = ["train", _folder.Pictures(), "--dry-run"];
        const string hint = "the pictures lie in 2 folders (left, right): if these are classes, --label-from-folder";
        StringAssert.Contains(ToolRun.Done(plan).Errors, hint);
        Assert.DoesNotContain("the pictures lie in", ToolRun.Done([.. plan, "--label-from-folder"]).Errors);
        Assert.DoesNotContain("the pictures lie in", ToolRun.Done("train", Path.Combine(_folder.Pictures(), "left"), "--dry-run").Errors);
    }

    // As a shell splits it.
    private static string[] Words(string line) =>
        [.. line.Split('"').SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    private static void Save(string path, int number, int height, int width, bool isGrey)
    {
        byte[] pixels = new byte[height * width * 4];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = i % 4 == 3 ? byte.MaxValue : (byte)((i / 4 * 7) + (number * 30) + (isGrey ? 0 : i % 4 * 40));
        using MLImage image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, pixels);
        image.Save(path);
    }
}
