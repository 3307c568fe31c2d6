using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>Models that are to be judged, trained through the public API on Fashion-MNIST.</summary>
internal static class JudgedModel
{
    public const string Pixels = VectorRows.Column;
    private static readonly MLContext _ml = new();

    /// <summary>Trains, or loads what the same options trained before.</summary>
    public static DcganTransformer Trained(BenchmarkOptions options, int seed)
    {
        string file = Path.Combine(options.Output, $"dcgan-{options.Pictures}x{options.Epochs}-{options.Maps}-{options.Batch}-{seed}.zip");
        if (File.Exists(file))
            return (DcganTransformer)_ml.Model.Load(file, out _);

        using Tensor pictures = FashionMnist.Pictures(FashionMnist.Training, options.Pictures);
        DcganTransformer gan = Train(options, pictures, seed);
        Directory.CreateDirectory(options.Output);
        _ml.Model.Save(gan, null, file + ".partial");
        File.Move(file + ".partial", file);
        return gan;
    }

    public static DcganTransformer Train(BenchmarkOptions options, Tensor pictures, int seed)
    {
        DcganTransformer gan = _ml.Transforms.Dcgan(Options(options, seed)).Fit(View(pictures));
        Report.Line($"seed {seed}: trained {gan.Summary.Steps} steps in {gan.Summary.Precision}, in {gan.Summary.Duration:mm\\:ss}");
        return gan;
    }

    /// <summary>
    /// The same initial weights, never changed: training at a learning rate too small for any float to move, until batch
    /// normalisation knows the data.
    /// </summary>
    public static DcganTransformer Untrained(BenchmarkOptions options, int seed)
    {
        using var stop = new CancellationTokenSource();
        DcganEstimator.Options still = Options(options, seed);
        still.LearningRate = 1e-30;
        still.ProgressInterval = 100;
        still.Progress = _ => stop.Cancel();
        still.CancellationToken = stop.Token;
        using Tensor pictures = FashionMnist.Pictures(FashionMnist.Training, options.Pictures);
        return _ml.Transforms.Dcgan(still).Fit(View(pictures));
    }

    /// <summary>Generated pictures, a byte a pixel, one picture after the other.</summary>
    public static byte[] Samples(DcganTransformer gan, int count, int seed)
    {
        var pixels = new List<byte>();
        foreach (MLImage image in gan.Generate(count, seed))
        {
            using (image)
                pixels.AddRange(image.Pixels.ToArray().Where((_, i) => i % 4 == 0));
        }
        return pixels.ToArray();
    }

    /// <summary>A view of bytes [n, 1, 32, 32], as pixels in [-1, 1].</summary>
    public static IDataView View(Tensor pictures)
    {
        const int size = FashionMnist.Side * FashionMnist.Side;
        byte[] bytes = pictures.contiguous().bytes.ToArray();
        IEnumerable<float[]> rows = Enumerable.Range(0, bytes.Length / size).Select(i =>
            Array.ConvertAll(bytes[(i * size)..((i + 1) * size)], value => value / 127.5f - 1));
        return VectorRows.View(_ml, rows, 1, FashionMnist.Side, FashionMnist.Side);
    }

    private static DcganEstimator.Options Options(BenchmarkOptions options, int seed) => new()
    {
        OutputColumnName = "Generated",
        ImageColumnName = Pixels,
        Epochs = options.Epochs,
        BatchSize = options.Batch,
        GeneratorFeatureMaps = options.Maps,
        DiscriminatorFeatureMaps = options.Maps,
        Precision = options.Precision,
        Seed = seed,
        ProgressInterval = 200,
    };
}
