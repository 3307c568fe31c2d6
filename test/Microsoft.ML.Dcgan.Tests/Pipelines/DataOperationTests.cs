using Microsoft.ML.Data;
using static Microsoft.ML.Dcgan.Tests.GeneratedPictures;

namespace Microsoft.ML.Dcgan.Tests.Pipelines;

/// <summary>ML.NET's operations on views, before Dcgan and after it.</summary>
[TestClass]
public sealed class DataOperationTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [TestCleanup]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestMethod]
    public void Preview_shows_generated_pictures()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        IDataView view = gan.Transform(gan.SampleNoise(70));

        DataDebuggerPreview preview = view.Preview(maxRows: 3);

        byte[][] expected = Generated(_ml.Data.TakeRows(view, 3));
        object[] ofRows = preview.RowView.Select(row => row.Values.Single(value => value.Key == "Generated").Value).ToArray();
        object[] ofColumn = preview.ColumnView.Single(column => column.Column.Name == "Generated").Values;
        CheckSame(expected, ofRows.Select(value => Bytes((MLImage)value)).ToArray());
        CheckSame(expected, ofColumn.Select(value => Bytes((MLImage)value)).ToArray());
    }

    [TestMethod]
    public void Both_parts_of_a_TrainTestSplit_are_trained_on()
    {
        IDataView images = Loaded(Pictures.Files(_folder.FullName, 40, 16, 12));
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(images, testFraction: 0.25, seed: 3);
        string[] train = PicturesOf(split.TrainSet), test = PicturesOf(split.TestSet);

        CollectionAssert.AreEquivalent(PicturesOf(images), train.Concat(test).ToArray());
        Assert.IsGreaterThan(0, test.Length);
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.ImageColumnName = "Image";
        using DcganTransformer gan = _ml.Transforms.Dcgan(options).Fit(split.TrainSet);
        Assert.AreEqual(train.Length, gan.Summary.Images);
    }

    [TestMethod]
    public void A_split_of_generated_pictures_has_each_of_them_once()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        IDataView generated = gan.Transform(gan.SampleNoise(40));
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(generated, testFraction: 0.5, seed: 3);

        byte[][] all = Generated(generated), parts = [.. Generated(split.TrainSet), .. Generated(split.TestSet)];
        Assert.HasCount(40, parts);
        // In minibatches of other rows, which may round differently.
        foreach (byte[] picture in all)
            Assert.IsTrue(parts.Any(part => part.Zip(picture).All(pair => Math.Abs(pair.First - pair.Second) <= 1)));
    }

    [TestMethod]
    public void Rows_may_be_taken_skipped_and_filtered_before_training()
    {
        IDataView view = Pictures.View(_ml, 20, 16, 12, 3);
        byte[][] pictures = Enumerable.Range(0, 20).Select(i => Pictures.Bytes(i, 16, 12, 3)).ToArray();

        Check(pictures[..7], _ml.Data.TakeRows(view, 7));
        Check(pictures[15..], _ml.Data.SkipRows(view, 15));
        // Which says what to leave out.
        Check(pictures.Where((_, i) => i % 3 != 0), _ml.Data.FilterByCustomPredicate<NumberRow>(view, row => row.Number % 3 == 0));
        Check(pictures, _ml.Data.Cache(view));

        static void Check(IEnumerable<byte[]> expected, IDataView actual) =>
            CollectionAssert.AreEqual(expected.SelectMany(bytes => bytes).ToArray(), Pictures.AsTrainedOn(actual, "Pixels"));
    }

    [TestMethod]
    public void Caching_and_shuffling_that_dropped_the_images_is_explained()
    {
        IDataView paths = Paths(Pictures.Files(_folder.FullName, 6, 16, 12)), images = Loaded(paths);
        DcganEstimator dcgan = _ml.Transforms.Dcgan(ImageOptions());
        var loading = _ml.Transforms.LoadImages("Image", null, "Path");

        foreach (Action fit in new Action[]
        {
            () => dcgan.Fit(_ml.Data.Cache(images)),
            () => dcgan.Fit(_ml.Data.ShuffleRows(images)),
            () => loading.AppendCacheCheckpoint(_ml).Append(dcgan).Fit(paths),
            () => new EstimatorChain<ITransformer>().Append(dcgan).Fit(_ml.Data.Cache(images)),
        })
        {
            ArgumentOutOfRangeException failure = Assert.Throws<ArgumentOutOfRangeException>(fit);
            StringAssert.Contains(failure.Message, "Could not find input column 'Image'. The columns are: Path. " +
                "If it held images: ML.NET's Cache, AppendCacheCheckpoint and ShuffleRows drop such columns, " +
                "so cache and shuffle before LoadImages.");
        }

        // As it says.
        using DcganTransformer gan = loading.Append(dcgan).Fit(_ml.Data.ShuffleRows(_ml.Data.Cache(paths))).LastTransformer;
        Assert.AreEqual(6, gan.Summary.Images);
    }

    [TestMethod]
    public void A_column_that_is_missing_beside_images_was_not_dropped()
    {
        DcganEstimator.Options options = ImageOptions();
        options.ImageColumnName = "Imge";
        ArgumentOutOfRangeException failure = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.Dcgan(options).Fit(Loaded(Pictures.Files(_folder.FullName, 1, 16, 12))));
        StringAssert.Contains(failure.Message, "Could not find input column 'Imge'. The columns are: Path, Image. (");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Pictures_of_CreateEnumerable_are_their_readers_own(bool reuse)
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        IDataView view = gan.Transform(gan.SampleNoise(5));
        byte[][] expected = Generated(gan, 5);
        var rows = new List<GeneratedRow>();
        var images = new List<MLImage>();
        foreach (GeneratedRow row in _ml.Data.CreateEnumerable<GeneratedRow>(view, reuse))
        {
            rows.Add(row);
            images.Add(row.Generated!);
        }

        Assert.AreEqual(reuse ? 1 : 5, rows.Distinct().Count());
        Assert.AreEqual(5, images.Distinct().Count());
        CheckSame(expected, images.Select(Bytes).ToArray());

        // Disposing each at once is as well.
        int count = 0;
        foreach (GeneratedRow row in _ml.Data.CreateEnumerable<GeneratedRow>(view, reuse))
            CollectionAssert.AreEqual(expected[count++], Bytes(row.Generated!));
    }

    private static DcganEstimator.Options ImageOptions()
    {
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.ImageColumnName = "Image";
        return options;
    }

    private IDataView Paths(string[] files) => _ml.Data.LoadFromEnumerable(files.Select(file => new FileRow { Path = file }).ToList());

    private IDataView Loaded(string[] files) => Loaded(Paths(files));

    private IDataView Loaded(IDataView paths) => _ml.Transforms.LoadImages("Image", null, "Path").Fit(paths).Transform(paths);

    private static string[] PicturesOf(IDataView view) =>
        Pictures.AsTrainedOn(view, "Image").Chunk(3 * 16 * 12).Select(Convert.ToHexString).ToArray();
}
