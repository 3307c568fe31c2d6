using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Tests.Rendering;

[TestClass]
public sealed class TrainingRecordTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dcgan-record-");

    [TestCleanup]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestMethod]
    public void It_keeps_samples_and_reports_and_calls_who_was_there_before()
    {
        var reports = new List<TrainingProgress>();
        var looks = new Dictionary<long, byte[]>();
        DcganEstimator.Options options = Options(epochs: 4);
        options.Progress = reports.Add;
        options.Samples = samples => looks[samples.Images] = samples.ToGrid().ToPng();
        var record = new TrainingRecord(Run);
        record.Attach(options);
        Fit(options).Dispose();

        // 10 minibatches of 4.
        CollectionAssert.AreEqual(new long[] { 0, 8, 16, 24, 32, 40 }, record.Frames.Select(frame => frame.Images).ToArray());
        CollectionAssert.AreEqual(reports, record.Progress.ToArray());
        CollectionAssert.AreEqual(new[] { "0000000000.png", "0000000008.png", "0000000016.png", "0000000024.png", "0000000032.png",
            "0000000040.png" }, Files());
        foreach (TrainingFrame frame in record.Frames)
            CollectionAssert.AreEqual(looks[frame.Images], File.ReadAllBytes(frame.Path));
        Assert.AreEqual(0, record.Failures.Count);

        // And another program finds the same.
        var again = new TrainingRecord(Run);
        CollectionAssert.AreEqual(record.Frames.ToArray(), again.Frames.ToArray());
        CollectionAssert.AreEqual(reports, again.Progress.ToArray());
    }

    [TestMethod]
    public void Where_no_interval_is_set_it_sets_one()
    {
        DcganEstimator.Options options = Pictures.SmallOptions();
        new TrainingRecord(Run).Attach(options);
        Assert.AreEqual(5_000, options.SampleInterval);
    }

    [TestMethod]
    public void A_training_that_goes_on_goes_on_with_its_record()
    {
        DcganEstimator.Options whole = Options(epochs: 6);
        new TrainingRecord(Path.Combine(_folder.FullName, "whole")).Attach(whole);
        Fit(whole).Dispose();

        Interrupted(stopAfter: 5, checkpointAt: 3);
        var record = new TrainingRecord(Run);
        CollectionAssert.AreEqual(new long[] { 0, 8, 16 }, record.Frames.Select(frame => frame.Images).ToArray());
        Assert.AreEqual(5, record.Progress.Count);
        DcganEstimator.Options options = Resumed();
        record.Attach(options);
        Fit(options).Dispose();

        var uninterrupted = new TrainingRecord(Path.Combine(_folder.FullName, "whole"));
        var reopened = new TrainingRecord(Run);
        CollectionAssert.AreEqual(uninterrupted.Frames.Select(Content).ToArray(), reopened.Frames.Select(Content).ToArray());
        CollectionAssert.AreEqual(uninterrupted.Progress.Select(Figures).ToArray(), reopened.Progress.Select(Figures).ToArray());
        CollectionAssert.AreEqual(uninterrupted.Progress.Select(Figures).ToArray(), record.Progress.Select(Figures).ToArray());

        static string Content(TrainingFrame frame) =>
            $"{frame.Images}: {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(frame.Path)))}";
        static string Figures(TrainingProgress report) =>
            $"{report.Step} {report.Images}: {report.DiscriminatorLoss} {report.GeneratorLoss}";
    }

    [TestMethod]
    public void Another_training_in_the_same_folder_is_refused()
    {
        DcganEstimator.Options options = Options(epochs: 4);
        new TrainingRecord(Run).Attach(options);
        Fit(options).Dispose();
        InvalidOperationException failure =
            Assert.Throws<InvalidOperationException>(() => new TrainingRecord(Run).Attach(Options(epochs: 4)));
        StringAssert.Contains(failure.Message,
            $"'{Run}' has the record of another training, up to 40 images. Set Resume to true to go on with it, or name another folder.");
    }

    [TestMethod]
    public void What_went_on_from_the_start_leaves_nothing_of_before()
    {
        DcganEstimator.Options options = Options(epochs: 6);
        new TrainingRecord(Run).Attach(options);
        Fit(options).Dispose();
        File.WriteAllText(Path.Combine(Run, "samples", "own.png"), "the user's");

        // No checkpoint was left to go on from.
        options = Options(epochs: 2);
        options.CheckpointFolder = Path.Combine(_folder.FullName, "none");
        options.Resume = true;
        var record = new TrainingRecord(Run);
        record.Attach(options);
        Fit(options).Dispose();

        CollectionAssert.AreEqual(new long[] { 0, 8, 16, 20 }, record.Frames.Select(frame => frame.Images).ToArray());
        CollectionAssert.AreEqual(new[] { "0000000000.png", "0000000008.png", "0000000016.png", "0000000020.png", "own.png" }, Files());
        CollectionAssert.AreEqual(record.Progress.ToArray(), new TrainingRecord(Run).Progress.ToArray());
    }

    [TestMethod]
    public void A_line_that_was_cut_short_is_passed_over()
    {
        DcganEstimator.Options options = Options(epochs: 4);
        var record = new TrainingRecord(Run);
        record.Attach(options);
        Fit(options).Dispose();
        string file = Path.Combine(Run, "progress.jsonl");
        using (FileStream stream = File.OpenWrite(file))
            stream.SetLength(stream.Length - 20);

        Assert.AreEqual(9, new TrainingRecord(Run).Progress.Count);

        // What comes next is on a line of its own.
        Action<TrainingProgress> add = Attached(new TrainingRecord(Run)).Progress!;
        add(record.Progress[^1]);
        CollectionAssert.AreEqual(record.Progress.ToArray(), new TrainingRecord(Run).Progress.ToArray());
    }

    [TestMethod]
    public void A_disk_that_fails_costs_the_record_and_not_the_training()
    {
        DcganEstimator.Options options = Options(epochs: 4);
        var record = new TrainingRecord(Run);
        record.Attach(options);
        Directory.Delete(Run, recursive: true);
        using DcganTransformer gan = Fit(options);

        Assert.AreEqual(10, gan.Summary.Steps);
        Assert.AreEqual(16, record.Failures.Count);
        StringAssert.Contains(record.Failures[0], "There is no record of the samples after 0 images: ");
        StringAssert.Contains(record.Failures[1], "There is no record of the report after 4 images: ");
    }

    [TestMethod]
    public void A_folder_that_cannot_be_made_is_refused()
    {
        string file = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(file, "in the way");
        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => new TrainingRecord(file)).Message,
            $"There can be no record of a training in '{file}': ");
        Assert.Throws<ArgumentException>(() => new TrainingRecord(" "));
    }

    [TestMethod]
    public void The_looks_become_an_animation()
    {
        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => new TrainingRecord(Run).ToAnimation()).Message,
            $"'{Run}' has no samples of a training yet.");
        DcganEstimator.Options options = Options(epochs: 4);
        var record = new TrainingRecord(Run);
        record.Attach(options);
        Fit(options).Dispose();

        ImageAnimation animation = record.ToAnimation(delay: 50);
        using MLImage first = MLImage.CreateFromFile(record.Frames[0].Path);
        Assert.AreEqual((6, first.Width, first.Height), (animation.Count, animation.Width, animation.Height));
        Assert.AreEqual(5 * 50 + 2_000, animation.Duration.TotalMilliseconds);

        // Few of many are chosen evenly.
        MLImage[] some = [.. new[] { 0, 2, 5 }.Select(i => MLImage.CreateFromFile(record.Frames[i].Path))];
        CollectionAssert.AreEqual(Pictures.Animation(some, delay: 50, lastDelay: 2_000).ToPng(),
            record.ToAnimation(delay: 50, mostFrames: 3).ToPng());
        Array.ForEach(some, image => image.Dispose());
    }

    private string Run => Path.Combine(_folder.FullName, "run");

    private string[] Files() => Directory.GetFiles(Path.Combine(Run, "samples")).Select(path => Path.GetFileName(path)!)
        .Order(StringComparer.Ordinal).ToArray();

    private DcganTransformer Fit(DcganEstimator.Options options) => _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 10, 16, 12, 3));

    private static DcganEstimator.Options Attached(TrainingRecord record)
    {
        DcganEstimator.Options options = Options(epochs: 4);
        options.CheckpointFolder = "unused";
        options.Resume = true;
        record.Attach(options);
        return options;
    }

    private static DcganEstimator.Options Options(int epochs)
    {
        DcganEstimator.Options options = Pictures.SmallOptions(epochs);
        options.ProgressInterval = 1;
        options.SampleInterval = 8;
        options.SampleCount = 5;
        return options;
    }

    private DcganEstimator.Options Resumed()
    {
        DcganEstimator.Options options = Options(epochs: 6);
        options.CheckpointFolder = Path.Combine(_folder.FullName, "checkpoints");
        options.Resume = true;
        return options;
    }

    // As after a crash: trained and recorded further than the last checkpoint.
    private void Interrupted(int stopAfter, int checkpointAt)
    {
        var source = new CancellationTokenSource();
        DcganEstimator.Options options = Options(epochs: 6);
        options.CheckpointFolder = Path.Combine(_folder.FullName, "checkpoints");
        options.CheckpointInterval = 4 * checkpointAt;
        options.CancellationToken = source.Token;
        new TrainingRecord(Run).Attach(options);
        options.Progress += report =>
        {
            if (report.Step == stopAfter)
                source.Cancel();
        };
        Fit(options).Dispose();
        File.Delete(Path.Combine(options.CheckpointFolder, $"minibatch-{stopAfter:000000000}.checkpoint"));
    }
}
