using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>
/// Short trainings on Fashion-MNIST 32x32, which at default rates are to raise no alarm, and some that are built to fail,
/// which are to raise the right one within so many images.
/// </summary>
internal static class HealthRuns
{
    private const int Images = 20_000;
    private const int RescueImages = 60_000;
    private const int Seeds = 5;
    private const int Batch = DcganEstimator.Defaults.BatchSize;
    private static readonly DcganEstimator.Options _defaults = new();
    private const int Maps = 32;

    // With small minibatches, overshooting is over before the first look.
    private const int OvershootingBatch = 64;

    private const int Looks = 20;

    // As ProgressReporter has it.
    private static readonly Regex _alarm = new(@"^([A-Za-z]+) after minibatch [0-9]+ \(([0-9]+) images\)");

    private static readonly Case[] _failing =
    [
        new("one repeated image", _ => { }, TrainingAlarm.NothingToLearn, 0, Repeated: true),
        new("learning rate x50", options => options.LearningRate *= 50, TrainingAlarm.DiscriminatorWins, Images),
        new($"learning rate x50, minibatches of {OvershootingBatch}", options => (options.LearningRate, options.BatchSize) =
            (50 * options.LearningRate, OvershootingBatch), TrainingAlarm.Diverged, AtLook(1, OvershootingBatch)),
        new("D's learning rate 0.004, G's 0.00001", options => (options.DiscriminatorLearningRate, options.LearningRate) = (0.004, 0.00001),
            TrainingAlarm.DiscriminatorWins, AtLook(2, Batch)),
        new("G's learning rate 0.004, D's 0.00001", options => (options.DiscriminatorLearningRate, options.LearningRate) = (0.00001, 0.004),
            TrainingAlarm.Diverged, AtLook(1, Batch)),
    ];

    /// <summary>Prints a table, what a look costs, and whether all was as it should be.</summary>
    public static double? Run(BenchmarkOptions options)
    {
        using Tensor pictures = FashionMnist.Pictures(FashionMnist.Training, Images);
        using Tensor repeated = pictures.narrow(0, 0, 1).expand(Images, -1, -1, -1).contiguous();
        IDataView ordinary = JudgedModel.View(pictures), alike = JudgedModel.View(repeated);
        IEnumerable<Case> healthy = Enumerable.Range(1, Seeds)
            .Select(seed => new Case($"healthy, seed {seed}", made => made.Seed = seed, null, Images));
        Report.Line($"{Images:N0} images each, {Maps} feature maps, minibatches of {Batch}, a look every {_defaults.HealthInterval:N0} images");
        Console.WriteLine("| training | expected alarm | within images | raised after images | holds |");
        Console.WriteLine("|---|---|---|---|---|");
        bool all = true;
        foreach (Case run in healthy.Concat(_failing))
            all &= Holds(run, Alarms(run, run.Repeated ? alike : ordinary, options));
        all &= GoingBackRescues(options);
        MeasureLook(pictures);
        Console.WriteLine(all ? "all hold" : "NOT all hold");
        return null;
    }

    // Looks are so many whole minibatches apart.
    private static long AtLook(int look, int batch) => look * ((_defaults.HealthInterval + batch - 1) / batch) * batch;

    private static bool Holds(Case run, List<(TrainingAlarm Alarm, long Images)> alarms)
    {
        bool holds = run.Expected is { } expected ? alarms.Count > 0 && alarms[0].Alarm == expected && alarms[0].Images <= run.Limit
            : alarms.Count == 0;
        string raised = alarms.Count == 0 ? "none"
            : string.Join(", ", alarms.Select(alarm => FormattableString.Invariant($"{alarm.Alarm} {alarm.Images:N0}")));
        Report.Line($"| {run.Name} | {run.Expected?.ToString() ?? "none"} | {run.Limit:N0} | {raised} | {(holds ? "yes" : "NO")} |");
        return holds;
    }

    // From the log: a training that diverges has no summary.
    private static List<(TrainingAlarm Alarm, long Images)> Alarms(Case run, IDataView pictures, BenchmarkOptions options)
    {
        var alarms = new List<(TrainingAlarm, long)>();
        var ml = new MLContext();
        ml.Log += (_, entry) =>
        {
            if (entry.Kind == ChannelMessageKind.Warning && _alarm.Match(entry.RawMessage) is { Success: true } found)
                alarms.Add((Enum.Parse<TrainingAlarm>(found.Groups[1].Value),
                    long.Parse(found.Groups[2].Value, CultureInfo.InvariantCulture)));
        };
        DcganEstimator.Options made = Made(options);
        run.Spoil(made);
        try
        {
            ml.Transforms.Dcgan(made).Fit(pictures).Dispose();
        }
        catch (InvalidOperationException) when (alarms.Count > 0)
        {
            // It diverged: there was nothing to go on with.
        }
        return alarms;
    }

