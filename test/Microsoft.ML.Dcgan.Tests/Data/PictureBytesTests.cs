namespace Microsoft.ML.Dcgan.Tests.Data;

/// <summary>LoadDcganImages on columns of what is in picture files, as databases, archives and uploads have it.</summary>
[TestClass]
public sealed class PictureBytesTests
{
    private static readonly string _shown = Path.Combine(AppContext.BaseDirectory, "Reference", "shown");
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Bytes_show_what_their_file_shows()
    {
        string[] files = [.. Directory.GetFiles(_shown).Order(StringComparer.Ordinal)];
        Assert.IsGreaterThan(10, files.Length);
        IDataView paths = _ml.Data.LoadFromEnumerable(files.Select(file => new FileRow { Path = file }).ToList());

        ITransformer ofPaths = _ml.Transforms.LoadDcganImages("Image", null, "Path", "#2060A0", 24, 20).Fit(paths);
        CollectionAssert.AreEqual(Pictures.AsTrainedOn(ofPaths.Transform(paths), "Image"),
            Pictures.AsTrainedOn(Load("#2060A0", [.. files.Select(File.ReadAllBytes)]), "Image"));
    }

    [TestMethod]
    public void A_row_without_a_whole_picture_is_named_or_left_out()
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(_shown, "orientation6.jpg"));
        foreach ((byte[]? bytes, string message) in new (byte[]?, string)[]
        {
            (null, "the picture is empty (0 bytes)"),
            ([], "the picture is empty (0 bytes)"),
            (whole[..^9], $"the picture is cut short or damaged: its {whole.Length - 9} bytes are not all of a Jpeg picture of"),
            ("no picture"u8.ToArray(), "the picture is no picture that can be read: its 10 bytes begin with 6E 6F 20 70"),
        })
        {
            IDataView view = Load("#FFFFFF", whole, bytes, whole);
            Exception failure = Assert.Throws<InvalidOperationException>(() => Pictures.AsTrainedOn(view, "Image"));
            StringAssert.StartsWith(failure.Message, $"Column 'Image', row 1, Name '1': {message}");

            DcganEstimator.Options options = Pictures.SmallOptions() with { ImageColumnName = "Image", BadImages = DcganBadImages.Skip };
            using DcganTransformer gan = _ml.Transforms.Dcgan(options).Fit(view);
            Assert.AreEqual(1, gan.Summary.SkippedImages);
        }
    }

    [TestMethod]
    public void A_chain_that_reads_bytes_is_saved_and_loaded()
    {
        IDataView rows = Rows(File.ReadAllBytes(Path.Combine(_shown, "orientation6.jpg")),
            File.ReadAllBytes(Path.Combine(_shown, "rgba.png")));
        ITransformer load = _ml.Transforms.LoadDcganImages("Image", null, "Bytes", "#FFFFFF", 24, 20).Fit(rows);

        CollectionAssert.AreEqual(Pictures.AsTrainedOn(load.Transform(rows), "Image"),
            Pictures.AsTrainedOn(ModelFile.Load(ModelFile.Saved(load, rows)).Transform(rows), "Image"));
    }

    [TestMethod]
    public void Vectors_of_other_numbers_are_refused()
    {
        IDataView pixels = Pictures.View(_ml, 1, 8, 8, 3);
        IEstimator<ITransformer> load = _ml.Transforms.LoadDcganImages("Image", null, "Pixels");
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => load.Fit(pixels)).Message;
        StringAssert.Contains(message,
            "'Pixels': expected Text, a picture file's path, or a vector of Byte, all that is in one, got Vector<Single, 3, 8, 8>");
        // A chain looks before it fits.
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.CopyColumns("Copy", "Number").Append(load).Fit(pixels)).Message,
            "a vector of Byte, all that is in one, got Vector of");
    }

    private IDataView Load(string background, params byte[]?[] pictures)
    {
        IDataView rows = Rows(pictures);
        return _ml.Transforms.LoadDcganImages("Image", null, "Bytes", background, 24, 20).Fit(rows).Transform(rows);
    }

    private IDataView Rows(params byte[]?[] pictures) =>
        _ml.Data.LoadFromEnumerable(pictures.Select((bytes, i) => new BytesRow { Name = $"{i}", Bytes = bytes }).ToList());
}

public sealed class BytesRow
{
    public string Name { get; set; } = "";

    public byte[]? Bytes { get; set; }
}
