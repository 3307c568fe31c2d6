using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Training;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Data;

[TestClass]
public sealed class BadImagesTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [TestCleanup]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestMethod]
    [DataRow("Image")]
    [DataRow("Pixels")]
    [DataRow("Resized")]
    public void Skipped_files_leave_the_others_in_order(string column)
    {
        string[] files = Pictures.Files(_folder.FullName, 300, 10, 8);
        int[] bad = [0, 7, 100, 101, 102, 103, 299];
        Damage(files[0]);
        File.Delete(files[7]);
        foreach (int i in bad.Skip(2))
            Damage(files[i]);
        files[101] = "";

        foreach (Func<long, Dataset> store in new Func<long, Dataset>[] { Resident, Filed })
        {
            using var scope = NewDisposeScope();
            (Dataset images, SkippedRows skipped) = Read(Loaded(files), column, store);
            using (images)
            {
                Assert.AreEqual(7, skipped.Count);
                Assert.AreEqual(293, images.Count);
                CollectionAssert.AreEqual(
                    Enumerable.Range(0, 300).Except(bad).SelectMany(i => Pictures.Interleaved(Pictures.Bytes(i, 10, 8, 3), 3)).ToArray(),
                    images.Gather(arange(images.Count)).bytes.ToArray());
            }

            string[] named = skipped.Descriptions.ToArray();
            Assert.HasCount(5, named);
            for (int i = 0; i < named.Length; i++)
                StringAssert.StartsWith(named[i], $"row {bad[i]}, Path '{files[bad[i]]}': ");
            StringAssert.Contains(named[0], "is no picture that can be read: its file is empty, cut short, or of a format other than");
            StringAssert.Contains(named[1], "Could not find file");
            // After the first row, ResizeImages hands on the image before, which it disposed, where there is none.
            StringAssert.Contains(named[3], "has no image");
        }

        static Dataset Resident(long count) => new MemoryDataset(count, (3, 10, 8), CPU);
        static Dataset Filed(long count) => new FileDataset(count, (3, 10, 8), null);
    }

    [TestMethod]
    public void Pixels_out_of_range_and_of_another_length_are_skipped()
    {
        float[][] rows = Enumerable.Range(0, 5).Select(i => Pictures.Pixels(i, 8, 8, 1)).ToArray();
        rows[0][3] = float.NaN;
        rows[2][5] = 255;
        rows[4] = rows[4][..63];
        using var scope = NewDisposeScope();
        (Dataset images, SkippedRows skipped) =
            Read(Pictures.View(_ml, rows, 1, 8, 8), "Pixels", count => new MemoryDataset(count, (1, 8, 8), CPU));
        using (images)
            CollectionAssert.AreEqual(Pictures.Bytes(1, 8, 8, 1).Concat(Pictures.Bytes(3, 8, 8, 1)).ToArray(),
                images.Gather(arange(2)).bytes.ToArray());

        string[] named = skipped.Descriptions.ToArray();
        StringAssert.StartsWith(named[0], "row 0: pixel 3 is NaN");
        StringAssert.StartsWith(named[1], "row 2: pixel 5 is 255");
        StringAssert.StartsWith(named[2], "row 4: ");
    }

    [TestMethod]
    public void An_image_of_another_size_is_not_damaged_and_is_not_skipped()
    {
        string[] files = Pictures.Files(_folder.FullName, 3, 10, 8);
        Damage(files[0]);
        string other = Pictures.Files(Path.Combine(_folder.FullName, "other"), 1, 9, 9)[0];
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => Fit(Loaded([.. files, other]), "Image"));
        StringAssert.StartsWith(failure.Message, $"Column 'Image', row 3, Path '{other}': is an image of 9x9 pixels, but 8x10 are expected");
        StringAssert.EndsWith(failure.Message, "Resize all images to that size first, with ResizeImages.");
    }

    // As when a network's disk goes away while pictures are read.
    [TestMethod]
    [DataRow("Image", false)]
    [DataRow("Resized", false)]
    [DataRow("Pixels", false)]
    [DataRow("Image", true)]
    public void A_folder_that_is_gone_is_not_skipped(string column, bool ours)
    {
        string[] files = Pictures.Files(Path.Combine(_folder.FullName, "share"), 300, 10, 8);
        DirectoryInfo share = Directory.GetParent(files[0])!;
        int read = 0;
        IDataView paths = _ml.Data.LoadFromEnumerable(files.Select(path =>
        {
            if (Interlocked.Increment(ref read) == 200)
                share.MoveTo(Path.Combine(_folder.FullName, "away"));
            return new FileRow { Path = path };
        }));
        IDataView view = ours ? _ml.Transforms.LoadDcganImages("Image", imageFolder: null, "Path").Fit(paths).Transform(paths) : Loaded(paths);
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => Fit(view, column));
        StringAssert.Matches(failure.Message,
            new($@"^Column '{column}', row \d+, Path '{share.Parent!.FullName}.*': Could not find a part of the path '{share.Parent.FullName}.*'\.$"));
    }

    [TestMethod]
    [DataRow("Image")]
    [DataRow("Resized")]
    [DataRow("Pixels")]
    public void A_row_without_a_path_is_said_to_have_no_image(string column)
    {
        string[] files = Pictures.Files(_folder.FullName, 4, 10, 8);
        files[1] = "";
        StringAssert.StartsWith(
            Assert.Throws<InvalidOperationException>(() => Fit(Loaded(files), column, DcganBadImages.Stop)).Message,
            $"Column '{column}', row 1, Path '': has no image: its path is empty, perhaps. Or leave such rows out");
    }

    [TestMethod]
    public void The_log_names_the_first_few_and_says_how_many()
    {
        string[] files = Pictures.Files(_folder.FullName, 12, 10, 8);
        foreach (string file in files[..7])
            Damage(file);
        var warnings = new List<string>();
        _ml.Log += (_, entry) =>
        {
            if (entry.Kind == ChannelMessageKind.Warning)
                warnings.Add(entry.RawMessage);
        };

        using DcganTransformer gan = Fit(Loaded(files), "Pixels");

        Assert.HasCount(6, warnings);
        for (int i = 0; i < 5; i++)
            StringAssert.StartsWith(warnings[i], $"Skipped row {i}, Path '{files[i]}': ");
        Assert.AreEqual("7 of 12 rows were skipped: their images cannot be read.", warnings[5]);
    }

    [TestMethod]
    public void The_count_is_saved_with_the_model()
    {
        string[] files = Pictures.Files(_folder.FullName, 6, 10, 8);
        Damage(files[2]);
        using DcganTransformer gan = Fit(Loaded(files), "Pixels");
        using var file = new MemoryStream();
        _ml.Model.Save(gan, null, file);
        file.Position = 0;
        using var loaded = (DcganTransformer)_ml.Model.Load(file, out _);

        Assert.AreEqual(1, loaded.Summary.SkippedImages);
        Assert.AreEqual(5, loaded.Summary.Images);
    }

    [TestMethod]
    [DataRow("Image")]
    [DataRow("Pixels")]
    public void Nothing_left_is_an_error(string column)
    {
        string[] files = Pictures.Files(_folder.FullName, 9, 10, 8);
        foreach (string file in files)
            Damage(file);
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => Fit(Loaded(files), column));
        StringAssert.StartsWith(failure.Message,
            $"Column '{column}' has no images to train on: all 9 of its rows were skipped. The first is row 0, Path '{files[0]}': is no picture that can be read: its file is empty, cut short, or of a format other than");
    }

    [TestMethod]
    [DataRow("Image", 0)]
    [DataRow("Image", 4)]
    [DataRow("Pixels", 0)]
    [DataRow("Pixels", 4)]
    public void By_default_the_error_names_the_row_and_the_option(string column, int bad)
    {
        string[] files = Pictures.Files(_folder.FullName, 6, 10, 8);
        Damage(files[bad]);
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => Fit(Loaded(files), column, DcganBadImages.Stop));
        StringAssert.StartsWith(failure.Message, $"Column '{column}', row {bad}, Path '{files[bad]}': is no picture that can be read: its file is empty, cut short, or of a format other than");
        StringAssert.Contains(failure.Message, "with the option BadImages = DcganBadImages.Skip");
    }

    [TestMethod]
    public void A_row_without_a_picture_is_never_trained_on_as_grey()
    {
        string[] files = Pictures.Files(_folder.FullName, 4, 10, 8);
        files[0] = "";
        InvalidOperationException failure =
            Assert.Throws<InvalidOperationException>(() => Fit(Loaded(files), "Pixels", DcganBadImages.Stop));
        StringAssert.StartsWith(failure.Message, "Column 'Pixels', row 0, Path '': has no image");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Cancelling_and_memory_running_out_are_not_skipped(bool cancelled)
    {
        IDataView files = Paths(Pictures.Files(_folder.FullName, 4, 8, 8));
        IDataView failing = _ml.Transforms.CustomMapping<FileRow, PixelRow>((_, _) =>
            throw (cancelled ? new OperationCanceledException() : new OutOfMemoryException()), null)
            .Fit(files).Transform(files);
        using var images = new MemoryDataset(4, (1, 8, 8), CPU);

        Exception failure = Assert.Throws<Exception>(() =>
            ImageReader.Read(failing, failing.Schema["Pixels"], new ImageFormat(8, 8, 1), images, CancellationToken.None,
                badImages: DcganBadImages.Skip));
        Assert.AreEqual(cancelled ? typeof(OperationCanceledException) : typeof(OutOfMemoryException), failure.GetType());
    }

    [TestMethod]
    public void Labels_stay_with_the_images_that_remain()
    {
        LabelledRow[] rows = LabelledPictures.Rows(40);
        foreach (int bad in new[] { 0, 7, 8, 21, 39 })
            rows[bad].Pixels = [.. rows[bad].Pixels.Take(5), float.NaN, .. rows[bad].Pixels.Skip(6)];
        IDataView view = LabelledPictures.Keyed(_ml, rows);
        using var images = new MemoryDataset(40, (1, LabelledPictures.Side, LabelledPictures.Side), TorchSharp.torch.CPU);

        SkippedRows skipped = ImageReader.Read(view, view.Schema["Pixels"],
            new ImageFormat(LabelledPictures.Side, LabelledPictures.Side, 1), images,
            CancellationToken.None, LabelColumn.OfTraining(view.Schema, "Class"), DcganBadImages.Skip);

        Assert.AreEqual(5, skipped.Count);
        Assert.AreEqual(35, images.Count);
        using var scope = TorchSharp.torch.NewDisposeScope();
        for (int i = 0; i < 35; i++)
        {
            byte pixel = images.Gather(TorchSharp.torch.tensor(new long[] { i })).bytes[0];
            // In the order of their names.
            Assert.AreEqual(pixel > 127 ? 0 : 1, images.Labels![i], $"image {i}, of brightness {pixel}");
        }
        Assert.AreEqual(2, images.Labels!.Distinct().Count());
    }

    private static void Damage(string file) => File.WriteAllText(file, "no picture");

    private IDataView Paths(IEnumerable<string> files) =>
        _ml.Data.LoadFromEnumerable(files.Select(file => new FileRow { Path = file }).ToList());

    // Images of no stated size, the same resized, and as pixels.
    private IDataView Loaded(string[] files) => Loaded(Paths(files));

    private IDataView Loaded(IDataView paths) => _ml.Transforms.LoadImages("Image", null, "Path")
        .Append(_ml.Transforms.ResizeImages("Resized", 8, 10, "Image"))
        .Append(_ml.Transforms.ExtractPixels("Pixels", "Resized", offsetImage: 127.5f, scaleImage: 1 / 127.5f))
        .Fit(paths).Transform(paths);

    private DcganTransformer Fit(IDataView view, string column, DcganBadImages badImages = DcganBadImages.Skip)
    {
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.ImageColumnName = column;
        options.BadImages = badImages;
        return _ml.Transforms.Dcgan(options).Fit(view);
    }

    private static (Dataset Images, SkippedRows Skipped) Read(IDataView view, string columnName, Func<long, Dataset> store)
    {
        (DataViewSchema.Column column, ImageFormat format) = new ImageColumn(columnName, null, null, null, DcganBadImages.Skip)
            .Resolve(view);
        Dataset images = store(ImageReader.Count(view));
        return (images, ImageReader.Read(view, column, format, images, CancellationToken.None, badImages: DcganBadImages.Skip));
    }
}
