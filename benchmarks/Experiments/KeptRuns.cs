using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Dcgan.Benchmarks.Speed;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>Trains, generates and judges, each only once: a run that the output folder has is not run again.</summary>
internal sealed class KeptRuns(BenchmarkOptions options, PictureSet set)
{
    private const int Shown = 64;
    private readonly Dictionary<string, KeptRun> _runs = [];

    /// <summary>This library's, through its public API.</summary>
    /// <param name="configuration">Its options.</param>
    /// <param name="seed">Its seed, and that of the noise of the samples.</param>
    /// <param name="images">Images trained on.</param>
    /// <param name="most">No more pictures than this.</param>
    public string Ours(Configuration configuration, int seed, int images, int most = int.MaxValue)
    {
        (int pictures, int epochs) = set.Passes(images, most);
        string name = Name(pictures, epochs, configuration.Name(() => JudgedModel.Options(options, seed)), seed);
        DcganEstimator.Options training = configuration.Apply(JudgedModel.Options(options, seed));
        training.Epochs = epochs;
        if (Find(name) is { } kept)
        {
            CheckSettings(kept, Configuration.Values(training));
            return name;
        }

        Report.Line($"{name} ...");
        set_num_threads(options.Threads);
        using Tensor some = set.Training.narrow(0, 0, pictures);
        if (options.CurveInterval > 0)
        {
            training.SampleInterval = options.CurveInterval;
            training.SampleCount = set.Samples;
            training.Samples = sampled => KeptRun.Write(KeptRun.CurveFile(options.Output, name, sampled.Images),
                JudgedModel.Planes(sampled.Pictures, (int)some.shape[1]));
        }
        var run = new KeptRun { Name = name, Settings = Configuration.Values(training), Steps = 0, ProcessorSeconds = 0 };
        try
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            using DcganTransformer gan = JudgedModel.Train(training, JudgedModel.View(some, set.Classes));
            run = run with
            {
                Steps = gan.Summary.Steps,
                ProcessorSeconds = (Environment.CpuUsage.TotalTime - before).TotalSeconds,
                Alarms = [.. gan.Summary.Events.Select(alarm => $"{alarm.Images}: {alarm.Message}")],
                LargestScoreGap = LargestScoreGap(gan.Summary),
            };
            KeptRun.Write(run.Samples(options.Output), JudgedModel.Samples(gan, set.Samples, seed, (int)some.shape[1]));
            Show(gan, seed, Path.Combine(options.Output, name + ".png"));
        }
        catch (InvalidOperationException failed)
        {
            // Diverged, for one: that is a result too.
            Report.Line($"{name} failed: {failed.Message}");
            run = run with { Failure = failed.Message };
        }
        _runs[name] = run.Failure == null ? run.Keep(options.Output) : run;
        return name;
    }

    /// <summary>PyTorch's official example, on Fashion-MNIST.</summary>
    public string Theirs(int seed, int images)
    {
        (int pictures, int epochs) = set.Passes(images);
        string name = Name(pictures, epochs, "pytorch", seed);
        if (Find(name) != null)
            return name;

        Report.Line($"{name} ...");
        FormattableString arguments = $"--batch {options.Batch} --maps {options.Maps} --noise {BenchmarkOptions.NoiseSize} --threads {options.Threads} --pictures {pictures} --epochs {epochs} --samples {set.Samples} --seed {seed}";
        JsonElement result = PythonScript.Run(options, "dcgan_samples.py",
            [.. FormattableString.Invariant(arguments).Split(' '), Path.Combine(options.Output, name + ".bytes")]).Single();
        var run = new KeptRun
        {
            Name = name,
            Settings = [],
            Steps = result.GetProperty("steps").GetInt64(),
            ProcessorSeconds = result.GetProperty("processor_seconds").GetDouble()
        };
        Report.Line($"seed {seed}: PyTorch's example trained {run.Steps} steps in {TimeSpan.FromSeconds(result.GetProperty("seconds").GetDouble()):mm\\:ss}");
        _runs[name] = run.Keep(options.Output);
        return name;
    }

    /// <summary>The same example on the libtorch that this library runs on, on any set.</summary>
    public string Example(int seed, int images, int most = int.MaxValue, double rate = ExampleLoop.OwnLearningRate,
        int batch = ExampleLoop.OwnBatch)
    {
        (int pictures, int epochs) = set.Passes(images, most);
        string name = Name(pictures, epochs, FormattableString.Invariant($"example-{rate}"), seed, batch);
        if (Find(name) != null)
            return name;

        Report.Line($"{name} ...");
        set_num_threads(options.Threads);
        using var scope = NewDisposeScope();
        using ExampleLoop example = ExampleLoop.For(set.Training, options with { Batch = batch }, seed, rate);
        TimeSpan before = Environment.CpuUsage.TotalTime, sampling = default;
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            example.TrainOn(set.Training.narrow(0, 0, pictures), epochs: 1);
            long done = (long)epoch * pictures;
            if (options.CurveInterval > 0 && done / options.CurveInterval > (done - pictures) / options.CurveInterval)
            {
                TimeSpan trained = Environment.CpuUsage.TotalTime;
                KeptRun.Write(KeptRun.CurveFile(options.Output, name, done), example.Samples(set.Samples));
                sampling += Environment.CpuUsage.TotalTime - trained;
            }
        }
        var run = new KeptRun
        {
            Name = name,
            Settings = [],
            Steps = (long)epochs * ((pictures + batch - 1) / batch),
            ProcessorSeconds = (Environment.CpuUsage.TotalTime - before - sampling).TotalSeconds,
        };
        KeptRun.Write(run.Samples(options.Output), example.Samples(set.Samples));
        _runs[name] = run.Keep(options.Output);
        return name;
    }

    /// <summary>The runs with their figures, in the order of their names here; those that failed have none.</summary>
    public IReadOnlyList<KeptRun> Judged(IEnumerable<string> names)
    {
        string[] all = names.ToArray();
        KeptRun[] open = all.Distinct().Select(name => _runs[name]).Where(run => run.Figures == null && run.Failure == null).ToArray();
        if (open.Length > 0 || !ClassifierFeatures.AreKept(options))
        {
            Dictionary<string, double> toTraining = ClassifierFeatures.Distances(options, open.Select(run => run.Samples(options.Output)));
            foreach (KeptRun run in open)
            {
                ImageGenerationMetrics metrics = Evaluate(run.Name);
                _runs[run.Name] = (run with
                {
                    Figures = new RunFigures(metrics.FrechetDistance, metrics.KernelDistance, metrics.Precision, metrics.Recall,
                        metrics.Density, metrics.Coverage,
                        toTraining[run.Samples(options.Output)]),
                }).Keep(options.Output);
            }
        }
        return all.Select(name => _runs[name]).ToArray();
    }

    /// <summary>The distances of a run's samples while it trained, after so many images.</summary>
    public (long Images, double Frechet)[] Course(string name)
    {
        JudgeCourses([name]);
        return SampledFiles(name).Select(Path.GetFileNameWithoutExtension)
            .Select(file => (long.Parse(file![(name.Length + 1)..], CultureInfo.InvariantCulture), Evaluate(file).FrechetDistance))
            .Order().ToArray();
    }

    /// <summary>Computes what <see cref="Course"/> needs, of several runs at once: each time that takes the features of the real
    /// pictures, too. What an earlier one left is not computed again.</summary>
    public void JudgeCourses(IEnumerable<string> names)
    {
        string[] open = [.. names.SelectMany(SampledFiles)
            .Where(file => File.GetLastWriteTimeUtc(Path.ChangeExtension(file, ".npy")) < File.GetLastWriteTimeUtc(file))];
        if (open.Length > 0)
            ClassifierFeatures.Distances(options, open);
    }

    private string[] SampledFiles(string name) => Directory.GetFiles(options.Output, $"{name}@*.bytes");

    /// <summary>What real training pictures get: the best that there is.</summary>
    public RunFigures JudgedRealPictures()
    {
        ImageGenerationMetrics metrics = Evaluate($"{set.Name}-train");
        return new RunFigures(metrics.FrechetDistance, metrics.KernelDistance, metrics.Precision, metrics.Recall, metrics.Density,
            metrics.Coverage, 0);
    }

    private ImageGenerationMetrics Evaluate(string name) => Evaluate(options, set, name);

    /// <summary>The metrics of samples whose features <see cref="ClassifierFeatures.Distances"/> left, against held-out pictures.</summary>
    public static ImageGenerationMetrics Evaluate(BenchmarkOptions options, PictureSet set, string name)
    {
        var ml = new MLContext(seed: 1);
        return ml.ImageGeneration().Evaluate(ClassifierFeatures.View(ml, options, $"{set.Name}-test"),
            ClassifierFeatures.View(ml, options, name), new ImageGenerationOptions
            {
                RealColumnName = VectorRows.Column,
                GeneratedColumnName = VectorRows.Column,
                Metrics = GenerationMetrics.All & ~GenerationMetrics.MsSsim,
            });
    }

    private string Name(int pictures, int epochs, string configuration, int seed, int? batch = null) =>
        FormattableString.Invariant($"{set.Name}-{pictures}x{epochs}-{options.Maps}-{batch ?? options.Batch}-{configuration}-{seed}");

    private KeptRun? Find(string name)
    {
        if (!_runs.ContainsKey(name) && KeptRun.Find(options.Output, name) is { } kept)
            _runs[name] = kept;
        return _runs.GetValueOrDefault(name);
    }

    // A default that has changed since, and that the list of former ones lacks, would pass off old runs as new ones.
    private void CheckSettings(KeptRun kept, Dictionary<string, string> settings)
    {
        foreach ((string name, string value) in settings)
        {
            if (kept.Settings.TryGetValue(name, out string? before) && before != value)
                throw new FormatException($"{kept.Name} in {options.Output} was trained with {name}={before}, and now it would be {value}: add the former default to Configuration, or delete that run's files");
        }
    }

    // D(x) - D(G(z)), as a mean over 1,000 minibatches.
    private static double LargestScoreGap(TrainingSummary summary)
    {
        double[] gaps = [.. summary.History.Select(report => report.RealScore - report.GeneratedScoreBefore)];
        int window = Math.Min(gaps.Length, 1000 / JudgedModel.ProgressInterval);
        return Enumerable.Range(0, gaps.Length - window + 1).Max(first => gaps.Skip(first).Take(window).Average());
    }

    private static void Show(DcganTransformer gan, int seed, string file) => new ImageGrid(gan.Generate(Shown, seed)).Save(file);
}

