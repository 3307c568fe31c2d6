using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.ML.Dcgan.Storage;

namespace Microsoft.ML.Dcgan.Tests.Tool;

/// <summary>Trainings that ended before their end, or have not ended yet.</summary>
[TestClass]
public sealed class ResumeCommandTests
{
    private readonly ToolFolder _folder = new();

    [TestCleanup]
    public void DeleteFolder() => _folder.Dispose();

    [TestMethod]
    public void Pictures_that_moved_are_asked_for_and_others_are_refused()
    {
        string pictures = _folder.Pictures();
        ToolRun.Of(new CancellationToken(canceled: true),
            ["train", "--images", pictures, "--out", _folder["out"], "--epochs", "1", .. ToolRun.Small]);
        Directory.Move(pictures, _folder["moved"]);

        ToolRun.Fails(2, ["resume", _folder["out"]], $"the pictures were in '{pictures}', which is not there: say with --images where they are");
        ToolRun.Done("resume", _folder["out"], "--images", _folder["moved"]);
        StringAssert.Contains(File.ReadAllText(_folder["out/run.json"]), "moved");
    }

    [TestMethod]
    [DataRow("deleted")]
    [DataRow("changed")]
    [DataRow("renamed")]
    public void Other_pictures_than_before_are_refused_in_the_tools_words(string what)
    {
        string pictures = _folder.Pictures(), first = Path.Combine(pictures, "left", "000.png");
        using var stop = new CancellationTokenSource();
        Task<ToolRun> training = Begun(pictures, stop.Token);
        stop.Cancel();
        Assert.AreEqual(130, training.Result.Code, training.Result.Errors);
        switch (what)
        {
            case "deleted":
                File.Delete(first);
                break;
            case "changed":
                File.Copy(Path.Combine(pictures, "right", "000.png"), first, overwrite: true);
                break;
            default:
                File.Move(first, Path.Combine(pictures, "left", "999.png"));
                break;
        }

        ToolRun.Fails(2, ["resume", _folder["out"]], $"the pictures in '{pictures}' are not those that the training in '{_folder["out"]}' began with");
    }

    [TestMethod]
    public void What_replaces_a_finished_training_is_not_finished_with_its_model()
    {
        string[] options = ["--images", _folder.Pictures(), "--out", _folder["run"], "--epochs", "1", .. ToolRun.Small];
        ToolRun.Done(["train", "--seed", "1", .. options]);
        ToolRun interrupted = ToolRun.Of(new CancellationToken(canceled: true), ["train", "--seed", "2", "--overwrite", .. options]);
        Assert.AreEqual(Dcgan.Tool.ExitCode.Interrupted, interrupted.Code);
        Assert.AreEqual(1, DcganModelFile.Inspect(_folder["run/model.zip"])[0].Summary.Seed);
        ToolRun.Done("resume", _folder["run"]);
        Assert.AreEqual(2, DcganModelFile.Inspect(_folder["run/model.zip"])[0].Summary.Seed);
        ToolRun.Fails(2, ["resume", _folder["run"]], "is finished");
    }

    [TestMethod]
    public void Interrupted_before_it_began_it_can_be_resumed()
    {
        ToolRun run = ToolRun.Of(new CancellationToken(canceled: true),
            ["train", "--images", _folder.Pictures(), "--out", _folder["out"], "--epochs", "1", "--json", .. ToolRun.Small]);

        Assert.AreEqual(130, run.Code, run.Errors);
        Assert.AreEqual("", run.Output);
        StringAssert.Contains(run.Errors, $"'dcgan resume {_folder["out"]}' goes on from there");
        ToolRun resumed = ToolRun.Done("resume", _folder["out"], "--json");
        Assert.AreEqual(3, (int)resumed.Json["steps"]!);
        StringAssert.Contains(resumed.Errors, "has no checkpoint to go on from: the training starts anew");
    }

