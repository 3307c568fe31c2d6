using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Transforms.Image;
using TorchSharp;
using static Microsoft.ML.Dcgan.Tests.GeneratedPictures;
using static Microsoft.ML.Dcgan.Tests.Latent.LatentVectorsTests;

namespace Microsoft.ML.Dcgan.Tests.Latent;

[TestClass]
public sealed class NoiseSearchTests
{
    private static readonly MLContext _ml = new(seed: 1);
    private static DcganTransformer _gan = null!;

    [ClassInitialize]
    public static void Train(TestContext _) => _gan = Pictures.SmallModel(_ml);

    [ClassCleanup]
    public static void DisposeModel() => _gan.Dispose();

    [TestMethod]
    [DataRow(DcganNoise.Normal)]
    [DataRow(DcganNoise.Uniform)]
    public void The_noise_of_generated_pictures_is_recovered(DcganNoise distribution)
    {
        using DcganTransformer gan = Varied(distribution);
        IReadOnlyList<float[]> noise = gan.DrawNoise(3, seed: 11);
        MLImage[] pictures = Images(gan.Generate(noise));

        FoundRow[] found = Find(gan, pictures, new LatentProjectionOptions { PriorWeight = 0, Restarts = 16, BatchSize = 2 });

        Assert.HasCount(3, found);
        for (int i = 0; i < 3; i++)
        {
            double start = Find(gan, [pictures[i]], new LatentProjectionOptions { Steps = 1, Restarts = 1 })[0].PeakSignalToNoiseRatio;
            double apart = Norm(found[i].Noise.Zip(noise[i], (a, b) => a - b)) / Norm(noise[i]);
            Assert.IsTrue(start < 25 && found[i].PeakSignalToNoiseRatio > 40 && apart < 0.1,
                $"picture {i}: from {start} to {found[i].PeakSignalToNoiseRatio} dB, noise {apart} apart");
        }
    }

    [TestMethod]
    public void The_error_is_that_of_the_picture_that_is_generated_of_the_noise()
    {
        MLImage picture = Pictures.Image(3, 16, 12);
        FoundRow found = Find(_gan, [picture], Few())[0];

        byte[] given = picture.Pixels.ToArray(), made = Bytes(_gan.Generate([found.Noise])[0]);
        double expected = Enumerable.Range(0, given.Length).Where(i => i % 4 != 3).Average(i => Math.Pow((given[i] - made[i]) / 255.0, 2));
        Assert.AreEqual(expected, found.Error, 1e-8);
    }

    [TestMethod]
    public void More_restarts_more_steps_and_no_prior_bring_the_picture_nearer()
    {
        using DcganTransformer gan = Varied(DcganNoise.Normal);
        MLImage[] picture = Images(gan.Generate(1, seed: 9));
        double one = Error(steps: 1, restarts: 1, prior: 0), eight = Error(steps: 1, restarts: 8, prior: 0);
        double longer = Error(steps: 60, restarts: 8, prior: 0), likely = Error(steps: 60, restarts: 8, prior: 10);
        Assert.IsTrue(longer < eight && eight < one && longer < likely, $"{longer} < {eight} < {one}, {likely}");
        Assert.IsTrue(Norm(Find(gan, picture, new LatentProjectionOptions { PriorWeight = 100 })[0].Noise) < 0.1,
            "the prior alone would have 0");

        double Error(int steps, int restarts, double prior) =>
            Find(gan, picture, new LatentProjectionOptions { Steps = steps, Restarts = restarts, PriorWeight = prior })[0].Error;
    }

    [TestMethod]
    public void What_is_found_depends_on_the_seed_and_not_on_the_company()
    {
        MLImage[] pictures = Enumerable.Range(0, 3).Select(i => Pictures.Image(i, 16, 12)).ToArray();
        float[] alone = Find(_gan, pictures[2..], Few())[0].Noise;
        Near(alone.Select(number => (double)number).ToArray(), Find(_gan, pictures, Few())[2].Noise, 1e-3);
        CollectionAssert.AreEqual(alone, Find(_gan, pictures[2..], Few())[0].Noise);
        CollectionAssert.AreNotEqual(alone,
            Find(_gan, pictures[2..], new LatentProjectionOptions { Steps = 20, Restarts = 2, Seed = 1 })[0].Noise);
        Assert.IsEmpty(Find(_gan, [], Few()));
    }

