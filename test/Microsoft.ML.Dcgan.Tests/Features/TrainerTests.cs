using Microsoft.ML.Data;
using Microsoft.ML.Trainers.LightGbm;

namespace Microsoft.ML.Dcgan.Tests.Features;

/// <summary>ML.NET's trainers on a discriminator's features: stripes across and down, of any phase, under noise.</summary>
[TestClass]
public sealed class TrainerTests
{
    private const int Side = 16, Trained = 48, Tested = 24;
    private readonly MLContext _ml = new(seed: 1);
    private readonly Folder _folder = new();

    [TestCleanup]
    public void DeleteFolder() => _folder.Dispose();

    [TestMethod]
    public void A_chain_from_a_path_to_a_label_is_saved_and_loaded_and_evaluates_to_the_same_numbers()
    {
        StripesFile[] files = [.. Enumerable.Range(0, Trained + Tested).Select(Stripes)];
        IDataView training = _ml.Data.LoadFromEnumerable(files[..Trained]), test = _ml.Data.LoadFromEnumerable(files[Trained..]);
        ITransformer images = _ml.Transforms.LoadDcganImages("Image", imageFolder: null, "Path", imageWidth: Side, imageHeight: Side)
            .Fit(training);
        using DcganTransformer gan = _ml.Transforms.Dcgan(Pictures.SmallOptions() with { ImageColumnName = "Image" })
            .Fit(images.Transform(training));
        using DcganFeaturizer featurizer = gan.Featurizer();
        IDataView features = _ml.Data.Cache(featurizer.Transform(images.Transform(training)), "Features", "Kind");

        foreach ((string name, IEstimator<ITransformer> trainer) in new (string, IEstimator<ITransformer>)[]
        {
            ("LbfgsMaximumEntropy", _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy()),
            ("LightGbm", _ml.MulticlassClassification.Trainers.LightGbm(new LightGbmMulticlassTrainer.Options
            {
                NumberOfThreads = 1,
                NumberOfIterations = 10,
                MinimumExampleCountPerLeaf = 2,
            })),
        })
        {
            ITransformer named = _ml.Transforms.Conversion.MapValueToKey("Label", "Kind")
                .Append(_ml.Transforms.NormalizeMeanVariance("Features", fixZero: false))
                .Append(trainer)
                .Append(_ml.Transforms.Conversion.MapKeyToValue("Named", "PredictedLabel"))
                .Fit(features);
            ITransformer chain = images.Append(featurizer).Append(named);
            _ml.Model.Save(chain, training.Schema, _folder[name]);
            var other = new MLContext();
            ITransformer loaded = other.Model.Load(_folder[name], out _);
            using var disposed = loaded as IDisposable;

            MulticlassClassificationMetrics before = _ml.MulticlassClassification.Evaluate(chain.Transform(test)),
                after = other.MulticlassClassification.Evaluate(loaded.Transform(test));
            Assert.AreEqual((before.MicroAccuracy, before.MacroAccuracy, before.LogLoss),
                (after.MicroAccuracy, after.MacroAccuracy, after.LogLoss), name);

            string[] answers = [.. loaded.Transform(test).GetColumn<string>("Named")];
            Assert.AreEqual(after.MicroAccuracy,
                answers.Zip(files[Trained..]).Average(row => row.First == row.Second.Kind ? 1.0 : 0), 1e-9);
            Assert.IsGreaterThan(0.75, after.MicroAccuracy, name);
            using var engine = other.Model.CreatePredictionEngine<StripesFile, NamedStripes>(loaded,
                new PredictionEngineOptions { OwnsTransformer = false });
            Assert.AreEqual(answers[5], engine.Predict(files[Trained + 5]).Named, name);
        }
    }

    private StripesFile Stripes(int number)
    {
        var random = new Random(number);
        bool isAcross = number % 2 == 0;
        int phase = random.Next(4);
        byte[] pixels = [.. Enumerable.Range(0, Side * Side).SelectMany(i =>
        {
            int level = ((isAcross ? i / Side : i % Side) + phase) / 2 % 2 * 120 + random.Next(130);
            return new[] { (byte)level, (byte)level, (byte)level, byte.MaxValue };
        })];
        string path = _folder[$"{number}.png"];
        using MLImage image = MLImage.CreateFromPixels(Side, Side, MLPixelFormat.Bgra32, pixels);
        image.Save(path);
        return new StripesFile { Path = path, Kind = isAcross ? "across" : "down" };
    }
}

public sealed class StripesFile
{
    public string Path { get; set; } = "";

    public string Kind { get; set; } = "";
}

public sealed class NamedStripes
{
    public string Named { get; set; } = "";
}
