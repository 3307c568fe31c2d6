using System.Text.RegularExpressions;
using Microsoft.ML.Dcgan.Tool;
using Microsoft.ML.Dcgan.Tool.Training;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Tests.Storage;

/// <summary>A disk that is full at some point of what is written: what was there before stays, and the error says where there is no room,
/// and how much there is.</summary>
[TestClass]
public sealed class FullDiskTests
{
    private static readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void What_a_model_is_written_to_is_there_whole_or_as_it_was()
    {
        using var disk = new SmallDisk(2_000);
        using DcganTransformer gan = _ml.Transforms.Dcgan(Pictures.SmallOptions() with { GeneratorFeatureMaps = 16 })
            .Fit(Pictures.View(_ml, 8, 16, 12, 3));
        IReadOnlyList<GeneratedImage> pictures = gan.Generate(400);
        (string Name, Action<string> Write)[] files =
        [
            ("weights.safetensors", path => gan.ExportSafetensors(path)),
            ("weights.pth", path => gan.ExportPyTorch(path)),
            ("generator.onnx", path => gan.ExportOnnx(path)),
            ("grid.png", path => new ImageGrid(pictures).Save(path)),
            ("pictures.gif", path => new ImageAnimation(pictures).Save(path)),
            ("pictures.png", path => new ImageAnimation(pictures).Save(path)),
            ("state.checkpoint", path => new Checkpoint
            {
                Network = gan.Networks.Shape,
                Options = new DcganEstimator.Options(),
                Precision = DcganPrecision.Float32,
                Images = 1,
                Fingerprint = "none",
                Resumable = new(),
            }.Write(path, gan.Networks.Generator.state_dict().Select(tensor => (tensor.Key, tensor.Value)))),
        ];
        var random = new Random(1);
        for (int i = 0; i < 21; i++)
        {
            (string name, Action<string> write) = files[i % files.Length];
            string path = disk[name];
            write(path);
            long length = new FileInfo(path).Length;
            Assert.IsGreaterThan(3 * Environment.SystemPageSize, length, name);
            byte[] before = [1, 2, 3];
            File.WriteAllBytes(path, before);

            disk.LeaveRoom(random.NextInt64(length - Environment.SystemPageSize));
            IOException full = Assert.Throws<IOException>(() => write(path), name);
            Match told = Regex.Match(full.Message, $"^There is no room for '{Regex.Escape(path)}'. ([0-9,]+) bytes are free on its disk. " +
                "What was there before is as it was.$");
            Assert.IsTrue(told.Success, full.Message);
            Assert.IsLessThan(length, long.Parse(told.Groups[1].Value.Replace(",", "")));
            CollectionAssert.AreEqual(before, File.ReadAllBytes(path), name);
            CollectionAssert.AreEquivalent(new[] { path, disk["filler"] }, Directory.GetFiles(disk.Folder), name);
            disk.Empty();
            File.Delete(path);
        }
    }

    [TestMethod]
    public void A_training_of_the_tool_goes_on_when_there_is_room_again()
    {
        using var folder = new ToolFolder();
        string pictures = folder.Pictures();
        string[] options = ["--seed", "1", "--epochs", "4", "--checkpoint-interval", "8", "--sample-interval", "8", .. ToolRun.Small];
        ToolRun.Done(["train", "--images", pictures, "--out", folder["undisturbed"], .. options]);
        byte[] expected = Weights(folder["undisturbed"]);
        long length = Directory.GetFiles(folder["undisturbed"], "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

        var random = new Random(1);
        int failed = 0;
        for (int i = 0; i < 10; i++)
        {
            using var disk = new SmallDisk(2_000);
            string run = disk["run"];
            disk.LeaveRoom(random.NextInt64(length));
            ToolRun first = ToolRun.Of(["train", "--images", pictures, "--out", run, .. options]);
            string told = first.Errors;
            if (first.Code == ExitCode.Done)
                continue;
            failed++;
            StringAssert.Contains(told, disk.Folder);
            Assert.IsTrue(Regex.IsMatch(told, "bytes are free on its disk|o space left on device"), told);
            Assert.DoesNotContain("   at ", told);
            Assert.AreEqual(RunFolder.HasCheckpoints(Path.Combine(run, "checkpoints")), told.Contains($"the last checkpoint stays: 'dcgan resume {run}' goes on from there"), told);
            Assert.IsEmpty(Directory.GetFiles(disk.Folder, "*.partial", SearchOption.AllDirectories), told);

            disk.Empty();
            ToolRun second = File.Exists(Path.Combine(run, "run.json")) ? ToolRun.Done("resume", run)
                : ToolRun.Done(["train", "--images", pictures, "--out", run, "--overwrite", .. options]);
            CollectionAssert.AreEqual(expected, Weights(run), $"{told}\n{second.Errors}");
        }
        Assert.IsGreaterThan(4, failed);
    }

    private static byte[] Weights(string run) =>
        ModelFile.Entries(File.ReadAllBytes(Path.Combine(run, "model.zip")))["TransformerChain/generator.safetensors"];
}