    [TestMethod]
    public void Interrupted_by_CtrlC_it_goes_on_to_the_same_weights()
    {
        Needs.That(!OperatingSystem.IsWindows(), "a system that can send Ctrl-C to one process alone");
        string pictures = _folder.Pictures();
        // So long that it is still training when it is interrupted.
        string[] options = ["--images", pictures, "--epochs", "60", "--seed", "5", "--precision", "float32", "--sample-interval", "24",
            .. ToolRun.Small];

        ToolRun interrupted = ToolRun.InProcess(null, process => InterruptOnceTraining(process, _folder["broken/samples"]),
            ["train", "--out", _folder["broken"], .. options]);

        Assert.AreEqual(130, interrupted.Code, interrupted.Errors);
        StringAssert.Contains(interrupted.Errors, $"'dcgan resume {_folder["broken"]}' goes on from there");
        Assert.IsTrue(DcganModelFile.Inspect(_folder["broken/model.zip"]).Single().Summary.Cancelled);
        ToolRun.Fails(2, ["train", "--out", _folder["broken"], .. options], "has the checkpoints of an interrupted training", "resume");

        ToolRun.Done("resume", _folder["broken"]);
        ToolRun.Done(["train", "--out", _folder["whole"], .. options]);
        foreach (string weights in new[] { "generator.safetensors", "discriminator.safetensors" })
            CollectionAssert.AreEqual(Weights("whole", weights), Weights("broken", weights), weights);
        Assert.IsFalse(Directory.Exists(_folder["broken/checkpoints"]));

        byte[] Weights(string run, string name) =>
            ModelFile.Entries(File.ReadAllBytes(_folder[$"{run}/model.zip"])).Single(entry => entry.Key.EndsWith(name)).Value;
    }

    [TestMethod]
    public void A_run_that_cannot_be_read_is_refused()
    {
        ToolRun.Fails(2, ["resume", _folder.Pictures()], "has no run.json: it is no folder that 'dcgan train' wrote to");
        Directory.CreateDirectory(_folder["run"]);
        File.WriteAllText(_folder["run/run.json"], "{");
        ToolRun.Fails(1, ["resume", _folder["run"]], "run.json' is damaged");
        string run = """{"formatVersion":1,"images":"/","width":8,"height":8,"labelFromFolder":false,"background":"#FFFFFF","options":{"--from-the-future":"1"}}""";
        File.WriteAllText(_folder["run/run.json"], run);
        ToolRun.Fails(1, ["resume", _folder["run"]], "has the option --from-the-future, which this version of dcgan does not know");
        File.WriteAllText(_folder["run/run.json"], run.Replace("\"--from-the-future\":\"1\"", "\"--seed\":null"));
        ToolRun.Fails(1, ["resume", _folder["run"]], "run.json is damaged: it has no value of the option --seed");
        File.WriteAllText(_folder["run/run.json"], run.Replace("\"formatVersion\":1", "\"formatVersion\":9"));
        ToolRun.Fails(1, ["resume", _folder["run"]], "is of format version 9");
    }

    [TestMethod]
    public void A_training_keeps_others_out_until_it_ends()
    {
        using var stop = new CancellationTokenSource();
        string pictures = _folder.Pictures();
        Task<ToolRun> training = Begun(pictures, stop.Token);
        try
        {
            string busy = $"Another training writes to '{_folder["out"]}' now";
            ToolRun.Fails(1, ["train", "--images", pictures, "--out", _folder["out"], "--epochs", "1", "--overwrite", .. ToolRun.Small], busy);
            ToolRun.Fails(1, ["resume", _folder["out"]], busy);
        }
        finally
        {
            stop.Cancel();
            training.Wait();
        }
        Assert.AreEqual(130, training.Result.Code, training.Result.Errors);
        ToolRun.Done(["train", "--images", pictures, "--out", _folder["out"], "--epochs", "1", "--overwrite", .. ToolRun.Small]);
    }

    private static void InterruptOnceTraining(Process process, string samples)
    {
        var clock = Stopwatch.StartNew();
        while (!process.HasExited && clock.Elapsed < TimeSpan.FromSeconds(50)
            && (!Directory.Exists(samples) || Directory.GetFiles(samples, "*.png").Length < 3))
            Thread.Sleep(10);
        using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>A training that goes on until it is stopped, and has a checkpoint.</summary>
    private Task<ToolRun> Begun(string pictures, CancellationToken stop)
    {
        Task<ToolRun> training = Task.Run(() => ToolRun.Of(stop, ["train", "--images", pictures, "--out", _folder["out"],
            "--epochs", "100000", "--checkpoint-interval", "12", .. ToolRun.Small]), CancellationToken.None);
        string checkpoints = _folder["out/checkpoints"];
        while (!training.IsCompleted && (!Directory.Exists(checkpoints) || Directory.GetFiles(checkpoints, "*.checkpoint").Length == 0))
            Thread.Sleep(10);
        return training;
    }
}
