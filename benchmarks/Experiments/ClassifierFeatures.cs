namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>
/// benchmarks/python/frechet.py: features of samples in a small classifier, what it takes them for, and their Fréchet distances to
/// all training pictures.
/// </summary>
internal static class ClassifierFeatures
{
    /// <returns>The distance of each file.</returns>
    public static Dictionary<string, double> Distances(BenchmarkOptions options, IEnumerable<string> files)
    {
        string classifier = Path.Combine(options.Output, options.Data == PictureSet.Fashion ? "classifier.pt"
            : $"classifier-{options.Data}.pt");
        if (!File.Exists(classifier))
            Report.Line($"training the classifier, which takes minutes, once ...");
        var distances = new Dictionary<string, double>();
        foreach (var result in PythonScript.Run(options, "frechet.py",
            ["--data", options.Data, "--emoji", options.Output, "--classifier", classifier,
            "--features", options.Output, "--threads", $"{options.Threads}", .. files]))
        {
            if (result.TryGetProperty("accuracy", out var accuracy))
                Report.Line($"the classifier is right on {accuracy.GetDouble():0.0000} of the real test pictures; their distance to the training pictures is {result.GetProperty("distance").GetDouble():0.00}");
            else
                distances[result.GetProperty("file").GetString()!] = result.GetProperty("distance").GetDouble();
        }
        return distances;
    }

    /// <summary>Whether an earlier <see cref="Distances"/> left the features of the real pictures.</summary>
    public static bool AreKept(BenchmarkOptions options) => File.Exists(Path.Combine(options.Output, $"{options.Data}-test.classes"));

    /// <summary>The features that <see cref="Distances"/> left: of a file of samples, of "DATA-test", or of "DATA-train", its first 10,000.</summary>
    public static IDataView View(MLContext ml, BenchmarkOptions options, string name)
    {
        float[][] features = NumPyFile.Read(Path.Combine(options.Output, name + ".npy"));
        return VectorRows.View(ml, features, features[0].Length);
    }

    /// <summary>What the classifier takes the pictures for that <see cref="Distances"/> saw.</summary>
    public static byte[] Classes(BenchmarkOptions options, string name) =>
        File.ReadAllBytes(Path.Combine(options.Output, name + ".classes"));
}
