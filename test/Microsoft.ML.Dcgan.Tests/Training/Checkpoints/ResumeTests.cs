using Microsoft.ML.Dcgan.Training;
using TorchSharp;

namespace Microsoft.ML.Dcgan.Tests.Training.Checkpoints;

[TestClass]
public sealed class ResumeTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [TestCleanup]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    [DataRow(5)]
    [DataRow(13)]
    public void A_training_that_stopped_and_went_on_ends_in_the_same_bits(int stop)
    {
        byte[] uninterrupted = Weights(Fit(WithEverything()));

        DcganEstimator.Options options = WithEverything();
        options.CheckpointFolder = _folder.FullName;
        StopAfter(stop, options);
        using (DcganTransformer part = Fit(options))
            Assert.AreEqual(stop, part.Summary.Steps);
        using DcganTransformer whole = Fit(Resumed());

        CollectionAssert.AreEqual(uninterrupted, Weights(whole));
        Assert.AreEqual(15, whole.Summary.Steps);
        Assert.IsFalse(whole.Summary.Cancelled);
    }

    [TestMethod]
    public void Where_memory_runs_out_models_save_as_before_and_checkpoints_stay()
    {
        using DcganTransformer earlier = Pictures.SmallModel(_ml);
        byte[] saved = ModelFile.Saved(earlier, earlier.SampleNoise(1));
        byte[] uninterrupted = Weights(Fit(WithEverything()));

        DcganEstimator.Options options = WithEverything();
        options.CheckpointFolder = _folder.FullName;
        options.CheckpointInterval = 4;
        options.ProgressInterval = 1;
        // More than there is anywhere: it is libtorch that says so.
        options.Progress = report => (report.Step == 7 ? torch.empty(1L << 50) : torch.empty(1)).Dispose();
        StringAssert.StartsWith(Assert.ThrowsExactly<InsufficientMemoryException>(() => Fit(options)).Message,
            "Training needs more memory than there is: ");

        CollectionAssert.AreEqual(ModelFile.Entries(saved).Values.SelectMany(bytes => bytes).ToArray(),
            ModelFile.Entries(ModelFile.Saved(earlier, earlier.SampleNoise(1))).Values.SelectMany(bytes => bytes).ToArray());
        CollectionAssert.AreEqual(uninterrupted, Weights(Fit(Resumed())));
    }

    [TestMethod]
    public void The_history_goes_on_too()
    {
        using DcganTransformer uninterrupted = Fit(WithEverything());
        DcganEstimator.Options options = WithEverything();
        options.CheckpointFolder = _folder.FullName;
        options.CheckpointInterval = 4;
        options.CheckpointsKept = 100;
        Fit(options).Dispose();

        // Between two reports, the last of which was an evaluation.
        foreach (FileInfo file in _folder.GetFiles("minibatch-*")
            .Where(file => string.CompareOrdinal(file.Name, "minibatch-000000005") >= 0))
            file.Delete();
        using DcganTransformer whole = Fit(Resumed());

        Assert.AreEqual(uninterrupted.Summary.BestStep, whole.Summary.BestStep);
        CollectionAssert.AreEqual(uninterrupted.Summary.History.Select(Figures).ToArray(), whole.Summary.History.Select(Figures).ToArray());

        static string Figures(TrainingProgress report) =>
            $"{report.Step}: {report.DiscriminatorLoss} {report.GeneratorLoss} {report.RealScore} {report.FrechetDistance}";
    }

    [TestMethod]
    public void A_finished_training_goes_on_with_more_epochs()
    {
        // A schedule would be another one.
        DcganEstimator.Options all = Pictures.SmallOptions(epochs: 6) with { LearningRateSchedule = DcganSchedule.Constant };
        byte[] uninterrupted = Weights(Fit(all));

        DcganEstimator.Options half = all with { Epochs = 3 };
        half.CheckpointFolder = _folder.FullName;
        Fit(half).Dispose();
        all.CheckpointFolder = _folder.FullName;
        all.Resume = true;
        using DcganTransformer gan = Fit(all);

        CollectionAssert.AreEqual(uninterrupted, Weights(gan));
        Assert.AreEqual(15, gan.Summary.Steps);
    }

    [TestMethod]
    public void A_random_seed_is_kept()
    {
        DcganEstimator.Options options = Pictures.SmallOptions(epochs: 6);
        options.Seed = null;
        options.CheckpointFolder = _folder.FullName;
        StopAfter(4, options);
        int seed;
        using (DcganTransformer part = new MLContext().Transforms.Dcgan(options).Fit(Data()))
            seed = part.Summary.Seed;

        options.Progress = null;
        options.CancellationToken = default;
        options.Resume = true;
        using DcganTransformer whole = new MLContext().Transforms.Dcgan(options).Fit(Data());
        Assert.AreEqual(seed, whole.Summary.Seed);
        Assert.AreEqual(15, whole.Summary.Steps);
    }

    [TestMethod]
    public void Without_a_checkpoint_it_starts_at_the_start()
    {
        using DcganTransformer gan = Fit(Resumed());
        Assert.AreEqual(15, gan.Summary.Steps);
    }

    [TestMethod]
    public void A_damaged_checkpoint_is_passed_over_for_the_one_before()
    {
        byte[] uninterrupted = Weights(Fit(WithEverything()));
        DcganEstimator.Options options = WithEverything();
        options.CheckpointFolder = _folder.FullName;
        options.CheckpointInterval = 8;
        StopAfter(9, options);
        Fit(options).Dispose();
        FileInfo last = _folder.GetFiles("minibatch-*.checkpoint").MaxBy(file => file.Name)!;
        using (FileStream file = last.OpenWrite())
            file.SetLength(file.Length / 2);

        var messages = new System.Collections.Generic.List<string>();
        _ml.Log += (_, entry) => messages.Add(entry.Message);
        using DcganTransformer whole = Fit(Resumed());

        CollectionAssert.AreEqual(uninterrupted, Weights(whole));
        Assert.IsTrue(messages.Any(message =>
            message.Contains($"The checkpoint '{last.FullName}' cannot be read, and the one before it is taken")),
            string.Join("\n", messages));
    }

    [TestMethod]
    public void Where_none_can_be_read_it_says_so()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "minibatch-000000005.checkpoint"), "junk");
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => Fit(Resumed()));
        StringAssert.Contains(failure.Message, "None of the 1 checkpoints in CheckpointFolder");
    }

    [TestMethod]
    public void Checkpoints_of_another_training_are_not_overwritten()
    {
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.CheckpointFolder = _folder.FullName;
        Fit(options).Dispose();
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => Fit(options));
        StringAssert.Contains(failure.Message, "Set Resume to true to go on with it, or name another folder.");
    }

    [TestMethod]
    [DataRow("LearningRate", 3e-3, "with LearningRate 0.002, but it is 0.003 now. Set LearningRate as it was")]
    [DataRow("BatchSize", 3, "with BatchSize 4, but it is 3 now")]
    [DataRow("NoiseSize", 5, "with NoiseSize 6, but it is 5 now")]
    [DataRow("HealthPolicy", DcganHealthPolicy.RollBack, "with HealthPolicy Warn, but it is RollBack now. Set HealthPolicy as it was")]
    [DataRow("EvaluationInterval", 8L, "with EvaluationInterval 0, but it is 8 now. Set EvaluationInterval as it was")]
    [DataRow("Loss", DcganLoss.Hinge, "with Loss Relativistic, but it is Hinge now")]
    [DataRow("Seed", 9, "with Seed 1, but it is 9 now")]
    public void Other_options_are_refused_by_name(string option, object value, string message)
    {
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.CheckpointFolder = _folder.FullName;
        Fit(options).Dispose();
        options.Resume = true;
        typeof(DcganEstimator.Options).GetField(option)!.SetValue(options, value);
        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => Fit(options)).Message, message);
    }

    [TestMethod]
    public void Other_images_are_refused()
    {
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.CheckpointFolder = _folder.FullName;
        Fit(options).Dispose();
        options.Resume = true;

        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() =>
            _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 11, 16, 12, 3))).Message,
            "on 10 images, but the data has 11");
        IDataView reversed = Pictures.View(_ml, Enumerable.Range(0, 10).Reverse().Select(i => Pictures.Pixels(i, 16, 12, 3)), 3, 16, 12);
        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => _ml.Transforms.Dcgan(options).Fit(reversed)).Message,
            "on other images than these, or on the same in another order");
    }

    // Everything that has a state, or draws: an average, an evaluation, looks at its health, several discriminator steps, a schedule, dropout, augmentation.
    internal static DcganEstimator.Options WithEverything()
    {
        DcganEstimator.Options options = Pictures.SmallOptions(epochs: 6);
        options.AverageHalfLife = 10;
        options.EvaluationInterval = 12;
        options.EvaluationSamples = 8;
        options.DiscriminatorSteps = 2;
        options.LearningRateSchedule = DcganSchedule.Cosine;
        options.HealthPolicy = DcganHealthPolicy.RollBack;
        options.HealthInterval = 8;
        options.DiscriminatorDropout = 0.25;
        options.Augmentation = DcganAugmentation.All;
        options.AdaptiveAugmentation = false;
        options.ProgressInterval = 3;
        return options;
    }

    private DcganEstimator.Options Resumed()
    {
        DcganEstimator.Options options = WithEverything();
        options.CheckpointFolder = _folder.FullName;
        options.Resume = true;
        return options;
    }

    private static void StopAfter(int step, DcganEstimator.Options options)
    {
        var source = new CancellationTokenSource();
        options.ProgressInterval = 1;
        options.Progress = report =>
        {
            if (report.Step == step)
                source.Cancel();
        };
        options.CancellationToken = source.Token;
    }

    // 15 minibatches of 4 in 6 epochs.
    private IDataView Data() => Pictures.View(_ml, 10, 16, 12, 3);

    private DcganTransformer Fit(DcganEstimator.Options options) => _ml.Transforms.Dcgan(options).Fit(Data());

    private static byte[] Weights(DcganTransformer gan)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        return gan.Networks.Generator.state_dict().Concat(gan.Networks.Discriminator.state_dict())
            .SelectMany(entry => entry.Value.detach().contiguous().bytes.ToArray()).ToArray();
    }
}
