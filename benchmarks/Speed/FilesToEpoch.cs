using System.Diagnostics;
using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Speed;

/// <summary>From a folder of PNG files to the end of one epoch: this library's pipeline, and PyTorch's example with two loading workers.</summary>
internal static class FilesToEpoch
{
    /// <returns>Their time over ours.</returns>
    public static double Run(BenchmarkOptions options)
    {
        string[] files = Directory.Exists(options.Folder) ? Directory.GetFiles(options.Folder, "*.png", SearchOption.AllDirectories) : [];
        if (files.Length == 0)
            throw new FormatException($"there are no PNG files in '{options.Folder}': name another --folder, or run samples/Demo, which leaves some there");
        Report.Line($"{files.Length} PNG files to {options.Size}x{options.Size}x{options.Channels}, one epoch, batch {options.Batch}, {options.Maps} feature maps");

        (double ourFirst, double ours) = Ours(options, files);
        Report.Line($"  Microsoft.ML.Dcgan: {ours:0.0} s, first step after {ourFirst:0.0} s; {files.Length / ourFirst:0} files a second read");
        (double theirFirst, double theirs, double loading) = Theirs(options);
        Report.Line($"  PyTorch's example:  {theirs:0.0} s, first step after {theirFirst:0.0} s; {files.Length / loading:0} files a second read by two workers, without training");
        return theirs / ours;
    }

    private static (double First, double Seconds) Ours(BenchmarkOptions options, string[] files)
    {
        set_num_threads(options.Threads);
        var ml = new MLContext(seed: 1);
        var clock = Stopwatch.StartNew();
        IDataView view = ml.Data.LoadFromEnumerable(files.Select(file => new FileRow { Path = file }).ToList());
        using var model = ml.Transforms.LoadDcganImages("Image", null, "Path", imageWidth: options.Size, imageHeight: options.Size)
            // The example's loss and no more, so that the same work is compared.
            .Append(ml.Transforms.Dcgan(DcganEstimator.Options.Paper() with
            {
                OutputColumnName = "Generated",
                ImageColumnName = "Image",
                Channels = options.Channels,
                Epochs = 1,
                BatchSize = options.Batch,
                GeneratorFeatureMaps = options.Maps,
                DiscriminatorFeatureMaps = options.Maps,
                Precision = options.Precision,
            }))
            .Fit(view);
        double seconds = clock.Elapsed.TotalSeconds;
        return (seconds - model.LastTransformer.Summary.Duration.TotalSeconds, seconds);
    }

    private static (double First, double Seconds, double Loading) Theirs(BenchmarkOptions options)
    {
        FormattableString arguments = $"--size {options.Size} --channels {options.Channels} --batch {options.Batch} --maps {options.Maps} --threads {options.Threads} --workers 2";
        JsonElement result = PythonScript.Run(options, "dcgan_files.py",
            [.. FormattableString.Invariant(arguments).Split(' '), options.Folder]).Single();
        return (result.GetProperty("first").GetDouble(), result.GetProperty("seconds").GetDouble(),
            result.GetProperty("loading").GetDouble());
    }

    private sealed class FileRow
    {
        public string Path { get; set; } = "";
    }
}
