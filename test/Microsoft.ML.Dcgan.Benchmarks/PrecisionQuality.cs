using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>
/// Whether bfloat16 costs quality: trains on Fashion-MNIST in both precisions, from the same seeds, and compares the
/// Fréchet distances of what they generate.
/// </summary>
internal static class PrecisionQuality
{
    private const int Side = FashionMnist.Side;
    private const int Border = 2;
    private const int Samples = 10_000;
    private const int Chunk = 500;

    /// <returns>The mean distance in bfloat16 over the mean in float32.</returns>
    public static double Run(BenchmarkOptions options)
    {
        Directory.CreateDirectory(options.Output);
        using Tensor pictures = Pictures();
        int epochs = Math.Max(1, (int)Math.Round((double)options.Images / pictures.shape[0]));
        Report.Line($"Fashion-MNIST with a border, 32x32x1: {epochs} epochs of {pictures.shape[0]} pictures, batch {options.Batch}, {options.Maps} feature maps; {Samples} samples");

        var files = new List<(ScalarType Precision, int Seed, string File)>();
        for (int seed = 1; seed <= options.Seeds; seed++)
        {
            foreach (ScalarType precision in new[] { ScalarType.Float32, ScalarType.BFloat16 })
                files.Add((precision, seed, TrainAndSample(options, pictures, epochs, precision, seed)));
        }

        Dictionary<string, double> distances = Distances(options, files.Select(entry => entry.File));
        var means = new List<double>();
        foreach (IGrouping<ScalarType, (ScalarType, int Seed, string File)> runs in files.GroupBy(entry => entry.Precision))
        {
            double[] found = runs.Select(run => distances[run.File]).ToArray();
            Report.Line($"{runs.Key,-9} {string.Join("  ", found.Select((distance, i) => FormattableString.Invariant($"seed {i + 1}: {distance:0.00}")))}  mean {found.Average():0.00}, {found.Min():0.00} to {found.Max():0.00}");
            means.Add(found.Average());
        }
        return means[1] / means[0];
    }

    private static Tensor Pictures()
    {
        using var scope = NewDisposeScope();
        byte[] pixels = FashionMnist.Pictures();
        Tensor bordered = zeros([pixels.Length / (Side * Side), 1, Side + 2 * Border, Side + 2 * Border], ScalarType.Byte);
        bordered.narrow(2, Border, Side).narrow(3, Border, Side).copy_(tensor(pixels, [bordered.shape[0], 1, Side, Side]));
        return bordered.MoveToOuterDisposeScope();
    }

    private static TrainingImages Images(Tensor pictures)
    {
        var images = new ResidentImages(pictures.shape[0], (1, Side + 2 * Border, Side + 2 * Border), CPU);
        ReadOnlySpan<byte> pixels = pictures.bytes;
        var slots = new long[pictures.shape[0]];
        for (int i = 0; i < slots.Length; i++)
            slots[i] = images.Add(pixels.Slice(i * images.ImageSize, images.ImageSize));
        images.Complete(slots);
        return images;
    }

    private static string TrainAndSample(BenchmarkOptions options, Tensor pictures, int epochs, ScalarType precision, int seed)
    {
        using var scope = NewDisposeScope();
        using var networks = new GanNetworks(new NetworkShape(32, 32, 1, BenchmarkOptions.NoiseSize, options.Maps, options.Maps, KernelSize: 4), CPU, precision);
        using var images = Images(pictures);
        TrainingSummary summary = TrainingLoop.Run(networks, images,
            new TrainingSettings(epochs, options.Batch, LearningRate: 2e-4, Beta1: 0.5, Beta2: 0.999, seed, ProgressInterval: 200), report: null, CancellationToken.None);
        Report.Line($"{precision}, seed {seed}: {summary.Steps} steps in {summary.Duration:mm\\:ss}");

        string file = Path.Combine(options.Output, $"{precision}-{seed}.bytes");
        using var random = new torch.Generator((ulong)seed, CPU);
        using (FileStream stream = File.Create(file + ".partial"))
        {
            for (int i = 0; i < Samples; i += Chunk)
            {
                using var chunk = NewDisposeScope();
                using var _ = no_grad();
                Tensor generated = networks.Generator.call(randn(Chunk, BenchmarkOptions.NoiseSize, generator: random));
                stream.Write(generated.add(1).mul(127.5).round().to(ScalarType.Byte).contiguous().bytes);
            }
        }
        File.Move(file + ".partial", file, overwrite: true);
        return file;
    }

    private static Dictionary<string, double> Distances(BenchmarkOptions options, IEnumerable<string> files)
    {
        var start = new ProcessStartInfo(options.Python,
            [Path.Combine(options.Scripts, "frechet.py"), "--classifier", Path.Combine(options.Output, "classifier.pt"), .. files])
        { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        var distances = new Dictionary<string, double>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            using JsonDocument result = JsonDocument.Parse(line);
            distances.Add(result.RootElement.GetProperty("file").GetString()!, result.RootElement.GetProperty("distance").GetDouble());
        }
        process.WaitForExit();
        Report.Line($"{distances.First().Key}: {distances.First().Value:0.00}");
        return distances;
    }
}