/// <summary>
/// One training and what came of it, in a folder: NAME.json, this record; NAME.bytes, samples; NAME.png, some of them to look
/// at. So what was measured once need not be again.
/// </summary>
internal sealed record KeptRun
{
    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true };

    public required string Name { get; init; }

    /// <summary>The options that it was trained with; empty where this library did not train it.</summary>
    public required Dictionary<string, string> Settings { get; init; }

    /// <summary>Minibatches trained on.</summary>
    public required long Steps { get; init; }

    /// <summary>What training took of all processors together, which depends less than its duration on what else they did.</summary>
    public required double ProcessorSeconds { get; init; }

    /// <summary>What went wrong, after so many images.</summary>
    public IReadOnlyList<string> Alarms { get; init; } = [];

    /// <summary>The largest D(x) - D(G(z)) as a mean over 1,000 minibatches.</summary>
    public double? LargestScoreGap { get; init; }

    /// <summary>Why there are no samples; null if there are. Such a run is not kept.</summary>
    public string? Failure { get; init; }

    /// <summary>Null until it is judged.</summary>
    public RunFigures? Figures { get; init; }

    public static KeptRun? Find(string folder, string name)
    {
        string file = Path.Combine(folder, name + ".json");
        KeptRun? run = File.Exists(file) ? JsonSerializer.Deserialize<KeptRun>(File.ReadAllText(file)) : null;
        return run != null && File.Exists(run.Samples(folder)) ? run : null;
    }

    public string Samples(string folder) => Path.Combine(folder, Name + ".bytes");

    /// <summary>Samples of a training after so many images.</summary>
    public static string CurveFile(string folder, string name, long images) => Path.Combine(folder, $"{name}@{images}.bytes");

    public KeptRun Keep(string folder)
    {
        Write(Path.Combine(folder, Name + ".json"), JsonSerializer.SerializeToUtf8Bytes(this, _json));
        return this;
    }

    /// <summary>Writes a file that is never found half written.</summary>
    public static void Write(string file, byte[] content)
    {
        File.WriteAllBytes(file + ".partial", content);
        File.Move(file + ".partial", file, overwrite: true);
    }
}

/// <summary>What the pictures of a run are worth, against held-out pictures but for the last.</summary>
internal sealed record RunFigures(double Frechet, double Kernel, double Precision, double Recall, double Density, double Coverage,
    double FrechetToTraining);
