using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Evaluation;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Evaluation;

[TestClass]
public sealed class EvaluateTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private DisposeScope _scope = null!;

    [TestInitialize]
    public void OpenScope() => _scope = NewDisposeScope();

    [TestCleanup]
    public void CleanUp()
    {
        _scope.Dispose();
        _folder.Delete(recursive: true);
    }

    [TestMethod]
    public void Vectors_are_measured_as_they_are()
    {
        ImageGenerationMetrics metrics = _ml.ImageGeneration().Evaluate(Reference("real"), Reference("generated"), "Features", "Features");
        Assert.AreEqual(Samples.Number("frechet"), metrics.FrechetDistance, 1e-4);
        Assert.AreEqual(Samples.Number("precision"), metrics.Precision, 1e-6);
        Assert.AreEqual(Samples.Number("recall"), metrics.Recall, 1e-6);
        Assert.AreEqual(Samples.Number("density"), metrics.Density, 1e-6);
        Assert.AreEqual(Samples.Number("coverage"), metrics.Coverage, 1e-6);
        // Subsets of 250: all generated samples, and the most of the 300 real ones.
        Assert.AreEqual(Samples.Number("kernel", 2), metrics.KernelDistance, 20 * metrics.KernelDistanceStandardError);
        Assert.IsTrue(double.IsNaN(metrics.MsSsim));
        Assert.AreEqual((300, 250, 16, 1, 0),
            (metrics.RealCount, metrics.GeneratedCount, metrics.FeatureSize, metrics.Seed, metrics.SimilarityScales));
        Assert.AreEqual("column 'Features', Vector<Single, 16>", metrics.FeatureExtractor);
        StringAssert.Matches(metrics.ToString(),
            new(@"^Fréchet distance 2\.705, kernel distance .* ± .*, precision 0\.732, recall 0\.9167, density 0\.692, coverage 0\.8433, 1-NN accuracy 0\.\d+; " +
            @"300 real and 250 generated, 16 features \(column 'Features', Vector<Single, 16>\), seed 1; 5 warnings$"));
    }

    [TestMethod]
    public void Images_and_pixels_of_the_same_pictures_are_the_same()
    {
        IDataView images = FeatureViews.Images(_ml, Pictures.Files(_folder.FullName, 8, 16, 12));
        ImageGenerationMetrics metrics = _ml.ImageGeneration().Evaluate(Pictures.View(_ml, 8, 16, 12, 3), images, "Pixels", "Image");
        Assert.AreEqual(0, metrics.FrechetDistance, 1e-6);
        Assert.AreEqual((1, 1, 1, 1), (metrics.Precision, metrics.Recall, metrics.Density, metrics.Coverage));
        Assert.AreEqual((576, "pixels 12x16x3", 1), (metrics.FeatureSize, metrics.FeatureExtractor, metrics.SimilarityScales));
        Assert.IsTrue(double.IsNaN(metrics.KernelDistanceStandardError));
    }

    [TestMethod]
    public void Generated_pictures_of_a_grey_model_are_read_in_grey()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml, channels: 1);
        IDataView generated = gan.Transform(gan.SampleNoise(12, seed: 3));
        ImageGenerationMetrics metrics = _ml.ImageGeneration().Evaluate(Pictures.View(_ml, 10, 16, 12, 1), generated, "Pixels");
        Assert.AreEqual((192, "pixels 12x16x1"), (metrics.FeatureSize, metrics.FeatureExtractor));
        Assert.IsTrue(metrics.FrechetDistance > 1 && metrics.MsSsim is > 0 and < 1, metrics.ToString());
    }

    [TestMethod]
    public void An_extractor_sees_both_views_under_the_real_columns_name()
    {
        IDataView real = FeatureViews.Images(_ml, Pictures.Files(Path.Combine(_folder.FullName, "real"), 10, 16, 12));
        ITransformer extractor = _ml.Transforms.ResizeImages("Small", 8, 8, "Image")
            .Append(_ml.Transforms.ExtractPixels("Features", "Small")).Fit(real);
        using DcganTransformer gan = Pictures.SmallModel(_ml);

        // A generated view that still has the real images, and one that never had any.
        foreach (IDataView source in new[] { real, gan.SampleNoise(10) })
        {
            IDataView generated = gan.Transform(source);
            IDataView renamed = _ml.Transforms.CopyColumns("Image", "Generated").Fit(generated).Transform(generated);
            IDataView expected = extractor.Transform(renamed);
            ImageGenerationMetrics plain = _ml.ImageGeneration().Evaluate(extractor.Transform(real), expected, "Features", "Features");
            ImageGenerationMetrics metrics = _ml.ImageGeneration().Evaluate(real, generated, featureExtractor: extractor);
            Assert.AreEqual(plain.FrechetDistance, metrics.FrechetDistance);
            Assert.AreEqual(plain.KernelDistance, metrics.KernelDistance);
            Assert.AreEqual(192, metrics.FeatureSize);
            Assert.IsGreaterThan(1, metrics.FrechetDistance);
            StringAssert.StartsWith(metrics.FeatureExtractor, "column 'Features' of TransformerChain");
            Assert.AreEqual(1, metrics.SimilarityScales);
            Assert.AreEqual(metrics.FrechetDistance, _ml.ImageGeneration()
                .Evaluate(real, generated, featureExtractor: extractor, featureColumnName: "Features").FrechetDistance);
        }
    }

    [TestMethod]
    public void Similarity_is_that_of_pairs_of_different_pictures()
    {
        // Two pictures make one pair, whichever way round.
        Tensor left = tensor(Pictures.Bytes(0, 24, 24, 1), [1, 1, 24, 24]).@double() / 255.0,
            right = tensor(Pictures.Bytes(1, 24, 24, 1), [1, 1, 24, 24]).@double() / 255.0;
        IDataView two = Pictures.View(_ml, 2, 24, 24, 1);
        ImageGenerationMetrics metrics = Evaluate(two, two, options => options.Metrics = GenerationMetrics.MsSsim, "Pixels");
        Assert.AreEqual(MsSsim.Between(left, right).item<double>(), metrics.MsSsim, 1e-9);
        Assert.AreEqual(2, metrics.SimilarityScales);

        IDataView same = Pictures.View(_ml, Enumerable.Repeat(Pictures.Pixels(3, 24, 24, 1), 9), 1, 24, 24);
        Assert.AreEqual(1, Evaluate(two, same, options => options.Metrics = GenerationMetrics.MsSsim, "Pixels").MsSsim, 1e-12);
    }

    [TestMethod]
    public void Only_what_is_asked_for_is_measured()
    {
        var found = new List<GenerationMetrics>();
        foreach (GenerationMetrics asked in new[] { GenerationMetrics.FrechetDistance, GenerationMetrics.KernelDistance,
            GenerationMetrics.PrecisionRecall, GenerationMetrics.DensityCoverage })
        {
            ImageGenerationMetrics metrics = Evaluate(Reference("real"), Reference("generated"), options => options.Metrics = asked);
            found.Add((double.IsNaN(metrics.FrechetDistance) ? 0 : GenerationMetrics.FrechetDistance)
                | (double.IsNaN(metrics.KernelDistance) ? 0 : GenerationMetrics.KernelDistance)
                | (double.IsNaN(metrics.Precision) || double.IsNaN(metrics.Recall) ? 0 : GenerationMetrics.PrecisionRecall)
                | (double.IsNaN(metrics.Density) || double.IsNaN(metrics.Coverage) ? 0 : GenerationMetrics.DensityCoverage));
        }
        CollectionAssert.AreEqual(new[] { GenerationMetrics.FrechetDistance, GenerationMetrics.KernelDistance,
            GenerationMetrics.PrecisionRecall, GenerationMetrics.DensityCoverage }, found);
    }

    [TestMethod]
    public void Nearest_neighbor_accuracy_is_that_of_leaving_each_out()
    {
        Tensor real = Samples.Gaussian(60, 3, seed: 1), generated = Samples.Gaussian(60, 3, seed: 2, mean: 0.7),
            points = cat([real, generated]);
        double[,] distances = new double[120, 120];
        for (int i = 0; i < 120; i++)
        {
            for (int j = 0; j < 120; j++)
                distances[i, j] = (points[i] - points[j]).@double().square().sum().item<double>();
        }
        int right = Enumerable.Range(0, 120)
            .Count(i => Enumerable.Range(0, 120).Where(j => j != i).MinBy(j => distances[i, j]) < 60 == i < 60);
        Assert.AreEqual(right / 120.0, Accuracy(real, generated), 1e-12);

        Assert.AreEqual(1, Accuracy(real, real + 1000));
        Assert.AreEqual(0, Accuracy(real, real));
        Assert.AreEqual(0.5, Accuracy(ones(5, 3), ones(5, 3)), "All ties.");
        // More rows than a block of distances has.
        Assert.AreEqual(0.5, Accuracy(Samples.Gaussian(3000, 3, seed: 3), Samples.Gaussian(3000, 3, seed: 4)), 0.02);

        double Accuracy(Tensor left, Tensor right) => Evaluate(FeatureViews.Of(_ml, left), FeatureViews.Of(_ml, right),
            options => options.Metrics = GenerationMetrics.NearestNeighborAccuracy).NearestNeighborAccuracy;
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_numbers_to_the_bit()
    {
        IDataView real = Pictures.View(_ml, 40, 16, 12, 3),
            generated = Pictures.View(_ml, Enumerable.Range(7, 30).Select(i => Pictures.Pixels(3 * i, 16, 12, 3)), 3, 16, 12);
        string[] runs = new[] { 5, 5, 6 }.Select(seed => Evaluate(real, generated, options =>
        {
            (options.Seed, options.KernelSubsetSize, options.SimilarityPairs) = (seed, 10, 5);
        }, "Pixels")).Select(metrics => string.Join(' ', typeof(ImageGenerationMetrics).GetProperties()
            .Where(property => property.PropertyType == typeof(double))
                .Select(property => ((double)property.GetValue(metrics)!).ToString("R")))).ToArray();
        Assert.AreEqual(runs[0], runs[1]);
        Assert.AreNotEqual(runs[0], runs[2]);
    }

    [TestMethod]
    public void Few_samples_are_warned_of()
    {
        Tensor features = Samples.Gaussian(2400, 16, seed: 1);
        IDataView View(long count) => FeatureViews.Of(_ml, features.narrow(0, 0, count));
        Warned(Evaluate(View(12), View(12)),
            "The Fréchet distance of 12 samples in 16 features is unreliable: their covariance has no more than rank 11. Give more than 16 samples of each, better 10,000 or more",
            "The kernel distance has no standard error: all 12 samples are in one subset.",
            "Precision, recall, density, coverage and 1-NN accuracy of 12 samples vary by some percent");
        Warned(Evaluate(View(1100), View(1200)),
            "The Fréchet distance of 1,100 samples is too large",
            "The kernel distance's standard error is too small: its subsets of 1,000 of 1,100 samples",
            "those of 1,100 real and 1,200 generated ones do not compare",
            "The 1-NN accuracy is 0.5 at best only of as many samples of each, not of 1,100 real and 1,200 generated ones.");
        Warned(Evaluate(View(2400), View(2400), options =>
            options.Metrics = GenerationMetrics.KernelDistance | GenerationMetrics.DensityCoverage));

        static void Warned(ImageGenerationMetrics metrics, params string[] expected)
        {
            Assert.HasCount(expected.Length, metrics.Warnings);
            foreach ((string warning, string part) in metrics.Warnings.Zip(expected))
                StringAssert.Contains(warning, part);
        }
    }

    [TestMethod]
    public void A_frechet_distance_of_too_many_features_is_left_out()
    {
        IDataView view = FeatureViews.Of(_ml, Samples.Gaussian(8, 8193, seed: 1));
        ImageGenerationMetrics metrics = Evaluate(view, view);
        Assert.IsTrue(double.IsNaN(metrics.FrechetDistance));
        StringAssert.Contains(metrics.Warnings[0], "The Fréchet distance was left out: 8,193 features are more than the 8,192");
        Assert.AreEqual(1, metrics.Precision);
    }

    [TestMethod]
    public void Results_and_warnings_go_to_the_log()
    {
        var messages = new List<string>();
        _ml.Log += (_, entry) => messages.Add(entry.Message);
        ImageGenerationMetrics metrics = Evaluate(Reference("real"), Reference("generated"));
        Assert.IsTrue(messages.Any(message => message.Contains(metrics.ToString())));
        Assert.IsTrue(metrics.Warnings.All(warning => messages.Any(message => message.Contains(warning))));
    }

    [TestMethod]
    public void Nothing_of_an_evaluation_stays_in_memory()
    {
        IDataView view = Pictures.View(_ml, 20, 16, 12, 3);
        Evaluate(view, view, column: "Pixels");
        long before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        Evaluate(view, view, column: "Pixels");
        _ml.ImageGeneration().FindNearest(view, view, "Pixels", "Pixels", count: 2);
        Assert.AreEqual(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    public void An_evaluation_tells_how_much_it_has_read()
    {
        var told = new List<double>();
        IDataView view = Pictures.View(_ml, 20, 16, 12, 3);
        Evaluate(view, view, options => options.Progress = told.Add, column: "Pixels");
        CollectionAssert.AreEqual(Enumerable.Range(1, 40).Select(row => row / 40.0).ToList(), told);
    }

    // Against the same features as columns of vectors.
    [TestMethod]
    public void Random_features_are_those_of_one_network_set_by_the_real_images()
    {
        IDataView real = Pictures.View(_ml, 40, 24, 24, 1), generated = Pictures.View(_ml, 30, 24, 24, 1);
        ImageGenerationMetrics metrics =
            Evaluate(real, generated, options => (options.RandomFeatures, options.Seed) = (true, 3), column: "Pixels");

        using Dataset images = Pictures.TrainingSet(40, 24, 24, 1);
        using var random = new torch.Generator(3, CPU);
        using Tensor order = randperm(40, ScalarType.Int64, generator: random);
        using var features = FeatureExtractor.OfRandomWeights(images, [.. order.data<long>()], random, CPU);
        IDataView realFeatures = FeatureViews.Of(_ml, features.Extract(images.Gather(arange(40)))),
            generatedFeatures = FeatureViews.Of(_ml, features.Extract(images.Gather(arange(30))));
        ImageGenerationMetrics expected = Evaluate(realFeatures, generatedFeatures, options => options.Seed = 3);
        Assert.AreEqual(expected.FrechetDistance, metrics.FrechetDistance, 1e-9);
        Assert.AreEqual(expected.KernelDistance, metrics.KernelDistance, 1e-9);
        Assert.AreEqual((expected.Recall, expected.Coverage, expected.FeatureSize),
            (metrics.Recall, metrics.Coverage, metrics.FeatureSize));
        Assert.AreEqual("random features of pixels 24x24x1", metrics.FeatureExtractor);
        Assert.IsFalse(double.IsNaN(metrics.MsSsim), "It is of the pictures all the same.");
    }

    [TestMethod]
    public void A_cancelled_evaluation_ends() =>
        Assert.Throws<OperationCanceledException>(() =>
            Evaluate(Reference("real"), Reference("generated"), options =>
            options.CancellationToken = new CancellationToken(canceled: true)));

    private IDataView Reference(string name) => FeatureViews.Of(_ml, Samples.Reference(name));

    private ImageGenerationMetrics Evaluate(IDataView real, IDataView generated, Action<ImageGenerationOptions>? set = null,
        string column = "Features")
    {
        var options = new ImageGenerationOptions
        {
            RealColumnName = column,
            GeneratedColumnName = column,
            KernelSubsets = 5,
            Device = DcganDevice.Cpu
        };
        set?.Invoke(options);
        return _ml.ImageGeneration().Evaluate(real, generated, options);
    }
}