    // How good the generator is in the end, by the Fréchet distance of random features that training can measure by itself.
    private static bool GoingBackRescues(BenchmarkOptions options)
    {
        using Tensor pictures = FashionMnist.Pictures(FashionMnist.Training, RescueImages);
        IDataView view = JudgedModel.View(pictures);
        Report.Line($"{RescueImages:N0} images each, minibatches of {OvershootingBatch}:");
        Console.WriteLine("| training | policy | went back after images | Fréchet distance, random features |");
        Console.WriteLine("|---|---|---|---:|");
        Distance("ordinary", 1, DcganHealthPolicy.Warn);
        return Distance("learning rate x50", 50, DcganHealthPolicy.Warn) > Distance("learning rate x50", 50, DcganHealthPolicy.RollBack);

        double Distance(string name, double faster, DcganHealthPolicy policy)
        {
            DcganEstimator.Options made = Made(options);
            made.BatchSize = OvershootingBatch;
            made.LearningRate *= faster;
            made.HealthPolicy = policy;
            made.EvaluationInterval = RescueImages;
            using DcganTransformer gan = new MLContext().Transforms.Dcgan(made).Fit(view);
            string back = string.Join(", ", gan.Summary.Events.Where(seen => seen.Action == DcganHealthPolicy.RollBack)
                .Select(seen => FormattableString.Invariant($"{seen.Images:N0}")));
            Report.Line($"| {name} | {policy} | {(back.Length == 0 ? "never" : back)} | {gan.Summary.FrechetDistance:0.00} |");
            return gan.Summary.FrechetDistance!.Value;
        }
    }

    private static DcganEstimator.Options Made(BenchmarkOptions options) => new()
    {
        OutputColumnName = "Generated",
        ImageColumnName = JudgedModel.Pixels,
        Epochs = 1,
        GeneratorFeatureMaps = Maps,
        DiscriminatorFeatureMaps = Maps,
        Precision = options.Precision,
        Seed = 1,
    };

    private static void MeasureLook(Tensor pictures)
    {
        using var scope = NewDisposeScope();
        using var networks = new GanNetworks(
            new NetworkShape(FashionMnist.Side, FashionMnist.Side, 1, BenchmarkOptions.NoiseSize, Maps, Maps, 4), CPU);
        var settings = new DcganEstimator.Options
        {
            Epochs = 1,
            BatchSize = Batch,
            LearningRate = 2e-4,
            Seed = 1,
            ProgressInterval = 1,
            HealthPolicy = DcganHealthPolicy.Stop
        };
        using var random = new SeededRandom(1);
        networks.Initialize(random.At(RandomPurpose.Weights));
        using var state = new TrainingState(networks, settings, Batch);
        using var images = new MemoryDataset(Batch, (1, FashionMnist.Side, FashionMnist.Side), CPU);
        images.Complete(Enumerable.Range(0, Batch).Select(i => images.Add(pictures.narrow(0, i, 1).contiguous().bytes)).ToArray());
        using var monitor = new HealthMonitor(networks, state, images, settings, random, null);
        Tensor real = ImageBytes.Normalize(images.Gather(arange(Batch)), CPU), noise = randn([Batch, BenchmarkOptions.NoiseSize]);

        double training = Milliseconds(i =>
            state.Advance(state.Step.Run(real, noise, new StepContext(i, 100, random.At(RandomPurpose.Step, i)))));
        double look = Milliseconds(_ =>
        {
            state.Advance(ones(StepStatistics.Count));
            monitor.Check();
        });
        double between = training * settings.HealthInterval / Batch;
        Report.Line($"a look takes {look:0.0} ms, {look / between:0.00%} of the {between / 1000:0.0} s of training between two");
    }

    private static double Milliseconds(Action<int> work)
    {
        for (int i = 0; i < 3; i++)
            work(i);
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < Looks; i++)
        {
            using var scope = NewDisposeScope();
            work(i);
        }
        return clock.Elapsed.TotalMilliseconds / Looks;
    }

    private sealed record Case(string Name, Action<DcganEstimator.Options> Spoil, TrainingAlarm? Expected, long Limit,
        bool Repeated = false);
}
