using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>
/// A training whose process is killed again and again, at random moments and without warning, and goes on each time from
/// its last checkpoint: whether it ends in the weights of one that nobody disturbed.
/// </summary>
internal static class KilledRuns
{
    /// <summary>What this program is called with to be the process that is killed.</summary>
    public const string Victim = "killed-victim";

    private const int Kills = 20;
    private const int Pictures = 64;
    private const int Epochs = 60;
    private const string WeightsName = "weights";

    public static double? Run(BenchmarkOptions options)
    {
        string folder = Path.Combine(options.Output, "killed");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        string undisturbed = Path.Combine(folder, "undisturbed"), disturbed = Path.Combine(folder, "disturbed");
        var clock = Stopwatch.StartNew();
        using (Process whole = Start(undisturbed))
            whole.WaitForExit();
        TimeSpan alone = clock.Elapsed;
        Report.Line($"undisturbed: {alone.TotalSeconds:0.0} s, weights {Weights(undisturbed)}");

        // Some are killed before they have read the last checkpoint, some long after.
        var random = new Random(options.NamedSeeds.FirstOrDefault(1));
        int kills = 0, partial = 0, read = 0;
        while (kills < Kills)
        {
            using Process victim = Start(disturbed);
            if (victim.WaitForExit(TimeSpan.FromSeconds(random.NextDouble() * Math.Max(3, alone.TotalSeconds / 6))))
                break;
            victim.Kill();
            victim.WaitForExit();
            kills++;
            if (!Directory.Exists(Checkpoints(disturbed)))
                continue;
            partial += Directory.GetFiles(Checkpoints(disturbed), "*.partial").Length;
            foreach (string file in Directory.GetFiles(Checkpoints(disturbed), "*.checkpoint"))
            {
                long done = Checkpoint.Read(file).Resumable.Done;
                CheckWhole(file);
                read++;
                if (file == Directory.GetFiles(Checkpoints(disturbed), "minibatch-*.checkpoint").Order(StringComparer.Ordinal).Last())
                    Report.Line($"kill {kills}: the last checkpoint is of minibatch {done}");
            }
        }
        using (Process last = Start(disturbed))
            last.WaitForExit();

        bool equal = Weights(undisturbed) == Weights(disturbed);
        Report.Line($"killed {kills} times, {partial} times while writing a checkpoint; all {read} checkpoints found afterwards could be read; weights {Weights(disturbed)}");
        Report.Line($"{(equal ? "equal" : "NOT equal")} to the undisturbed run's, byte for byte");
        return equal && kills == Kills ? null : throw new InvalidOperationException($"Only {kills} kills, or other weights.");
    }

    /// <summary>Trains in a folder, from the last checkpoint there is.</summary>
    public static void Train(string folder)
    {
        TorchSharp.torch.set_num_threads(2);
        var ml = new MLContext(seed: 1);
        IEnumerable<float[]> rows = Enumerable.Range(0, Pictures)
            .Select(i => Enumerable.Range(0, 32 * 32).Select(p => ((i * 37 + p * 5) % 256) / 127.5f - 1).ToArray());
        using DcganTransformer gan = ml.Transforms.Dcgan(new DcganEstimator.Options
        {
            OutputColumnName = "Generated",
            ImageColumnName = VectorRows.Column,
            GeneratorFeatureMaps = 8,
            DiscriminatorFeatureMaps = 8,
            BatchSize = 8,
            Epochs = Epochs,
            AverageHalfLife = 100,
            EvaluationInterval = 200,
            EvaluationSamples = 64,
            CheckpointFolder = Checkpoints(folder),
            CheckpointInterval = 8,
            Resume = true,
        }).Fit(VectorRows.View(ml, rows, 1, 32, 32));
        string zip = Path.Combine(folder, "model.zip");
        ml.Model.Save(gan, null, zip);
        File.WriteAllText(Path.Combine(folder, WeightsName), HashOfWeights(zip));
    }

    private static Process Start(string folder) =>
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(KilledRuns).Assembly.Location, Victim, folder]))!;

    private static string Checkpoints(string folder) => Path.Combine(folder, "checkpoints");

    private static string Weights(string folder) => File.ReadAllText(Path.Combine(folder, WeightsName));

    // Reading an entry to its end checks its CRC.
    private static void CheckWhole(string file)
    {
        using var zip = System.IO.Compression.ZipFile.OpenRead(file);
        foreach (var entry in zip.Entries)
        {
            using Stream stream = entry.Open();
            stream.CopyTo(Stream.Null);
        }
    }

    private static string HashOfWeights(string model)
    {
        using var zip = System.IO.Compression.ZipFile.OpenRead(model);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in zip.Entries.Where(entry => entry.Name.EndsWith(".safetensors", StringComparison.Ordinal))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            using Stream stream = entry.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            hash.AppendData(bytes.ToArray());
        }
        return Convert.ToHexString(hash.GetHashAndReset())[..16];
    }
}
