using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>
/// What the metrics make of real pictures that are distorted more and more (as Heusel et al. 2017, figure 3): Fashion-MNIST,
/// half of it against the other half, in pixels. benchmarks/python/plot_distortions.py draws what this writes.
/// </summary>
internal static class Distortions
{
    private const int Samples = 4000;
    private const int Half = 30_000;
    private const int Classes = 10;
    private const int Side = 28;
    private const int Border = (FashionMnist.Side - Side) / 2;
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    public static double? Run(BenchmarkOptions options)
    {
        using var scope = NewDisposeScope();
        Tensor pictures = FashionMnist.Pictures(FashionMnist.Training).narrow(2, Border, Side).narrow(3, Border,
            Side).to(ScalarType.Float32).div_(127.5).sub_(1);
        Tensor real = pictures.narrow(0, 0, Half), other = pictures.narrow(0, Half, Half), plain = other.narrow(0, 0, Samples);
        byte[] classes = FashionMnist.Labels(FashionMnist.Training)[Half..];
        var results = new List<object>();

        foreach (int count in new[] { 1000, 2000, 4000, 8000, 16_000, Half })
            Add("halves", count, real.narrow(0, 0, count), other.narrow(0, 0, count), GenerationMetrics.FrechetDistance);
        foreach (double deviation in new[] { 0, 0.5, 1, 1.5, 2, 3 })
            Distort("blur", deviation, Blur(plain, deviation));
        foreach (double deviation in new[] { 0, 0.1, 0.2, 0.4, 0.6, 0.8 })
            Distort("noise", deviation, Noise(plain, deviation));
        foreach (double part in new[] { 0, 0.05, 0.1, 0.2, 0.3, 0.4 })
            Distort("rectangles", part, Rectangles(plain, part));
        foreach (int kept in new[] { 10, 9, 8, 6, 4, 2 })
            Distort("dropped classes", Classes - kept, other.index_select(0, tensor(OfClasses(classes, kept))));

        Directory.CreateDirectory(options.Output);
        string file = Path.Combine(options.Output, "distortions.json");
        File.WriteAllText(file, JsonSerializer.Serialize(results, _indented));
        Report.Line($"written to {file}");
        return null;

        void Distort(string name, double level, Tensor distorted) => Add(name, level, real.narrow(0, 0, Samples), distorted,
            GenerationMetrics.All & ~GenerationMetrics.MsSsim);

        void Add(string name, double level, Tensor left, Tensor right, GenerationMetrics metrics)
        {
            var ml = new MLContext(seed: 1);
            ImageGenerationMetrics found = ml.ImageGeneration().Evaluate(View(ml, left), View(ml, right), new ImageGenerationOptions
            {
                RealColumnName = VectorRows.Column,
                GeneratedColumnName = VectorRows.Column,
                Metrics = metrics,
                KernelSubsets = 20,
            });
            Report.Line($"{name} {level}: {found}");
            results.Add(new
            {
                name,
                level,
                found.RealCount,
                FrechetDistance = Number(found.FrechetDistance),
                KernelDistance = Number(found.KernelDistance),
                Precision = Number(found.Precision),
                Recall = Number(found.Recall),
                Density = Number(found.Density),
                Coverage = Number(found.Coverage),
            });
        }
    }

    // JSON has no NaN.
    private static double? Number(double value) => double.IsNaN(value) ? null : value;

    private static IDataView View(MLContext ml, Tensor pictures) =>
        VectorRows.View(ml, pictures.contiguous().data<float>().ToArray().Chunk(Side * Side).ToArray(), 1, Side, Side);

    private static Tensor Blur(Tensor pictures, double deviation)
    {
        if (deviation == 0)
            return pictures;
        int reach = (int)Math.Ceiling(3 * deviation);
        Tensor window = tensor(Enumerable.Range(-reach, 2 * reach + 1).Select(i => (float)Math.Exp(-i * i / (2 * deviation * deviation)))
            .ToArray());
        window = window / window.sum();

        // What is around the pictures is as black as their own background.
        Tensor bright = pictures + 1;
        Tensor rows = nn.functional.conv2d(bright, window.view(1, 1, -1, 1), padding: [reach, 0]);
        return nn.functional.conv2d(rows, window.view(1, 1, 1, -1), padding: [0, reach]) - 1;
    }

    private static Tensor Noise(Tensor pictures, double deviation)
    {
        using var random = new torch.Generator(1, CPU);
        return (pictures + randn(pictures.shape, generator: random) * deviation).clamp(-1, 1);
    }

    /// <summary>Covers a part of each picture with a black square somewhere.</summary>
    private static Tensor Rectangles(Tensor pictures, double part)
    {
        var random = new Random(1);
        Tensor covered = pictures.clone();
        int side = (int)Math.Round(Side * Math.Sqrt(part));
        for (int i = 0; i < pictures.shape[0] && side > 0; i++)
        {
            using var scope = NewDisposeScope();
            covered.select(0, i).narrow(1, random.Next(Side - side + 1), side).narrow(2, random.Next(Side - side + 1), side).fill_(-1);
        }
        return covered;
    }

    /// <summary>The first samples that are of the first classes.</summary>
    private static long[] OfClasses(byte[] classes, int kept) =>
        Enumerable.Range(0, classes.Length).Where(row => classes[row] < kept).Take(Samples).Select(row => (long)row).ToArray();
}
