using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.ML.Dcgan.Tool;

namespace Microsoft.ML.Dcgan.Tests.Distributed;

/// <summary>The tool as several processes that a launcher of MPI starts.</summary>
[TestClass]
public sealed partial class MpiTests
{
    // In the precision that is named next, of networks large enough that sums begin before all gradients are there.
    private static readonly string[] _train = ["--size", "16", .. ToolRun.Small[2..], "--seed", "3", "--sample-interval", "0",
        "--precision"];

    [TestMethod]
    [DataRow("openmpi", 2, "float32")]
    [DataRow("openmpi", 4, "bfloat16")]
    [DataRow("mpich", 2, "bfloat16")]
    [DataRow("mpich", 4, "float32")]
    public void Processes_train_as_replicas_in_one_do(string kind, int size, string precision)
    {
        using var folder = new ToolFolder();
        string[] training = ["train", folder.Pictures(), .. _train, precision, "--epochs", "6"];
        ToolRun run = Start(kind, size, [.. training, "--out", folder["ranks"], "--json"]);
        Assert.AreEqual(ExitCode.Done, run.Code, run.Errors);
        Assert.AreEqual(0, (int)run.Json["skippedImages"]!);
        Assert.IsTrue(File.Exists(folder["ranks/report.html"]));
        ToolRun.Done([.. training, "--out", folder["replicas"], "--replicas", $"{size}"]);
        CollectionAssert.AreEqual(Weights(folder["replicas/model.zip"]), Weights(folder["ranks/model.zip"]));

        ToolRun made = Start(kind, size, ["generate", folder["ranks/model.zip"], "--count", "70", "--out", folder["made"]]);
        Assert.AreEqual(ExitCode.Done, made.Code, made.Errors);
        ToolRun.Done("generate", folder["ranks/model.zip"], "--count", "70", "--out", folder["expected"]);
        foreach (string file in Directory.EnumerateFiles(folder["expected"]))
            CollectionAssert.AreEqual(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(folder["made"], Path.GetFileName(file))));
    }

    // The second one has 64 of 150 pictures of each kind, and the last of all, which it then cannot read.
    [TestMethod]
    [DataRow("openmpi", "random")]
    [DataRow("mpich", "model.zip")]
    public void Processes_evaluate_as_one_does(string kind, string features)
    {
        using var folder = new ToolFolder();
        if (folder.Model().EndsWith(features, StringComparison.Ordinal))
            features = folder[features];
        string[] evaluation = ["evaluate", folder["model.zip"], "--images", folder.Pictures(150), "--features", features, "--json"];
        ToolRun run = Start(kind, 2, [.. evaluation, "--report", folder["page.html"]]);
        Assert.AreEqual(ExitCode.Done, run.Code, run.Errors);
        Assert.AreEqual(ToolRun.Done(evaluation).Output, run.Output);
        Assert.IsTrue(File.Exists(folder["page.html"]));

        File.WriteAllText(folder["pictures/right/zzz.png"], "no picture");
        run = Start(kind, 2, evaluation);
        Assert.AreEqual(ExitCode.Failed, run.Code);
        StringAssert.Contains(run.Errors, "dcgan: Rank 1 of 2: ");
        Assert.HasCount(1, ZzzPng().Matches(run.Errors.Replace("\r", "")).DistinctBy(match => match.Value), run.Errors);
    }

    // At a time that no clock of the test chooses: when the second checkpoint is there.
    [TestMethod]
    [DataRow("openmpi")]
    [DataRow("mpich")]
    public void A_killed_process_ends_all_and_resuming_makes_the_same_model(string kind)
    {
        using var folder = new ToolFolder();
        string[] training = ["train", folder.Pictures(), .. _train, "float32", "--epochs", "100", "--checkpoint-interval", "48"];
        Assert.AreEqual(ExitCode.Done, Start(kind, 2, [.. training, "--out", folder["whole"]]).Code);
        ToolRun run = ToolRun.InProcess(null, launcher =>
        {
            WaitForTwo(folder["killed/checkpoints"], launcher);
            using var second = Process.GetProcessById(Ranks(launcher.Id)[1]);
            second.Kill();
            var clock = Stopwatch.StartNew();
            launcher.WaitForExit();
            Assert.IsLessThan(10, clock.Elapsed.TotalSeconds);
        }, Needs.Mpi(kind, 2), [.. training, "--out", folder["killed"]]);
        Assert.AreNotEqual(ExitCode.Done, run.Code);
        ToolRun resumed = Start(kind, 2, ["resume", folder["killed"]]);
        Assert.AreEqual(ExitCode.Done, resumed.Code, resumed.Errors);
        CollectionAssert.AreEqual(Weights(folder["whole/model.zip"]), Weights(folder["killed/model.zip"]));
    }

    [TestMethod]
    public void A_process_that_hangs_ends_all_in_time()
    {
        using var folder = new ToolFolder();
        int hanging = 0;
        ToolRun run = ToolRun.InProcess(null, launcher =>
        {
            WaitForTwo(folder["run/checkpoints"], launcher);
            hanging = Ranks(launcher.Id)[0];
            Process.Start("kill", $"-STOP {hanging}").WaitForExit();
        }, Needs.Mpi("mpich", 2), ["train", folder.Pictures(), .. _train, "float32", "--epochs", "100000", "--checkpoint-interval", "48",
            "--communication-timeout", "0.1", "--out", folder["run"]]);
        Process.Start("kill", $"-KILL {hanging}").WaitForExit();
        Assert.AreNotEqual(ExitCode.Done, run.Code);
        StringAssert.Contains(run.Errors, "Rank 1 of 2: waited 0.1 minutes for the others (CommunicationTimeout)");
    }

    [TestMethod]
    public void What_fails_for_one_process_ends_all_and_is_said_once()
    {
        using var folder = new ToolFolder();
        string pictures = folder.Pictures();
        File.WriteAllText(folder["pictures/right/zzz.png"], "no picture");
        ToolRun run = Start("openmpi", 2, ["train", pictures, .. _train, "float32", "--epochs", "2", "--out", folder["run"]]);
        Assert.AreNotEqual(ExitCode.Done, run.Code);
        // It is in the second one's part, and the first says so.
        StringAssert.Contains(run.Errors, "dcgan: Rank 1 of 2: ");
        Assert.HasCount(1, ZzzPng().Matches(run.Errors.Replace("\r", "")).DistinctBy(match => match.Value), run.Errors);
    }

    [TestMethod]
    public void A_process_with_other_options_is_named()
    {
        using var folder = new ToolFolder();
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string tool = Path.Combine(AppContext.BaseDirectory, "Microsoft.ML.Dcgan.Tool.dll");
        string[] training = ["train", folder.Pictures(), .. _train, "float32", "--epochs", "2", "--out", folder["run"]];
        ToolRun run = ToolRun.InProcess(null, null, Needs.Mpi("openmpi", 1),
            [.. training, ":", "-np", "1", dotnet, tool, .. training, "--beta2", "0.99"]);
        StringAssert.Contains(run.Errors, "dcgan: Rank 1 of 2 differs where --beta2 is 0.99: rank 0 has 0.999.");
        Assert.IsFalse(File.Exists(folder["run/model.zip"]));
    }

    [TestMethod]
    public void More_processes_than_images_or_minibatches_allow_are_refused()
    {
        using var folder = new ToolFolder();
        string[] training = ["train", folder.Pictures(), .. ToolRun.Small[..^4], "--device", "cpu", "--epochs", "1"];
        ToolRun few = Start("mpich", 3, [.. training, "--count", "2", "--out", folder["few"]]);
        StringAssert.Contains(few.Errors, "dcgan: 3 processes are to train together on 2 images, of which each reads a part: start at most 2.");
        ToolRun small = Start("mpich", 3, [.. training, "--batch-size", "2", "--out", folder["small"]]);
        StringAssert.Contains(small.Errors, "dcgan: 3 replicas are to train together, but a minibatch has only 2 images (--batch-size,");
    }

    [TestMethod]
    public void A_launcher_without_its_library_is_an_error()
    {
        ToolRun run = ToolRun.InProcess(null, null, ["env", "OMPI_COMM_WORLD_SIZE=2", "DCGAN_MPI_LIBRARY=/nowhere/libmpi.so"], ["inspect", "x"]);
        Assert.AreEqual(ExitCode.Failed, run.Code);
        StringAssert.Contains(run.Errors, "DCGAN_MPI_LIBRARY is '/nowhere/libmpi.so', but there is no library of MPI to load.");
    }

    private static void WaitForTwo(string checkpoints, Process launcher)
    {
        while (!Directory.Exists(checkpoints) || Directory.EnumerateFiles(checkpoints, "*.checkpoint").Count() < 2)
        {
            Assert.IsFalse(launcher.HasExited);
            Thread.Sleep(20);
        }
    }

    private static ToolRun Start(string kind, int size, string[] arguments) =>
        ToolRun.InProcess(null, null, Needs.Mpi(kind, size), arguments);

    // The launcher's children, in the order in which it started them.
    private static int[] Ranks(int launcher)
    {
        int[] children = Children(launcher);
        return [.. children.SelectMany(child => Name(child).StartsWith("dotnet", StringComparison.Ordinal) ? [child] : Ranks(child))];

        static string Name(int process) => File.ReadAllText($"/proc/{process}/comm");
        static int[] Children(int process) => [.. Directory.EnumerateDirectories($"/proc/{process}/task")
            .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(int.Parse).Order()];
    }

    private static string[] Weights(string model)
    {
        using ZipArchive zip = ZipFile.OpenRead(model);
        return [.. zip.Entries.Where(entry => entry.Name.EndsWith(".safetensors", StringComparison.Ordinal)).Select(entry =>
        {
            using Stream stream = entry.Open();
            return $"{entry.Name} {Convert.ToHexString(SHA256.HashData(stream))}";
        })];
    }

    [GeneratedRegex("dcgan: .*zzz.png.*")]
    private static partial Regex ZzzPng();
}
