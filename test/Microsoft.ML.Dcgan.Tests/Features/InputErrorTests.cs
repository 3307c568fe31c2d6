using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Tests.Features;

/// <summary>What is said of images that a trained discriminator cannot take.</summary>
[TestClass]
public sealed class InputErrorTests
{
    private static readonly MLContext _ml = new(seed: 1);
    private static DcganTransformer _gan = null!;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [ClassInitialize]
    public static void Train(TestContext _) => _gan = Pictures.SmallModel(_ml);

    [ClassCleanup]
    public static void DisposeModel() => _gan.Dispose();

    [TestCleanup]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestMethod]
    public void A_missing_column_is_named() =>
        Refused("Picture", Pictures.View(_ml, 1, 16, 12, 3), "Could not find input column 'Picture'. The columns are: Pixels, Number.");

    [TestMethod]
    public void A_column_of_another_type_is_named() =>
        Refused("Number", Pictures.View(_ml, 1, 16, 12, 3),
            "Schema mismatch for input column 'Number': expected an image, or a known-size vector of Single with pixels in [-1, 1], planes first, got Int32.");

    [TestMethod]
    public void Pictures_of_another_size_are_refused()
    {
        const string trained = "but the model was trained on images of 12x16 pixels (width x height) with 3 channels. Resize or extract to match it.";
        Refused("Pixels", Pictures.View(_ml, 1, 20, 12, 3), "Input column 'Pixels' holds images whose ImageHeight is 20, " + trained);
        Refused("Pixels", Pictures.View(_ml, 1, 16, 12, 1), "Input column 'Pixels' holds images whose Channels is 1, " + trained);
        Refused("Pixels", Pictures.View(_ml, [new float[16 * 12 * 3]], 16, 12, 3),
            "planes first: call ExtractPixels with interleavePixelColors: false");
        Refused("Pixels", Pictures.View(_ml, [new float[100]], 100),
            "is a vector of 100 numbers, which is not ImageHeight 16 times ImageWidth 12 times Channels 3.");
        IDataView turned = _ml.Data.LoadFromEnumerable<ImageRow>([]);
        using DcganTransformer other = _ml.Transforms.Dcgan(Pictures.SmallOptions()).Fit(Pictures.View(_ml, 4, 12, 16, 3));
        ArgumentOutOfRangeException failure =
            Assert.Throws<ArgumentOutOfRangeException>(() => other.RealnessScorer().GetOutputSchema(turned.Schema));
        StringAssert.Contains(failure.Message,
            "Input column 'Image' holds images whose ImageHeight is 16, but the model was trained on images of 16x12 pixels");
    }

    [TestMethod]
    public void A_picture_of_another_size_is_found()
    {
        string[] files = Pictures.Files(_folder.FullName, 2, 16, 12);
        string wrong = Path.Combine(_folder.FullName, "wrong.png");
        using (MLImage image = Pictures.Image(1, 12, 16))
            image.Save(wrong);
        IDataView paths = _ml.Data.LoadFromEnumerable(files.Append(wrong).Select(file => new FileRow { Path = file }).ToList());
        IDataView images = _ml.Transforms.LoadImages("Image", null, "Path").Fit(paths).Transform(paths);

        FailsAt("Image", images, $"Column 'Image', row 2, Path '{wrong}': is an image of 16x12 pixels, but 12x16 are expected (width x height). Resize all images to that size first, with ResizeImages.");
    }

    [TestMethod]
    public void A_missing_picture_is_found() =>
        FailsAt("Image", _ml.Data.LoadFromEnumerable([new ImageRow()]), "Column 'Image', row 0: has no image");

    [TestMethod]
    public void Pixels_out_of_range_are_found()
    {
        float[] bad = Pictures.Pixels(1, 16, 12, 3);
        bad[17] = 255;
        IDataView view = Pictures.View(_ml, [Pictures.Pixels(0, 16, 12, 3), bad], 3, 16, 12);
        FailsAt("Pixels", view, "Column 'Pixels', row 1: pixel 17 is 255, but pixels must be numbers in [-1, 1].");

        using DcganRealnessScorer scorer = _gan.RealnessScorer(inputColumnName: "Pixels");
        SchemaDefinition schema = SchemaDefinition.Create(typeof(PixelRow));
        schema["Pixels"].ColumnType = view.Schema["Pixels"].Type;
        using var engine = _ml.Model.CreatePredictionEngine<PixelRow, JudgedRow>(scorer,
            new PredictionEngineOptions { InputSchemaDefinition = schema });
        Exception failure = Assert.Throws<InvalidOperationException>(() => engine.Predict(new PixelRow { Pixels = bad }));
        StringAssert.Contains(failure.Message, "Column 'Pixels', row 0: pixel 17 is 255");
    }

    [TestMethod]
    public void Empty_column_names_are_refused()
    {
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() => _gan.Featurizer(" ")).Message,
            "outputColumnName is empty, but a column name is expected, such as \"Features\".");
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() => _gan.RealnessScorer(inputColumnName: "")).Message,
            "inputColumnName is empty, but a column name is expected, such as \"Image\".");
    }

    private static void Refused(string column, IDataView view, string message)
    {
        using DcganFeaturizer featurizer = _gan.Featurizer(inputColumnName: column);
        foreach (Action use in new Action[] { () => featurizer.Transform(view), () => featurizer.GetOutputSchema(view.Schema), () =>
            featurizer.GetRowToRowMapper(view.Schema) })
        {
            ArgumentOutOfRangeException failure = Assert.Throws<ArgumentOutOfRangeException>(use);
            Assert.AreEqual("inputSchema", failure.ParamName);
            StringAssert.Contains(failure.Message, message);
        }
    }

    private static void FailsAt(string column, IDataView view, string message)
    {
        using DcganFeaturizer featurizer = _gan.Featurizer(inputColumnName: column);
        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => FeaturizerTests.Features(featurizer, view)).Message, message);
    }
}
