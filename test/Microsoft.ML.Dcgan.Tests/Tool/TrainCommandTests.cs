using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.ML.Dcgan.Storage;

namespace Microsoft.ML.Dcgan.Tests.Tool;

[TestClass]
public sealed class TrainCommandTests
{
    private readonly ToolFolder _folder = new();

    [TestCleanup]
    public void DeleteFolder() => _folder.Dispose();

    [TestMethod]
    public void A_dry_run_shows_both_networks_and_writes_nothing()
    {
        string[] train = ["train", "--images", _folder.Pictures(), "--out", _folder["out"], "--dry-run", "--size", "64", "--batch-size", "4",
            "--epochs", "2", "--label-from-folder"];
        string text = ToolRun.Done([.. train[..^1]]).Output;
        StringAssert.Contains(text, "12 pictures of 64x64x3, 6 minibatches of 4, 2 epochs");
        StringAssert.Contains(text, "3,576,704");
        StringAssert.Contains(text, "2,765,568");
        StringAssert.Contains(text, "ConvTranspose2d 4x4, stride 2, padding 1");

        JsonNode json = ToolRun.Done([.. train, "--json"]).Json;
        CollectionAssert.AreEqual(new[] { "left", "right" }, json["classes"]!.AsArray().Select(name => (string)name!).ToArray());
        // Two classes beside 100 numbers of noise: 102 inputs of 4x4x512, and two outputs more of 4x4x512 in the discriminator.
        Assert.AreEqual(3_576_704 + 2 * 8192, (long)json["generator"]!["parameters"]!);
        Assert.AreEqual(2_765_568 + 2 * 8192, (long)json["discriminator"]!["parameters"]!);
        Assert.AreEqual("4", (string)json["options"]!["--batch-size"]!);
        Assert.IsFalse(Directory.Exists(_folder["out"]));
    }

    [TestMethod]
    public void Trains_a_model_with_classes_that_loads()
    {
        ToolRun run = ToolRun.Done(
            ["train", "--images", _folder.Pictures(), "--out", _folder["out"], "--label-from-folder", "--epochs", "2", "--seed", "3",
                "--size", "9x8", "--json", .. ToolRun.Small[2..]]);

        StringAssert.Contains(run.Errors, "2 classes: left (6), right (6)");
        Assert.AreEqual(12, (int)run.Json["images"]!);
        Assert.AreEqual(6, (int)run.Json["steps"]!);
        Assert.IsFalse((bool)run.Json["cancelled"]!);
        string[] files = Directory.EnumerateFileSystemEntries(_folder["out"]).Select(path => Path.GetFileName(path)!)
            .Order(StringComparer.Ordinal).ToArray();
        CollectionAssert.AreEqual(new[] { "model.zip", "progress.jsonl", "real.png", "report.html", "run.json", "samples", "samples.png",
            "training.gif" }, files);
        using var gan = (DcganTransformer)new MLContext().Model.Load(_folder["out/model.zip"], out _);
        Assert.AreEqual((9, 8, 3), (gan.ImageWidth, gan.ImageHeight, gan.Summary.Seed));
        CollectionAssert.AreEqual(new[] { "left", "right" }, gan.Classes.ToArray());
        Assert.AreEqual("Label", gan.LabelColumnName);

        // Columns of one class each: 8 of them, and 64 pictures.
        ToolRun.Done("generate", _folder["out/model.zip"], "--count", "64", "--seed", "3", "--grid", "--out", _folder["again.png"]);
        CollectionAssert.AreEqual(File.ReadAllBytes(_folder["out/samples.png"]), File.ReadAllBytes(_folder["again.png"]));
    }

    // By name, the first 64 would be of one kind.
    [TestMethod]
    public void The_training_pictures_shown_are_a_sample_that_the_seed_decides()
    {
        string pictures = _folder.Pictures(140);
        byte[] Real(string output, string seed)
        {
            ToolRun.Done(["train", "--images", pictures, "--out", _folder[output], "--epochs", "1", "--seed", seed, .. ToolRun.Small[..^4],
                "--batch-size", "140"]);
            return File.ReadAllBytes(_folder[$"{output}/real.png"]);
        }

        byte[] one = Real("one", "1");
        CollectionAssert.AreEqual(one, Real("again", "1"));
        CollectionAssert.AreNotEqual(one, Real("two", "2"));
    }

    [TestMethod]
    public void A_model_is_not_replaced_unless_that_is_asked_for()
    {
        string[] train = ["train", "--images", _folder.Pictures(), "--out", _folder["out"], "--epochs", "1", .. ToolRun.Small];
        ToolRun.Done(train);

        ToolRun.Fails(2, train, "has a trained model: name another folder, or add --overwrite");
        ToolRun.Fails(2, ["resume", _folder["out"]], "is finished", "model.zip");
        ToolRun.Done([.. train, "--overwrite"]);
    }

    [TestMethod]
    public void Results_among_the_pictures_are_not_trained_on()
    {
        string pictures = _folder.Pictures();
        string[] train = ["train", "--images", pictures, "--out", Path.Combine(pictures, "out"), "--epochs", "1", "--overwrite", "--json",
            .. ToolRun.Small];

        Assert.AreEqual(12, (int)ToolRun.Done(train).Json["images"]!);
        Assert.AreEqual(12, (int)ToolRun.Done(train).Json["images"]!);
    }

