using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Tests.Training.Checkpoints;

[TestClass]
public sealed class CheckpointFolderTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [TestCleanup]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestMethod]
    public void The_last_few_are_kept()
    {
        DcganEstimator.Options options = Options();
        options.CheckpointInterval = 8;
        options.CheckpointsKept = 2;
        Fit(options).Dispose();
        CollectionAssert.AreEqual(new[] { "minibatch-000000014.checkpoint", "minibatch-000000015.checkpoint" }, Files());
    }

    [TestMethod]
    public void And_the_best_one()
    {
        DcganEstimator.Options options = Options();
        options.CheckpointsKept = 1;
        options.EvaluationInterval = 16;
        options.EvaluationSamples = 8;
        using DcganTransformer gan = Fit(options);

        CollectionAssert.AreEqual(new[] { "best.checkpoint", "minibatch-000000015.checkpoint" }, Files());
        Checkpoint best = Checkpoint.Read(Path.Combine(_folder.FullName, "best.checkpoint"));
        Assert.AreEqual(gan.Summary.BestStep, best.Resumable.Done);
        Assert.AreEqual(gan.Summary.FrechetDistance, best.Resumable.Best.Distance);
    }

    [TestMethod]
    public void Time_alone_makes_them_due_too()
    {
        DcganEstimator.Options options = Options();
        options.CheckpointMinutes = 1e-9;
        options.CheckpointsKept = 100;
        Fit(options).Dispose();
        Assert.HasCount(15, Files());
    }

    [TestMethod]
    public void A_full_disk_costs_a_checkpoint_and_no_more()
    {
        const string full = "/dev/full";
        Needs.That(File.Exists(full), full);
        DcganEstimator.Options options = Options();
        options.CheckpointInterval = 20;
        options.CheckpointsKept = 100;

        // All that is written to this name ends in no space left on the device.
        string blocked = Path.Combine(_folder.FullName, "minibatch-000000010.checkpoint.partial");
        var messages = new List<string>();
        _ml.Log += (_, entry) => messages.Add(entry.Message);
        options.Progress = report =>
        {
            if (report.Step == 9)
                File.CreateSymbolicLink(blocked, full);
        };
        options.ProgressInterval = 1;

        using DcganTransformer gan = Fit(options);

        CollectionAssert.AreEqual(new[] { "minibatch-000000005.checkpoint", "minibatch-000000015.checkpoint" },
            Files().Where(name => name.EndsWith(".checkpoint")).ToArray());
        TrainingEvent seen = gan.Summary.Events.Single();
        Assert.AreEqual(TrainingAlarm.CheckpointFailed, seen.Alarm);
        Assert.AreEqual(10, seen.Step);
        StringAssert.Contains(seen.Message, $"There is no room for '{Path.ChangeExtension(blocked, null)}'.");
        Assert.IsTrue(messages.Any(message => message.Contains("CheckpointFailed after minibatch 10 (40 images)")),
            string.Join("\n", messages));
        Assert.AreEqual(5, Checkpoint.Read(Path.Combine(_folder.FullName, "minibatch-000000005.checkpoint")).Resumable.Done);
    }

    [TestMethod]
    public void Half_written_files_are_swept_away()
    {
        string partial = Path.Combine(_folder.FullName, "minibatch-000000007.checkpoint.partial");
        File.WriteAllText(partial, "half");
        Fit(Options()).Dispose();
        Assert.IsFalse(File.Exists(partial));
    }

    [TestMethod]
    public void A_folder_that_cannot_be_made_is_named()
    {
        string file = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(file, "");
        DcganEstimator.Options options = Options();
        options.CheckpointFolder = Path.Combine(file, "below");
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => Fit(options));
        StringAssert.Contains(failure.Message,
            $"CheckpointFolder is '{options.CheckpointFolder}', but no checkpoints can be written there");
    }

    [TestMethod]
    [DataRow("no zip at all", "is no checkpoint, or damaged")]
    public void Junk_is_no_checkpoint(string content, string message)
    {
        string path = Path.Combine(_folder.FullName, "x.checkpoint");
        File.WriteAllText(path, content);
        StringAssert.Contains(Assert.Throws<FormatException>(() => Checkpoint.Read(path)).Message, $"'{path}' {message}");
    }

    private DcganEstimator.Options Options()
    {
        DcganEstimator.Options options = Pictures.SmallOptions(epochs: 6);
        options.CheckpointFolder = _folder.FullName;
        return options;
    }

    private DcganTransformer Fit(DcganEstimator.Options options) => _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 10, 16, 12, 3));

    private string[] Files() => _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal).ToArray();
}
