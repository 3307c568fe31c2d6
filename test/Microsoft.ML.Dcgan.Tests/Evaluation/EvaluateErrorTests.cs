using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Tests.Evaluation;

[TestClass]
public sealed class EvaluateErrorTests
{
    private readonly MLContext _ml = new(seed: 1);
    private int _readings;

    [TestMethod]
    public void A_missing_column_is_refused()
    {
        Refused("real", () => Evaluate(Rows(8), Rows(8), "Image"),
            "Could not find column 'Image' in the real view. The columns are: Features, Name, Doubles.");
        Refused("generated", () => Evaluate(Rows(8), Rows(8), "Features", "Generated"),
            "Could not find column 'Generated' in the generated view.");
    }

    [TestMethod]
    [DataRow("Name", "String")]
    [DataRow("Doubles", "Vector<Double>")]
    public void A_column_of_another_type_is_refused(string column, string type) =>
        Refused("real", () => Evaluate(Rows(8), Rows(8), column),
            $"Column '{column}' of the real view is of type {type}, but an image or a known-size vector of Single is expected.");

    [TestMethod]
    public void Features_of_differing_sizes_are_refused()
    {
        Refused("generated", () => Evaluate(Rows(8), FeatureViews.Of(_ml, Enumerable.Range(0, 8).Select(_ => new float[3]).ToArray())),
            "The real view has 2 features a row (column 'Features', Vector<Single, 2>), but the generated view has 3 (column 'Features', Vector<Single, 3>).");
        Refused("generated", () => _ml.ImageGeneration().Evaluate(Pictures.View(_ml, 5, 16, 12, 3), Pictures.View(_ml, 5, 16, 16, 3),
            "Pixels", "Pixels"), "Resize the images to one size first");
    }

    [TestMethod]
    public void Random_features_are_of_images_alone()
    {
        Refused("RandomFeatures", options => options.RandomFeatures = true,
            "RandomFeatures is true, but column 'Features' of the real view is of type Vector<Single, 2>: images are expected");
        ImageGenerationOptions sizes = new() { RealColumnName = "Pixels", GeneratedColumnName = "Pixels", RandomFeatures = true };
        Refused("RandomFeatures", () =>
            _ml.ImageGeneration().Evaluate(Pictures.View(_ml, 8, 16, 12, 3), Pictures.View(_ml, 8, 12, 16, 3), sizes),
            "The real view's images are of 12x16 pixels (width x height) with 3 channels, but the generated view's of 16x12 pixels");
        sizes.FeatureExtractor = _ml.Transforms.CopyColumns("Copy", "Pixels").Fit(Pictures.View(_ml, 8, 16, 12, 3));
        Refused("RandomFeatures", () =>
            _ml.ImageGeneration().Evaluate(Pictures.View(_ml, 8, 16, 12, 3), Pictures.View(_ml, 8, 16, 12, 3), sizes),
            "RandomFeatures is True, but it must be false where there is a FeatureExtractor");
    }

    [TestMethod]
    public void Empty_views_are_refused()
    {
        Failed(() => Evaluate(Rows(0), Rows(8)), "The real view has no rows.");
        Failed(() => Evaluate(Rows(8), Rows(0)), "The generated view has no rows.");
        Failed(() => _ml.ImageGeneration().FindNearest(Rows(0), Rows(8), "Features", "Features"), "The training view has no rows.");
    }

    [TestMethod]
    [DataRow(GenerationMetrics.PrecisionRecall, 3, 9,
        "The real view has 3 rows, but at least 4 are needed for precision and recall with Neighbors 3.")]
    [DataRow(GenerationMetrics.PrecisionRecall, 9, 3,
        "The generated view has 3 rows, but at least 4 are needed for precision and recall with Neighbors 3.")]
    [DataRow(GenerationMetrics.DensityCoverage, 5, 9,
        "The real view has 5 rows, but at least 6 are needed for density and coverage with CoverageNeighbors 5.")]
    [DataRow(GenerationMetrics.FrechetDistance, 9, 1, "The generated view has 1 row, but at least 2 are needed for a covariance.")]
    [DataRow(GenerationMetrics.KernelDistance, 1, 9, "The real view has 1 row, but at least 2 are needed for the kernel distance.")]
    [DataRow(GenerationMetrics.NearestNeighborAccuracy, 9, 1,
        "The generated view has 1 row, but at least 2 are needed for the 1-NN accuracy.")]
    public void Too_few_rows_are_refused(GenerationMetrics metrics, int real, int generated, string message) =>
        Failed(() => _ml.ImageGeneration().Evaluate(Rows(real), Rows(generated), Options(metrics)), message);

    [TestMethod]
    public void As_many_rows_as_needed_will_do()
    {
        _ml.ImageGeneration().Evaluate(Rows(4), Rows(4), Options(GenerationMetrics.PrecisionRecall));
        _ml.ImageGeneration().Evaluate(Rows(6), Rows(1), Options(GenerationMetrics.DensityCoverage));
        _ml.ImageGeneration().Evaluate(Rows(2), Rows(2), Options(GenerationMetrics.FrechetDistance | GenerationMetrics.KernelDistance));
    }

