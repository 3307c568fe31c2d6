using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>
/// What long use leaves behind in one process: memory, open files, threads and temporary files, after the first and after the last tenth
/// of training steps, of generated pictures, of loads of a model, and of short trainings, of which some are cancelled and some fail.
/// </summary>
internal static class Soak
{
    private const int Tenths = 10;
    private const int Side = 32;
    private const int Batch = 16;
    private const int Pictures = 8 * Batch;
    private const double MostGrowth = 0.01;

    public static double? Run(BenchmarkOptions options)
    {
        // Compiled once: methods compiled anew, as they turn out to be called often, take memory for as long as a thousand loads.
        const string tiers = "DOTNET_TieredCompilation";
        if (Environment.GetEnvironmentVariable(tiers) != "0")
        {
            var again = new ProcessStartInfo(Environment.ProcessPath!,
                [typeof(Soak).Assembly.Location, .. Environment.GetCommandLineArgs().Skip(1)]);
            again.Environment[tiers] = "0";
            using Process process = Process.Start(again)!;
            process.WaitForExit();
            return process.ExitCode == 0 ? null : throw new InvalidOperationException("Not all stayed as it was.");
        }

        string folder = Path.GetFullPath(Path.Combine(options.Output, "soak")), model = Path.Combine(folder, "model.zip");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        // One that no other program has files in.
        Environment.SetEnvironmentVariable(OperatingSystem.IsWindows() ? "TMP" : "TMPDIR",
            Directory.CreateDirectory(Path.Combine(folder, "temporary")).FullName);
        var ml = new MLContext(seed: 1);
        using (DcganTransformer gan = ml.Transforms.Dcgan(Options(epochs: 1)).Fit(Images(ml)))
            ml.Model.Save(gan, null, model);

        bool[] stayed =
        [
            Stays("training steps", 10_000, (steps, measure) => Train(ml, folder, steps, measure)),
            Stays("pictures", 1_000_000, (pictures, measure) => Generate(ml, model, pictures, measure)),
            Stays("loads of a model", 1_000, (loads, measure) => Load(ml, model, loads, measure)),
            Stays("trainings of 2 steps", 1_000, (trainings, measure) => TrainShortly(ml, folder, trainings, measure)),
        ];
        return !stayed.Contains(false) ? null : throw new InvalidOperationException("Not all stayed as it was.");
    }

    /// <param name="what">What is done.</param>
    /// <param name="count">How often.</param>
    /// <param name="job">Does it, and measures after each tenth.</param>
    private static bool Stays(string what, int count, Action<int, Action> job)
    {
        var usage = new List<Usage>();
        job(count, () => usage.Add(Usage.Now()));
        (Usage first, Usage last) = (usage[0], usage[^1]);
        double growth = (double)last.Resident / first.Resident - 1;
        bool stayed = usage.Count == Tenths && growth < MostGrowth && last.Files <= first.Files && last.Threads <= first.Threads
            && last.TemporaryFiles == 0;
        Report.Line($"{count:N0} {what}: {(stayed ? "stayed" : "DID NOT STAY")} (resident {100 * growth:+0.00;-0.00}%)");
        Report.Line($"  resident after each tenth: {string.Join(", ", usage.Select(at => FormattableString.Invariant($"{at.Resident / 1e6:0.0}")))} MB");
        Report.Line($"  after the first: {first}");
        Report.Line($"  after the last:  {last}");
        return stayed;
    }

    // One training, with all that there may be beside its steps.
    private static void Train(MLContext ml, string folder, int steps, Action measure)
    {
        const int interval = 500 * Batch;
        ml.Transforms.Dcgan(Options(epochs: steps / (Pictures / Batch)) with
        {
            CheckpointFolder = Path.Combine(folder, "checkpoints"),
            CheckpointInterval = interval,
            EvaluationInterval = interval,
            EvaluationSamples = 64,
            SampleInterval = interval,
            Samples = samples => samples.ToGrid().Save(Path.Combine(folder, "samples.png")),
            ProgressInterval = steps / Tenths,
            Progress = progress =>
            {
                if (progress.Step % (steps / Tenths) == 0)
                    measure();
            },
        }).Fit(Images(ml)).Dispose();
    }

    private static void Generate(MLContext ml, string model, int pictures, Action measure)
    {
        const int together = 1_000;
        using var gan = (DcganTransformer)ml.Model.Load(model, out _);
        for (int made = together; made <= pictures; made += together)
        {
            gan.Generate(together, seed: made);
            MeasureAt(made, pictures, measure);
        }
    }

    private static void Load(MLContext ml, string model, int loads, Action measure)
    {
        for (int i = 1; i <= loads; i++)
        {
            using (var gan = (DcganTransformer)ml.Model.Load(model, out _))
                gan.Generate(1, seed: i);
            MeasureAt(i, loads, measure);
        }
    }

    private static void TrainShortly(MLContext ml, string folder, int trainings, Action measure)
    {
        for (int i = 1; i <= trainings; i++)
        {
            using var stop = new CancellationTokenSource();
            int kind = i % 5;
            DcganEstimator.Options options = Options(epochs: 1) with
            {
                BatchSize = Pictures / 2,
                // Every other one in a temporary file.
                CacheFolder = i % 2 == 0 ? Path.GetTempPath() : null,
                CancellationToken = stop.Token,
                ProgressInterval = 1,
                Progress = _ =>
                {
                    if (kind == 1)
                        stop.Cancel();
                    if (kind == 2)
                        throw new TimeoutException("A user's own failure, in a step.");
                },
            };
            try
            {
                ml.Transforms.Dcgan(options).Fit(Images(ml, damaged: kind == 3)).Dispose();
            }
            catch (Exception failure) when (failure is TimeoutException or InvalidOperationException)
            {
                // As it should.
            }
            MeasureAt(i, trainings, measure);
        }
    }

    private static void MeasureAt(int done, int count, Action measure)
    {
        if (done % (count / Tenths) == 0)
            measure();
    }

    [DllImport("libc.so.6")]
    private static extern int malloc_trim(nint pad);

    private static DcganEstimator.Options Options(int epochs) => new()
    {
        OutputColumnName = "Generated",
        ImageColumnName = VectorRows.Column,
        GeneratorFeatureMaps = 8,
        DiscriminatorFeatureMaps = 8,
        BatchSize = Batch,
        Epochs = epochs,
    };

    private static IDataView Images(MLContext ml, bool damaged = false) => VectorRows.View(ml, Enumerable.Range(0, Pictures).Select(i =>
        Enumerable.Range(0, Side * Side).Select(p => damaged && i == Pictures / 2 ? float.NaN : ((i * 37 + p * 5) % 256) / 127.5f - 1)
            .ToArray()), 1, Side, Side);

    /// <summary>What this process has, once all that is garbage is collected, and what is free is given back.</summary>
    private sealed record Usage(long Resident, long Managed, int Files, int Threads, int TemporaryFiles)
    {
        public static Usage Now()
        {
            for (int i = 0; i < 2; i++)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                GC.WaitForPendingFinalizers();
            }
            _ = malloc_trim(0);
            return new(Machine.ResidentMemory(), GC.GetTotalMemory(false), Directory.GetFileSystemEntries("/proc/self/fd").Length,
                Directory.GetDirectories("/proc/self/task").Length, Directory.GetFileSystemEntries(Path.GetTempPath()).Length);
        }

        public override string ToString() => FormattableString.Invariant(
            $"resident {Resident / 1e6:0.0} MB, of which .NET's objects {Managed / 1e6:0.0} MB; {Files} files, {Threads} threads, {TemporaryFiles} temporary files");
    }
}
