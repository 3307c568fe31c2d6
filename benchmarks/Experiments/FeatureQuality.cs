using System.Text.Json;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>
/// How well a linear L2-SVM tells Fashion-MNIST's classes apart (Radford, Metz and Chintala 2015, section 5) by the features
/// of a trained discriminator, by those of an untrained one, and by the pixels themselves.
/// </summary>
internal static class FeatureQuality
{
    /// <returns>The trained discriminator's errors over those of the pixels.</returns>
    public static double Run(BenchmarkOptions options)
    {
        Report.Line($"Fashion-MNIST with a border, 32x32x1: discriminators of {options.Maps} feature maps, trained for {options.Epochs} epochs on {options.Pictures} pictures without labels, batch {options.Batch}");
        Report.Line($"a linear SVM on {options.Labelled} labelled training pictures; accuracy on all 10000 test pictures");
        Directory.CreateDirectory(options.Output);
        File.WriteAllBytes(Path.Combine(options.Output, "labels-train.bytes"),
            FashionMnist.Labels(FashionMnist.Training, options.Labelled));
        File.WriteAllBytes(Path.Combine(options.Output, "labels-test.bytes"), FashionMnist.Labels(FashionMnist.Test));

        var sets = new List<string> { "pixels" };
        Write(options, "pixels", view => view.GetColumn<float[]>(JudgedModel.Pixels));
        for (int seed = 1; seed <= options.Seeds; seed++)
        {
            using (DcganTransformer untrained = JudgedModel.Untrained(options, seed))
                sets.Add(WriteFeatures(options, $"untrained-{seed}", untrained));
            using (DcganTransformer trained = JudgedModel.Trained(options, seed))
                sets.Add(WriteFeatures(options, $"trained-{seed}", trained));
        }

        var accuracies = new List<(string Name, double Accuracy)>();
        foreach (JsonElement result in PythonScript.Run(options, "linear_svm.py", [options.Output, .. sets]))
        {
            string name = result.GetProperty("name").GetString()!;
            double accuracy = result.GetProperty("accuracy").GetDouble();
            Report.Line($"{name,-12} {result.GetProperty("size").GetInt32(),6} numbers   C {result.GetProperty("c").GetDouble():0.######}   accuracy {accuracy:0.0000}");
            accuracies.Add((name, accuracy));
        }
        return MeanError("trained") / MeanError("pixels");

        double MeanError(string kind) => 1 - accuracies.Where(entry => entry.Name.StartsWith(kind)).Average(entry => entry.Accuracy);
    }

    private static string WriteFeatures(BenchmarkOptions options, string name, DcganTransformer gan)
    {
        using DcganFeaturizer featurizer = gan.Featurizer(inputColumnName: JudgedModel.Pixels);
        Write(options, name, view => featurizer.Transform(view).GetColumn<float[]>(featurizer.OutputColumnName));
        return name;
    }

    private static void Write(BenchmarkOptions options, string name, Func<IDataView, IEnumerable<float[]>> features)
    {
        using Tensor training = FashionMnist.Pictures(FashionMnist.Training, options.Labelled),
            test = FashionMnist.Pictures(FashionMnist.Test);
        NumPyFile.Write(Path.Combine(options.Output, $"{name}-train.npy"), features(JudgedModel.View(training)));
        NumPyFile.Write(Path.Combine(options.Output, $"{name}-test.npy"), features(JudgedModel.View(test)));
    }
}