    [TestMethod]
    public void A_picture_of_a_class_is_found_in_it()
    {
        using DcganTransformer gan = LabelledPictures.Hasty(_ml);
        IReadOnlyList<float[]> noise = gan.DrawNoise(2, seed: 5);
        string[] labels = ["bright", "dark"];
        MLImage[] pictures = Images(gan.Generate(noise, labels));

        foreach (FoundRow found in Find(gan, pictures, new LatentProjectionOptions { PriorWeight = 0 }, labels))
            Assert.IsTrue(found.PeakSignalToNoiseRatio > 40, $"{found.PeakSignalToNoiseRatio} dB");
        Refused("inputSchema", "Could not find input column 'Class'", () =>
            gan.FindNoise(LabelledPictures.Plain(_ml, LabelledPictures.Rows(2)), "Pixels"));
    }

    [TestMethod]
    public void A_view_gets_noise_and_errors_and_Transform_reconstructs_it()
    {
        IDataView view = Pictures.View(_ml, 5, 16, 12, 3);
        LatentProjectionOptions options = Few();
        options.BatchSize = 2;
        IDataView found = _ml.Data.Cache(_gan.FindNoise(view, "Pixels", options: options), "Noise", "Error", "Number");

        FoundRow[] rows = _ml.Data.CreateEnumerable<FoundRow>(found, reuseRowObject: false).ToArray();
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3, 4 }, rows.Select(row => row.Number).ToArray());
        FoundRow[] expected = Find(_gan, Enumerable.Range(0, 5).Select(i => Pictures.Image(i, 16, 12)).ToArray(), options);
        for (int i = 0; i < 5; i++)
        {
            CollectionAssert.AreEqual(expected[i].Noise, rows[i].Noise);
            Assert.AreEqual(expected[i].Error, rows[i].Error, 1e-6);
        }
        byte[][] reconstructed = Generated(_gan.Transform(found));
        CheckAlike(Bytes(_gan.Generate([rows[4].Noise])[0]), reconstructed[4]);
    }

    [TestMethod]
    public void Others_generate_meanwhile_and_no_weight_gets_a_gradient()
    {
        byte[][] expected = Generated(_gan, 20);
        Task<FoundRow[]> searches = Task.Run(() =>
            Enumerable.Range(0, 3).Select(i => Find(_gan, [Pictures.Image(i, 16, 12)], Few())[0]).ToArray());
        Parallel.For(0, 48, new ParallelOptions { MaxDegreeOfParallelism = 16 }, _ => CheckSame(expected, Generated(_gan, 20)));

        FoundRow[] found = searches.Result;
        for (int i = 0; i < 3; i++)
            Near(Find(_gan, [Pictures.Image(i, 16, 12)], Few())[0].Noise.Select(number => (double)number).ToArray(), found[i].Noise, 1e-3);
        foreach (TorchSharp.Modules.Parameter weight in _gan.Networks.Generator.parameters())
            Assert.IsTrue(weight.grad is null && weight.requires_grad);
    }

    [TestMethod]
    public void Nothing_is_left_of_a_search()
    {
        MLImage[] pictures = [Pictures.Image(1, 16, 12)];
        Find(_gan, pictures, Few());

        // TorchSharp never takes back the count of the tensor that a parameter was made of.
        long start = TensorsAlive();
        Dcgan.Networks.Generator.FrozenCopyOf(_gan.Networks).Dispose();
        torch.nn.Parameter(torch.zeros(1)).Dispose();
        long before = TensorsAlive(), miscounted = before - start;
        Find(_gan, pictures, Few());
        Assert.AreEqual(miscounted, TensorsAlive() - before);

        static long TensorsAlive()
        {
            for (int i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
            return torch.Tensor.TotalCount;
        }
    }

    [TestMethod]
    public void Searches_that_cannot_be_are_refused()
    {
        IDataView right = Pictures.View(_ml, 1, 16, 12, 3);
        Refused("inputSchema", "Could not find input column 'Picture'.", () => _gan.FindNoise(Pictures.View(_ml, 1, 16, 12, 3), "Picture"));
        Refused("inputSchema", "Input column 'Pixels' holds images whose ImageHeight is 20", () =>
            _gan.FindNoise(Pictures.View(_ml, 1, 20, 12, 3), "Pixels"));
        Refused("errorColumnName", "errorColumnName is empty", () => _gan.FindNoise(Pictures.View(_ml, 1, 16, 12, 3), "Pixels", ""));
        Refused("Steps", "Steps is 0, but it must be 1 or more. The default is 500.", () =>
            _gan.FindNoise(right, "Pixels", options: new LatentProjectionOptions { Steps = 0 }));
        Refused("Restarts", "Restarts is -1, but it must be 1 or more. The default is 4.", () =>
            _gan.FindNoise(right, "Pixels", options: new LatentProjectionOptions { Restarts = -1 }));
        Refused("BatchSize", "BatchSize is 0, but it must be 1 or more. The default is 16.", () =>
            _gan.FindNoise(right, "Pixels", options: new LatentProjectionOptions { BatchSize = 0 }));
        Refused("LearningRate", "LearningRate is NaN, but it must be above 0. The default is 0.2.", () =>
            _gan.FindNoise(right, "Pixels", options: new LatentProjectionOptions { LearningRate = double.NaN }));
        Refused("PriorWeight", "PriorWeight is -1, but it must be 0 or more. The default is 0.001.", () =>
            _gan.FindNoise(right, "Pixels", options: new LatentProjectionOptions { PriorWeight = -1 }));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            Find(_gan, [Pictures.Image(0, 16, 12)], new LatentProjectionOptions { CancellationToken = cancelled.Token }));
    }

    [TestMethod]
    public void A_picture_that_cannot_be_read_is_named_by_its_row()
    {
        float[] bad = Pictures.Pixels(0, 16, 12, 3);
        bad[3] = 9;
        IDataView view = _gan.FindNoise(Pictures.View(_ml, [Pictures.Pixels(0, 16, 12, 3), bad], 3, 16, 12), "Pixels", options: Few());
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => view.GetColumn<float>("Error").ToArray());
        StringAssert.Contains(failure.Message, "Column 'Pixels', row 1: pixel 3 is 9");

        failure = Assert.Throws<InvalidOperationException>(() => Find(_gan, [Pictures.Image(0, 16, 12), Pictures.Image(0, 12, 16)], Few()));
        StringAssert.Contains(failure.Message,
            "Column 'Image', row 1, Class '': is an image of 16x12 pixels, but 12x16 are expected (width x height).");
        failure = Assert.Throws<InvalidOperationException>(() => Find(_gan, [null!], Few()));
        StringAssert.Contains(failure.Message, "Column 'Image', row 0, Class '': has no image");
    }

    [TestMethod]
    public void A_disposed_model_says_so()
    {
        DcganTransformer gan = Pictures.SmallModel(_ml);
        gan.Dispose();
        Assert.Throws<ObjectDisposedException>(() => gan.FindNoise(Pictures.View(_ml, 1, 16, 12, 3), "Pixels"));
        Assert.Throws<ObjectDisposedException>(() => gan.Generate([new float[6]]));
    }

    // Hardly trained, so its pictures would hardly differ; with larger weights they do.
    private static DcganTransformer Varied(DcganNoise distribution)
    {
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.NoiseDistribution = distribution;
        DcganTransformer gan = _ml.Transforms.Dcgan(options).Fit(Pictures.View(_ml, 8, 16, 12, 3));
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        gan.Networks.Generator.modules().OfType<Convolution>().Last().Weight.mul_(15);
        return gan;
    }

    private static MLImage[] Images(IReadOnlyList<GeneratedImage> pictures) => [.. pictures.Select(picture => picture.ToMLImage())];

    /// <summary>What is found for pictures in a view of them and, with classes, of these.</summary>
    private static FoundRow[] Find(DcganTransformer gan, IReadOnlyList<MLImage> pictures, LatentProjectionOptions options,
        string[]? labels = null)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(GivenRow));
        new ImageTypeAttribute(gan.ImageHeight, gan.ImageWidth).Register();
        schema[nameof(GivenRow.Image)].ColumnType = new ImageDataViewType(gan.ImageHeight, gan.ImageWidth);
        IDataView given = _ml.Data.LoadFromEnumerable(
            pictures.Select((picture, i) => new GivenRow { Image = picture, Class = labels?[i] ?? "", Number = i }).ToList(), schema);
        IDataView found = gan.FindNoise(given, options: options);
        return _ml.Data.CreateEnumerable<FoundRow>(found, reuseRowObject: false).ToArray();
    }

    private static LatentProjectionOptions Few() => new() { Steps = 20, Restarts = 2 };

    private sealed class FoundRow
    {
        public float[] Noise { get; set; } = [];

        public float Error { get; set; }

        public int Number { get; set; }

        [NoColumn]
        public double PeakSignalToNoiseRatio => -10 * Math.Log10(Error);
    }

    private sealed class GivenRow
    {
        [ImageType(16, 12)]
        public MLImage Image { get; set; } = null!;

        public string Class { get; set; } = "";

        public int Number { get; set; }
    }
}