    [TestMethod]
    [DataRow(float.NaN, "NaN")]
    [DataRow(float.NegativeInfinity, "-Infinity")]
    public void Features_that_are_no_numbers_are_named(float value, string text)
    {
        float[][] rows = Enumerable.Range(0, 8).Select(i => new float[] { i, -i }).ToArray();
        rows[3][1] = value;
        IDataView bad = FeatureViews.Of(_ml, rows);
        Failed(() => Evaluate(Rows(8), bad),
            $"Column 'Features' of the generated view, row 3, Name 'sample 3': slot 1 is {text}, but features must be finite numbers.");
        Failed(() => _ml.ImageGeneration().FindNearest(bad, Rows(8), "Features", "Features"),
            "Column 'Features' of the training view, row 3");
    }

    [TestMethod]
    public void Images_of_differing_sizes_are_refused()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            string[] files = [.. Pictures.Files(Path.Combine(folder.FullName, "a"), 5, 16, 12),
                .. Pictures.Files(Path.Combine(folder.FullName, "b"), 1, 12, 12)];
            IDataView images = FeatureViews.Images(_ml, files);
            Failed(() => _ml.ImageGeneration().Evaluate(images, images, "Image", "Image"), "Column 'Image' of the real view, row 5, Path ");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void Pixels_out_of_range_have_no_similarity()
    {
        IDataView wrong = Pictures.View(_ml, Enumerable.Range(0, 8).Select(i => Enumerable.Repeat((float)i, 3 * 16 * 12).ToArray()), 3, 16,
            12);
        Failed(() => _ml.ImageGeneration().Evaluate(wrong, wrong, "Pixels", "Pixels"), "but pixels must be numbers in [-1, 1]");
    }

    [TestMethod]
    public void A_view_that_changes_is_refused()
    {
        // Counting the rows finds 8, and reading them one more.
        IEnumerable<FeatureRow> Growing()
        {
            int count = _readings++ == 0 ? 8 : 9;
            for (int i = 0; i < count; i++)
                yield return new FeatureRow { Features = [i, 1] };
        }
        SchemaDefinition schema = SchemaDefinition.Create(typeof(FeatureRow));
        schema[nameof(FeatureRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        Failed(() => Evaluate(_ml.Data.LoadFromEnumerable(Growing(), schema), Rows(8)),
            "The real view gives more rows than the 8 that it had when they were counted.");
    }

    [TestMethod]
    public void Options_out_of_range_are_refused()
    {
        Refused("Metrics", options => options.Metrics = GenerationMetrics.None,
            "Metrics is None, but it must be one or more of GenerationMetrics");
        Refused("Neighbors", options => options.Neighbors = 0, "Neighbors is 0, but it must be 1 or more. The default is 3.");
        Refused("CoverageNeighbors", options => options.CoverageNeighbors = -1, "CoverageNeighbors is -1");
        Refused("KernelSubsets", options => options.KernelSubsets = 1, "KernelSubsets is 1, but it must be 2 or more");
        Refused("KernelSubsetSize", options => options.KernelSubsetSize = 1, "KernelSubsetSize is 1");
        Refused("SimilarityPairs", options => options.SimilarityPairs = 0, "SimilarityPairs is 0");
        Refused("RealColumnName", options => options.RealColumnName = " ", "RealColumnName is empty, but it must be a column's name");
        Refused("GeneratedColumnName", options => options.GeneratedColumnName = "", "GeneratedColumnName is empty");
        Refused("FeatureColumnName", options => options.FeatureColumnName = "F",
            "FeatureColumnName is F, but it must be null where there is no FeatureExtractor");
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.ImageGeneration().FindNearest(Rows(3), Rows(3), "Features", "Features", count: 0));
    }

    [TestMethod]
    public void An_extractor_without_features_is_refused()
    {
        ITransformer drop = _ml.Transforms.DropColumns("Features").Fit(Rows(8));
        Refused("featureExtractor", () => _ml.ImageGeneration().Evaluate(Rows(8), Rows(8), "Features", "Features", drop),
            "has no column of known-size vectors of Single. Its columns are: Name (String), Doubles (Vector<Double>).");
        Refused("real", () => _ml.ImageGeneration().Evaluate(Rows(8), Rows(8), "Features", "Features", drop, "Name"),
            "Column 'Name' of the real view is of type String");
    }

    private IDataView Rows(int count) =>
        FeatureViews.Of(_ml, Enumerable.Range(0, count).Select(i => new float[] { i, i * i }).ToArray(), size: 2);

    private ImageGenerationMetrics Evaluate(IDataView real, IDataView generated, string realColumn = "Features",
        string? generatedColumn = null) =>
        _ml.ImageGeneration().Evaluate(real, generated, realColumn, generatedColumn ?? realColumn);

    private static ImageGenerationOptions Options(GenerationMetrics metrics) =>
        new() { RealColumnName = "Features", GeneratedColumnName = "Features", Metrics = metrics };

    private void Refused(string option, Action<ImageGenerationOptions> set, string message)
    {
        ImageGenerationOptions options = Options(GenerationMetrics.All);
        set(options);
        Refused(option, () => _ml.ImageGeneration().Evaluate(Rows(8), Rows(8), options), message);
    }

    private static void Refused(string parameter, Action evaluate, string message)
    {
        ArgumentOutOfRangeException failure = Assert.Throws<ArgumentOutOfRangeException>(evaluate);
        Assert.AreEqual(parameter, failure.ParamName);
        StringAssert.Contains(failure.Message, message);
    }

    private static void Failed(Action evaluate, string message) =>
        StringAssert.Contains(Assert.Throws<InvalidOperationException>(evaluate).Message, message);
}
