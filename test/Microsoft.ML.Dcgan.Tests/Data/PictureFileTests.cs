using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Dcgan.Tests.Data;

/// <summary>Files of every kind, made by test/python/picture_files.py, through ML.NET's loader: each is of four plain quarters.</summary>
[TestClass]
public sealed class PictureFileTests
{
    private const int Width = 24, Height = 20;
    private static readonly (int Red, int Green, int Blue)[] _colors = [(220, 30, 40), (30, 200, 60), (40, 50, 210), (240, 230, 90)];
    private static readonly (int Red, int Green, int Blue)[] _greys = [(0, 0, 0), (255, 255, 255), (255, 255, 255), (0, 0, 0)];
    private static readonly string _folder = Path.Combine(AppContext.BaseDirectory, "Reference", "pictures");
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow("baseline.jpg", 3)]
    [DataRow("progressive.jpg", 3)]
    [DataRow("cmyk.jpg", 6)]
    [DataRow("wrong-ending.png", 3)]
    [DataRow("palette.png", 0)]
    [DataRow("16-bit.png", 0)]
    [DataRow("interlaced.png", 0)]
    [DataRow("palette.gif", 0)]
    [DataRow("plain.bmp", 0)]
    [DataRow("lossless.webp", 0)]
    [DataRow("lossy.webp", 6)]
    [DataRow("1-bit.png", 0)]
    [DataRow("grey.jpg", 1)]
    [DataRow("grey-16-bit.png", 0)]
    public void A_file_is_trained_on_as_it_looks(string file, int tolerance)
    {
        IDataView loaded = Loaded(file);
        bool isGrey = file.StartsWith("grey", StringComparison.Ordinal) || file.StartsWith("1-bit", StringComparison.Ordinal);
        var expected = isGrey ? _greys : _colors;

        Check(expected, Pictures.AsTrainedOn(loaded, "Image"), Width, Height, tolerance);
        Check(expected, Pictures.AsTrainedOn(loaded, "Pixels"), Width / 2, Height / 2, tolerance + 1);
    }

    [TestMethod]
    public void Files_of_all_kinds_train_together()
    {
        string[] files = Directory.GetFiles(_folder).Where(file => !file.EndsWith(".tif", StringComparison.Ordinal)).ToArray();
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.ImageColumnName = "Image";
        using DcganTransformer gan = _ml.Transforms.Dcgan(options).Fit(Loaded(files));

        Assert.HasCount(14, files);
        Assert.AreEqual((14L, 0L, Width, Height), (gan.Summary.Images, gan.Summary.SkippedImages, gan.ImageWidth, gan.ImageHeight));
    }

    [TestMethod]
    [DataRow("Image")]
    [DataRow("Pixels")]
    public void A_file_that_the_decoder_does_not_know_is_named(string column)
    {
        DcganEstimator.Options options = Pictures.SmallOptions();
        options.ImageColumnName = column;
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() =>
            _ml.Transforms.Dcgan(options).Fit(Loaded("plain.bmp", "unreadable.tif")));
        StringAssert.StartsWith(failure.Message, $"Column '{column}', row 1, Path '{Path.Combine(_folder, "unreadable.tif")}': ");
    }

    private IDataView Loaded(params string[] files)
    {
        IDataView paths = _ml.Data.LoadFromEnumerable(files.Select(file => new FileRow { Path = Path.Combine(_folder, file) }).ToList());
        return _ml.Transforms.LoadImages("Image", null, "Path")
            .Append(_ml.Transforms.ResizeImages("Half", Width / 2, Height / 2, "Image", ImageResizingEstimator.ResizingKind.Fill))
            .Append(_ml.Transforms.ExtractPixels("Pixels", "Half", offsetImage: 127.5f, scaleImage: 1 / 127.5f))
            .Fit(paths).Transform(paths);
    }

    // In the middle of each quarter.
    private static void Check(IReadOnlyList<(int Red, int Green, int Blue)> expected, byte[] planes, int width, int height, int tolerance)
    {
        Assert.HasCount(3 * width * height, planes);
        for (int quarter = 0; quarter < 4; quarter++)
        {
            int at = (height / 4 + quarter / 2 * height / 2) * width + width / 4 + quarter % 2 * width / 2;
            (int Red, int Green, int Blue) actual = (planes[at], planes[width * height + at], planes[2 * width * height + at]);
            (int red, int green, int blue) = expected[quarter];
            int difference = new[] { actual.Red - red, actual.Green - green, actual.Blue - blue }.Max(Math.Abs);
            Assert.IsLessThanOrEqualTo(tolerance, difference, $"quarter {quarter}: {actual} instead of {expected[quarter]}");
        }
    }
}
