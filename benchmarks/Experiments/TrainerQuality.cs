using Microsoft.ML.Data;
using Microsoft.ML.Trainers.LightGbm;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Benchmarks.Experiments;

/// <summary>
/// How well ML.NET's trainers name Fashion-MNIST's classes from few labelled pictures: by the features of a discriminator that saw
/// many without labels, by the pixels, and by what ResNet18 sees, which learnt from photographs.
/// </summary>
internal static class TrainerQuality
{
    private const int Tested = 2_000;
    private const string Features = VectorRows.Column;
    private static readonly MLContext _ml = new(seed: 1);

    private static readonly (string Name, Func<IEstimator<ITransformer>> Make)[] _trainers =
    [
        ("LbfgsMaximumEntropy", () => _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(featureColumnName: Features)),
        ("LightGbm", () => _ml.MulticlassClassification.Trainers.LightGbm(new LightGbmMulticlassTrainer.Options
        {
            FeatureColumnName = Features,
            NumberOfThreads = 1,
        })),
        ("SdcaMaximumEntropy", () => _ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(featureColumnName: Features)),
        ("LinearSvm, one against the rest", () => _ml.MulticlassClassification.Trainers.OneVersusAll(
            _ml.BinaryClassification.Trainers.LinearSvm(featureColumnName: Features, numberOfIterations: 10), useProbabilities: false)),
    ];

    /// <returns>The errors by features over those by pixels, of the first trainer.</returns>
    public static double Run(BenchmarkOptions options)
    {
        using Tensor training = FashionMnist.Pictures(FashionMnist.Training, options.Labelled),
            test = FashionMnist.Pictures(FashionMnist.Test, Tested);
        Report.Line($"Fashion-MNIST with a border, 32x32x1: discriminators of {options.Maps} feature maps, trained for {options.Epochs} epochs on {options.Pictures} pictures without labels, batch {options.Batch}");
        Report.Line($"ML.NET's trainers on {options.Labelled} labelled training pictures, standardised; accuracy and log-loss on {Tested} test pictures");

        double pixels = Judge("pixels", view => view.GetColumn<float[]>(JudgedModel.Pixels));
        var features = new List<double>();
        foreach (int seed in options.SeedList)
        {
            using DcganTransformer gan = JudgedModel.Trained(options, seed);
            using DcganFeaturizer featurizer = gan.Featurizer(inputColumnName: JudgedModel.Pixels);
            features.Add(Judge($"features, seed {seed}", view => featurizer.Transform(view).GetColumn<float[]>(featurizer.OutputColumnName)));
        }
        if (options.Network)
        {
            using var network = new ResNet18();
            JudgeRows("ResNet18", network.Features(training), network.Features(test));
        }
        return features.Average() / pixels;

        double Judge(string name, Func<IDataView, IEnumerable<float[]>> read) =>
            JudgeRows(name, [.. read(JudgedModel.View(training))], [.. read(JudgedModel.View(test))]);

        double JudgeRows(string name, float[][] ofTraining, float[][] ofTest)
        {
            IDataView learnt = VectorRows.View(_ml, ofTraining, FashionMnist.Labels(FashionMnist.Training, options.Labelled), ofTraining[0].Length),
                judged = VectorRows.View(_ml, ofTest, FashionMnist.Labels(FashionMnist.Test, Tested), ofTest[0].Length);
            double[] errors = [.. _trainers.Select(trainer =>
            {
                MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(
                    _ml.Transforms.NormalizeMeanVariance(Features, fixZero: false).Append(trainer.Make()).Fit(learnt).Transform(judged));
                Report.Line($"{name,-18} {ofTest[0].Length,6} numbers   {trainer.Name,-32} accuracy {metrics.MicroAccuracy:0.0000}   log-loss {metrics.LogLoss:0.000}");
                return 1 - metrics.MicroAccuracy;
            })];
            return errors[0];
        }
    }
}
