using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tests;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>
/// The command line tool, killed again and again without warning: at random moments, or just when it has begun to write a file. Whether
/// all that is there can be read each time, whether a training that goes on ends in the weights of one that nobody disturbed, and whether
/// files that exports were to replace are still what they were.
/// </summary>
internal static class KilledRuns
{
    private const int KillsOfTraining = 28;
    private const int KillsOfExports = 12;
    private const int Pictures = 64;
    private const int Side = 32;
    private static readonly string[] _exports = ["g.pth", "g.safetensors", "g.onnx"];

    public static double? Run(BenchmarkOptions options)
    {
        string folder = Path.GetFullPath(Path.Combine(options.Output, "killed"));
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        string pictures = Draw(Path.Combine(folder, "pictures"));
        string undisturbed = Path.Combine(folder, "undisturbed"), disturbed = Path.Combine(folder, "disturbed");
        var random = new Random(options.NamedSeeds.FirstOrDefault(1));

        TimeSpan alone = Finish(Training(pictures, undisturbed));
        Report.Line($"undisturbed: {alone.TotalSeconds:0.0} s");
        int read = 0, partial = 0, finished = 0;
        string[] next = Training(pictures, disturbed);
        for (int kills = 0; kills < KillsOfTraining;)
        {
            if (Kill(next, disturbed, alone, random))
            {
                kills++;
                partial += CheckReadable(disturbed, ref read);
                // Killed before it had written what it was asked for, it has nothing to go on from.
                next = File.Exists(Path.Combine(disturbed, "run.json")) ? ["resume", disturbed] : Training(pictures, disturbed);
            }
            else
            {
                finished++;
                RequireSameWeights(undisturbed, disturbed);
                next = [.. Training(pictures, disturbed), "--overwrite"];
            }
        }
        Finish(next);
        RequireSameWeights(undisturbed, disturbed);
        Report.Line($"training: killed {KillsOfTraining} times, {partial} times while a file was written; {read} files read afterwards; the weights of {finished + 1} finished trainings are the undisturbed one's, byte for byte");

        foreach (string name in _exports)
            Finish(Export(undisturbed, Path.Combine(folder, name)));
        byte[][] exported = [.. _exports.Select(name => File.ReadAllBytes(Path.Combine(folder, name)))];
        partial = 0;
        for (int kills = 0; kills < KillsOfExports;)
        {
            int which = random.Next(_exports.Length);
            string file = Path.Combine(folder, _exports[which]);
            TimeSpan whole = Finish(Export(undisturbed, file));
            if (Kill(Export(undisturbed, file), folder, whole, random))
            {
                kills++;
                partial += Directory.GetFiles(folder, "*.partial").Length;
                if (!File.ReadAllBytes(file).AsSpan().SequenceEqual(exported[which]))
                    throw new InvalidOperationException($"'{file}' is not what it was.");
            }
        }
        Report.Line($"exports over files that are there: killed {KillsOfExports} times, {partial} times while a file was written; all are what they were");
        return null;
    }

    private static string Draw(string folder)
    {
        Directory.CreateDirectory(folder);
        for (int i = 0; i < Pictures; i++)
        {
            var pixels = new byte[Side * Side * 4];
            for (int p = 0; p < pixels.Length; p++)
                pixels[p] = p % 4 == 3 ? byte.MaxValue : (byte)(i * 37 + p * 5);
            using MLImage picture = MLImage.CreateFromPixels(Side, Side, MLPixelFormat.Bgra32, pixels);
            picture.Save(Path.Combine(folder, $"{i}.png"));
        }
        return folder;
    }

    private static string[] Training(string pictures, string folder) =>
    [
        "train", "--images", pictures, "--out", folder, "--size", $"{Side}", "--generator-feature-maps", "8", "--discriminator-feature-maps", "8",
        "--batch-size", "8", "--epochs", "60", "--seed", "1", "--checkpoint-interval", "64", "--sample-interval", "512",
        "--evaluation-interval", "1600", "--evaluation-samples", "64",
    ];

    private static string[] Export(string run, string file) => ["export", Path.Combine(run, "model.zip"), "--out", file];

    private static TimeSpan Finish(string[] command)
    {
        var clock = Stopwatch.StartNew();
        using Process process = Start(command);
        process.WaitForExit();
        return process.ExitCode == 0 ? clock.Elapsed
            : throw new InvalidOperationException($"'dcgan {string.Join(' ', command)}' ended with {process.ExitCode}.");
    }

    /// <returns>Whether it did not end before.</returns>
    private static bool Kill(string[] command, string folder, TimeSpan whole, Random random)
    {
        using Process process = Start(command);
        TimeSpan moment = random.NextDouble() * whole;
        bool whileWriting = random.Next(2) == 0;
        if (process.WaitForExit(moment))
            return false;
        while (whileWriting && !process.HasExited
            && !(Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.partial*", SearchOption.AllDirectories).Any()))
            Thread.Yield();
        process.Kill();
        process.WaitForExit();
        return process.ExitCode != 0;
    }

    private static Process Start(string[] command)
    {
        string tool = BuiltProgram.Of("src/Microsoft.ML.Dcgan.Tool", "Microsoft.ML.Dcgan.Tool.dll");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [tool, .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <returns>How many files were being written.</returns>
    private static int CheckReadable(string folder, ref int read)
    {
        if (!Directory.Exists(folder))
            return 0;
        int partial = 0;
        foreach (string file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            switch (Path.GetExtension(file))
            {
                case ".partial":
                    partial++;
                    continue;
                case ".checkpoint":
                    Checkpoint.Read(file);
                    break;
                case ".zip":
                    new MLContext().Model.Load(file, out _);
                    break;
                case ".png":
                    MLImage.CreateFromFile(file).Dispose();
                    break;
                case ".json":
                    JsonDocument.Parse(File.ReadAllText(file)).Dispose();
                    break;
                case ".html" when !File.ReadAllText(file).TrimEnd().EndsWith("</html>", StringComparison.Ordinal):
                case ".gif" when File.ReadAllBytes(file) is not [.., (byte)';']:
                    throw new InvalidOperationException($"'{file}' is cut short.");
                default:
                    continue;
            }
            read++;
        }
        return partial;
    }

    private static void RequireSameWeights(string run, string other)
    {
        if (!Weights(run).AsSpan().SequenceEqual(Weights(other)))
            throw new InvalidOperationException($"'{other}' has other weights than '{run}'.");
    }

    private static byte[] Weights(string run)
    {
        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(run, "model.zip"));
        using var weights = new MemoryStream();
        foreach (ZipArchiveEntry entry in zip.Entries.Where(entry => entry.Name.EndsWith(".safetensors", StringComparison.Ordinal)))
        {
            using Stream stream = entry.Open();
            stream.CopyTo(weights);
        }
        return weights.ToArray();
    }
}
