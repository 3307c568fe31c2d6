using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan.Benchmarks.Speed;

/// <summary>A training set larger than memory should be: what reading and training take, against a few images that memory holds.</summary>
internal static class LargeSet
{
    /// <returns>The large set's speed over the resident one's.</returns>
    public static double Run(BenchmarkOptions options)
    {
        Report.Line($"{options.Size}x{options.Size}x{options.Channels}, batch {options.Batch}, {options.Maps} feature maps");
        var clock = Stopwatch.StartNew();
        Dataset images = SyntheticSet.Read(options, options.Count, options.CacheFolder);
        Report.Line($"{images.Count} images of {images.ImageSize} bytes, {(double)images.Count * images.ImageSize / 1e9:0.0} GB, read and filed in {clock.Elapsed.TotalSeconds:0} s; peak memory {Machine.PeakMemory() / 1e9:0.00} GB");

        using var large = new Library(options, images);
        large.Train(options.Steps);
        Report.Line($"after {options.Steps} steps: peak memory {Machine.PeakMemory() / 1e9:0.00} GB");
        using (PyTorch example = PyTorch.Example(options))
        {
            example.Train(options.Steps);
            Report.Line($"{example.Name}, after {options.Steps} steps on one minibatch: peak memory {Machine.PeakMemory(example.ProcessId.ToString(CultureInfo.InvariantCulture)) / 1e9:0.00} GB");
        }

        using var resident = new Library(options);
        return new Comparison([large, resident], options.Rounds)
            .Run($"training, {options.Steps} steps a turn", options.Batch * options.Steps, contender => contender.Train(options.Steps))[0];
    }
}

/// <summary>Training images of noise, read through a view as a user's are: what they show does not change how fast they train.</summary>
internal static class SyntheticSet
{
    private const int Distinct = 16;

    public static Dataset Read(BenchmarkOptions options, int count, string? cacheFolder)
    {
        var format = new ImageFormat(options.Size, options.Size, options.Channels);
        IDataView view = VectorRows.View(new MLContext(), Rows(count, format.Size), format.Channels, format.Height, format.Width);

        Dataset images = Dataset.Create(ImageReader.Count(view), (format.Channels, format.Height, format.Width), options.Device,
            cacheFolder);
        ImageReader.Read(view, view.Schema[VectorRows.Column], format, images, CancellationToken.None);
        return images;
    }

    private static IEnumerable<float[]> Rows(int count, int size)
    {
        var random = new Random(1);
        float[][] rows = Enumerable.Range(0, Distinct)
            .Select(_ => Enumerable.Range(0, size).Select(_ => random.NextSingle() * 2 - 1).ToArray()).ToArray();
        return Enumerable.Range(0, count).Select(i => rows[i % Distinct]);
    }
}
