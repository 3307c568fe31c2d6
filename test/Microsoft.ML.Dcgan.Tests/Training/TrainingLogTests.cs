namespace Microsoft.ML.Dcgan.Tests.Training;

/// <summary>What a training says of itself: to ML.NET's log, to the user, and in its summary.</summary>
[TestClass]
public sealed class TrainingLogTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _messages = [];

    public TrainingLogTests() => _ml.Log += (_, entry) => _messages.Add(entry.Message);

    [TestMethod]
    public void A_report_is_in_the_log_and_reaches_the_callback()
    {
        var reports = new List<TrainingProgress>();
        using var log = new TrainingLog(_ml, reports.Add);
        log.Report(Progress);
        Said("Epoch 1/2, minibatch 3/9: discriminator loss 1.250, generator loss 0.500, D(x) 0.750, D(G(z)) 0.250 / 0.125, 100 images/s, " +
            "00:00:02 left.");
        Said("Fréchet distance after minibatch 3: 12.5.");
        Assert.AreSame(Progress, reports.Single());
    }

    [TestMethod]
    public void How_it_ended_is_in_the_log()
    {
        using var log = new TrainingLog(_ml, null);
        log.End(Summary with { BestStep = 2, FrechetDistance = 1.5, Stalled = true }, patience: 3);
        Said("The generator is that of minibatch 2 of 4: Fréchet distance 1.5.");
        Said("Training ended after 4 of 9 minibatches: 3 evaluations brought nothing better.");
        log.End(Summary with { Cancelled = true }, patience: 0);
        Said("Training was cancelled after 4 of 9 minibatches; the model is what it had become by then.");
        log.End(Summary with { BestStep = 2, Events = [Stop] }, patience: 0);
        Said("Training was stopped after 4 of 9 minibatches (Diverged); the model is what it was after minibatch 2.");

        _messages.Clear();
        log.End(Summary with { Events = [Stop with { Action = DcganHealthPolicy.Warn }] }, patience: 0);
        Assert.IsEmpty(_messages);
    }

    [TestMethod]
    public void The_summary_says_how_it_went()
    {
        const string Start = "Trained on 1,000 images for 4 of 9 minibatches of 8 in ";
        Assert.AreEqual(Start + "90 s. It was stopped early, as it went wrong.", $"{Summary}");
        Assert.AreEqual(Start + "90 min. It was cancelled before its end.",
            $"{Summary with { Duration = TimeSpan.FromMinutes(90), Cancelled = true }}");
        Assert.AreEqual(Start + "2.5 h. It ended early, as evaluations brought nothing better. " +
            "The model is the generator of minibatch 2. Its Fréchet distance is 1.5.",
            $"{Summary with { Duration = TimeSpan.FromHours(2.5), Stalled = true, BestStep = 2, FrechetDistance = 1.5 }}");
    }

    private static TrainingProgress Progress { get; } = new()
    {
        Epoch = 1,
        Epochs = 2,
        Step = 3,
        Steps = 9,
        DiscriminatorLoss = 1.25,
        GeneratorLoss = 0.5,
        RealScore = 0.75,
        GeneratedScoreBefore = 0.25,
        GeneratedScoreAfter = 0.125,
        ImagesPerSecond = 100,
        FrechetDistance = 12.5,
        Elapsed = TimeSpan.FromSeconds(1),
        TimeLeft = TimeSpan.FromSeconds(2),
    };

    private static TrainingSummary Summary => new()
    {
        Images = 1000,
        Epochs = 1,
        BatchSize = 8,
        Steps = 4,
        PlannedSteps = 9,
        Seed = 1,
        Device = "cpu",
        Precision = DcganPrecision.Float32,
        Duration = TimeSpan.FromSeconds(90),
        Cancelled = false,
        History = [],
    };

    private static TrainingEvent Stop => new()
    {
        Alarm = TrainingAlarm.Diverged,
        Step = 4,
        Images = 32,
        Action = DcganHealthPolicy.Stop,
        Message = "",
    };

    private void Said(string text) =>
        Assert.IsTrue(_messages.Any(message => message.Contains(text)), $"'{text}' is not in: {string.Join("\n", _messages)}");
}