    [TestMethod]
    public void A_picture_that_cannot_be_read_ends_it_or_is_left_out()
    {
        string pictures = _folder.Pictures();
        File.WriteAllText(Path.Combine(pictures, "left", "999.jpg"), "no picture");
        File.WriteAllText(Path.Combine(pictures, "left", "._000.png"), "what a Mac leaves");
        string[] train = ["train", "--images", pictures, "--out", _folder["out"], "--epochs", "1", "--json", .. ToolRun.Small];

        ToolRun.Fails(1, train, "999.jpg", "--bad-images skip leaves such pictures out.");
        ToolRun skipping = ToolRun.Done([.. train, "--bad-images", "skip"]);
        Assert.AreEqual((12, 1), ((int)skipping.Json["images"]!, (int)skipping.Json["skippedImages"]!));
        StringAssert.Contains(skipping.Errors, "1 of 13 rows were skipped");
    }

    [TestMethod]
    [DataRow("palette.png")]
    [DataRow("baseline.jpg")]
    [DataRow("palette.gif")]
    [DataRow("plain.bmp")]
    [DataRow("lossless.webp")]
    public void A_picture_that_is_cut_short_ends_it(string name)
    {
        Reference($"pictures/{name}", $"in/{name}", bytes => bytes[..^20]);
        ToolRun.Fails(1, ["train", "--images", _folder["in"], "--out", _folder["out"], "--epochs", "1", .. ToolRun.Small],
            $"{name}' is cut short or damaged", "--bad-images skip leaves such pictures out.");
    }

    [TestMethod]
    [DataRow("png")]
    [DataRow("webp")]
    public void Pictures_are_turned_before_they_are_trained_on(string ending)
    {
        byte[] Real(int orientation)
        {
            string name = $"{orientation}.{ending}";
            Reference($"shown/orientation{name}", $"{orientation}/{name}", bytes => bytes);
            ToolRun.Done(["train", "--images", _folder[$"{orientation}"], "--out", _folder[$"out{orientation}"], "--epochs", "1",
                .. ToolRun.Small]);
            return File.ReadAllBytes(_folder[$"out{orientation}/real.png"]);
        }

        byte[] upright = Real(1);
        foreach (int orientation in new[] { 2, 3, 6 })
            CollectionAssert.AreEqual(upright, Real(orientation), $"orientation {orientation}");
    }

    [TestMethod]
    public void One_picture_of_one_class_is_in_the_singular()
    {
        Reference("pictures/palette.png", "in/only/one.png", bytes => bytes);
        string[] train = ["train", "--images", _folder["in"], "--out", _folder["out"], "--label-from-folder", "--epochs", "1",
            .. ToolRun.Small];
        string planned = ToolRun.Done([.. train, "--dry-run"]).Output;
        StringAssert.StartsWith(planned, "1 picture of 8x8x3, ");
        StringAssert.Contains(planned, "1 class: only (1)");
        string said = ToolRun.Done(train).Errors;
        StringAssert.StartsWith(said, "1 picture; 8x8, colour; 1 epoch; ");
        StringAssert.Contains(said, "1 class: only (1)");
    }

    [TestMethod]
    public void Two_trainings_do_not_share_a_folder()
    {
        string[] train = ["train", "--images", _folder.Pictures(), "--out", _folder["out"], "--epochs", "1", .. ToolRun.Small];
        Directory.CreateDirectory(_folder["out"]);
        using (new FolderLock(_folder["out"]))
            ToolRun.Fails(1, train, $"Another training writes to '{_folder["out"]}' now");
        ToolRun.Done(train);
        Assert.IsFalse(File.Exists(_folder[$"out/{FolderLock.FileName}"]));
        using (new FolderLock(Directory.CreateDirectory(_folder["checkpoints"]).FullName))
        {
            ToolRun.Fails(1, [.. train, "--overwrite", "--checkpoint-folder", _folder["checkpoints"]],
                $"Another training writes to '{_folder["checkpoints"]}' now");
        }
    }

    [TestMethod]
    public void The_background_is_behind_transparent_pictures_and_is_kept()
    {
        Directory.CreateDirectory(_folder["in"]);
        string shown = Path.Combine(AppContext.BaseDirectory, "Reference", "shown");
        foreach (string name in new[] { "rgba.png", "palette.gif", "grey-alpha.png" })
            File.Copy(Path.Combine(shown, name), _folder[$"in/{name}"]);
        string[] train = ["train", "--images", _folder["in"], "--epochs", "1", .. ToolRun.Small, "--seed", "1"];
        byte[] Real(string output, params string[] more)
        {
            ToolRun.Done([.. train, "--out", _folder[output], .. more]);
            return File.ReadAllBytes(_folder[$"{output}/real.png"]);
        }

        byte[] white = Real("white");
        CollectionAssert.AreEqual(white, Real("same", "--background", "#ffffff"));
        CollectionAssert.AreNotEqual(white, Real("black", "--background", "000000"));
        StringAssert.Contains(File.ReadAllText(_folder["black/run.json"]), "\"background\": \"#000000\"");
    }

    private void Reference(string file, string name, Func<byte[], byte[]> change)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllBytes(_folder[name], change(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Reference", file))));
    }
}
