using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Distributed;
using Microsoft.ML.Dcgan.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Distributed;

/// <summary>Evaluations that several ranks share, against those of one. Of 200 rows two have 64 and 136, and of five one has none.</summary>
[TestClass]
public sealed class EvaluationTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [TestCleanup]
    public void CleanUp() => _folder.Delete(recursive: true);

    // Files with what a model makes, of which the last is of 8x8 pixels and two classes, in turn.
    [TestMethod]
    [DataRow("random", 8)]
    [DataRow("pixels", 8)]
    [DataRow("featurizer", 7)]
    public void Pictures_compare_as_in_one_process(string features, int metrics)
    {
        using DcganTransformer gan = metrics == 8 ? Pictures.SmallModel(_ml) : LabelledPictures.Hasty(_ml);
        using DcganFeaturizer? featurizer = features == "featurizer" ? gan.Featurizer(inputColumnName: "Image") : null;
        IDataView real = FeatureViews.Images(_ml, Pictures.Files(_folder.FullName, 200, gan.ImageHeight, gan.ImageWidth));
        Compare(metrics, real, gan.Transform(gan.SampleNoise(150)), new ImageGenerationOptions
        {
            GeneratedColumnName = gan.OutputColumnName,
            RandomFeatures = features == "random",
            FeatureExtractor = featurizer,
            KernelSubsetSize = 50,
            SimilarityPairs = 100,
        });
    }

    // In blocks of 1,024 rows, of which moments are joined one by one.
    [TestMethod]
    public void Vectors_compare_as_in_one_process() =>
        Compare(7, Vectors(1500, seed: 1), Vectors(1100, seed: 2), new ImageGenerationOptions
        {
            RealColumnName = "Features",
            GeneratedColumnName = "Features",
            KernelSubsetSize = 200,
        });

    [TestMethod]
    public void Its_row_is_named_where_one_cannot_read()
    {
        float[][] rows = [.. Enumerable.Range(0, 150).Select(row => new[] { row == 140 ? float.NaN : row, 1f })];
        var options = new ImageGenerationOptions { RealColumnName = "Features", GeneratedColumnName = "Features" };
        string[] failures = Evaluations(3, FeatureViews.Of(_ml, rows), Vectors(150, seed: 1, size: 2), options,
            evaluate => Assert.Throws<Exception>(() => evaluate()).Message);
        StringAssert.StartsWith(failures[2], "Column 'Features' of the real view, row 140, Name 'sample 140': slot 0 is NaN");
        Assert.AreEqual("Rank 2 of 3: " + failures[2], failures[0]);
        Assert.AreEqual(failures[0], failures[1]);
    }

    [TestMethod]
    public void While_training_the_distance_is_that_of_one_process()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        var options = new DcganEstimator.Options { EvaluationInterval = 1, EvaluationSamples = 200, Seed = 1 };
        double[] distances = new double[4];
        distances[3] = Distance(Communicator.Alone);
        ThreadCommunicator.Run(3, ranks => distances[ranks.Rank] = Distance(ranks));
        CollectionAssert.AreEqual(new[] { distances[3], distances[3], distances[3], distances[3] }, distances);

        double Distance(Communicator ranks)
        {
            using var images = Pictures.TrainingSet(100, 16, 12, 3);
            using var evaluation = new TrainingEvaluation(images, options, CPU);
            return evaluation.Distance(gan.Networks, ranks);
        }
    }

    private IDataView Vectors(long count, ulong seed, long size = 6)
    {
        using Tensor rows = Evaluation.Samples.Gaussian(count, size, seed);
        return FeatureViews.Of(_ml, rows);
    }

    // To the bit, for all of them.
    private void Compare(int metrics, IDataView real, IDataView generated, ImageGenerationOptions options)
    {
        ImageGenerationMetrics alone = Evaluations(1, real, generated, options, evaluate => evaluate())[0];
        Assert.AreEqual(metrics, alone.Results.Count(metric => metric.IsMeasured));
        foreach (int size in new[] { 2, 5 })
        {
            foreach (ImageGenerationMetrics shared in Evaluations(size, real, generated, options, evaluate => evaluate()))
            {
                CollectionAssert.AreEqual(alone.Results.ToArray(), shared.Results.ToArray(), $"{alone}\n{shared}");
                CollectionAssert.AreEqual(alone.Warnings.ToArray(), shared.Warnings.ToArray());
                Assert.AreEqual($"{alone}", $"{shared}");
            }
        }
    }

    private T[] Evaluations<T>(int size, IDataView real, IDataView generated, ImageGenerationOptions options,
        Func<Func<ImageGenerationMetrics>, T> use)
    {
        var results = new T[size];
        ThreadCommunicator.Run(size, ranks => results[ranks.Rank] = use(() => new Evaluator(options, seed: 3, CPU, ranks, sharing: 1)
            .Evaluate(() => FeatureColumns.Find(_ml, ("real", real, options.RealColumnName), (generated, options.GeneratedColumnName),
                options.FeatureExtractor, options.FeatureColumnName, ranks))));
        return results;
    }
}
