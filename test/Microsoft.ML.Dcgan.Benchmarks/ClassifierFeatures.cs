using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Microsoft.ML.Dcgan.Benchmarks;

/// <summary>test/python/frechet.py: features of samples in a small classifier, and their Fréchet distances to all training pictures.</summary>
internal static class ClassifierFeatures
{
    private const int Size = 128;

    /// <returns>The distance of each file.</returns>
    public static Dictionary<string, double> Distances(BenchmarkOptions options, IEnumerable<string> files)
    {
        Dictionary<string, double> distances = PythonScript.Run(options, "frechet.py",
                ["--classifier", Path.Combine(options.Output, "classifier.pt"), "--features", options.Output, "--threads", $"{options.Threads}", .. files])
            .ToDictionary(result => result.GetProperty("file").GetString()!, result => result.GetProperty("distance").GetDouble());
        Report.Line($"{distances.First().Key}: {distances.First().Value:0.00}");
        return distances;
    }

    /// <summary>The features that <see cref="Distances"/> left: of a file of samples, of "test", or of "train", its first 10,000.</summary>
    public static IDataView View(MLContext ml, BenchmarkOptions options, string file)
    {
        float[] features = NumPyFile.Read(Path.Combine(options.Output, Path.ChangeExtension(Path.GetFileName(file), ".npy")));
        return VectorRows.View(ml, features.Chunk(Size).ToArray(), Size);
    }
}
