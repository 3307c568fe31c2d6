using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator;
using static Microsoft.ML.Transforms.Image.ImageResizingEstimator;

namespace Microsoft.ML.Dcgan.Tests.Pipelines;

/// <summary>What ML.NET's image transforms before Dcgan make of pictures is what is trained on.</summary>
[TestClass]
public sealed class ImageTransformTests
{
    private const int Side = 16;
    private readonly MLContext _ml = new(seed: 1);

    /// <summary>Red and green above blue and white, to 16x16, seen at two rows of four pixels.</summary>
    [TestMethod]
    [DataRow(40, 20, ResizingKind.Fill, Anchor.Center, "red red green green | blue blue white white")]
    [DataRow(20, 40, ResizingKind.Fill, Anchor.Center, "red red green green | blue blue white white")]
    [DataRow(40, 20, ResizingKind.IsoPad, Anchor.Center, "black black black black | black black black black")]
    [DataRow(20, 40, ResizingKind.IsoPad, Anchor.Center, "black red green black | black blue white black")]
    [DataRow(40, 20, ResizingKind.IsoCrop, Anchor.Center, "red red green green | blue blue white white")]
    [DataRow(40, 20, ResizingKind.IsoCrop, Anchor.Left, "red red red red | blue blue blue blue")]
    [DataRow(40, 20, ResizingKind.IsoCrop, Anchor.Right, "green green green green | white white white white")]
    [DataRow(20, 40, ResizingKind.IsoCrop, Anchor.Top, "red red green green | red red green green")]
    [DataRow(20, 40, ResizingKind.IsoCrop, Anchor.Bottom, "blue blue white white | blue blue white white")]
    public void ResizeImages_decides_what_is_trained_on(int width, int height, ResizingKind kind, Anchor anchor, string expected)
    {
        IDataView view = Quarters(width, height);
        IDataView resized = _ml.Transforms.ResizeImages("Image", Side, Side, resizing: kind, cropAnchor: anchor).Fit(view).Transform(view);

        byte[] planes = Pictures.AsTrainedOn(resized, "Image");

        Assert.AreEqual(expected, $"{Row(2)} | {Row(13)}");

        string Row(int y) => string.Join(' ', new[] { 1, 5, 10, 14 }.Select(x => Name(planes, y * Side + x)));
    }

    [TestMethod]
    public void Grey_is_the_same_from_ConvertToGrayscale_and_from_one_channel()
    {
        IDataView view = View(0, 3);
        IDataView grey = _ml.Transforms.ConvertToGrayscale("Grey", "Image").Fit(view).Transform(view);

        byte[] converted = Pictures.AsTrainedOn(grey, "Grey", channels: 1), ours = Pictures.AsTrainedOn(view, "Image", channels: 1);

        Assert.HasCount(3 * 16 * 12, ours);
        for (int i = 0; i < ours.Length; i++)
            Assert.AreEqual(converted[i], ours[i], 1.0, $"pixel {i}");
    }

    [TestMethod]
    public void Planes_are_trained_on_in_the_order_that_ExtractPixels_gives_them()
    {
        byte[][] planes = Pictures.Bytes(1, 16, 12, 3).Chunk(16 * 12).ToArray();

        Check(ColorBits.Rgb, ColorsOrder.ARGB, planes);
        Check(ColorBits.Rgb, ColorsOrder.ABGR, planes.Reverse());
        Check(ColorBits.Green, ColorsOrder.ARGB, [planes[1]]);

        void Check(ColorBits colors, ColorsOrder order, IEnumerable<byte[]> expected)
        {
            IDataView view = View(1, 1);
            var extracting = _ml.Transforms.ExtractPixels("Pixels", "Image", colors, order, offsetImage: 127.5f, scaleImage: 1 / 127.5f);
            CollectionAssert.AreEqual(
                expected.SelectMany(plane => plane).ToArray(), Pictures.AsTrainedOn(extracting.Fit(view).Transform(view), "Pixels"));
        }
    }

    [TestMethod]
    [DataRow(ColorBits.Rgb, true, true, "interleavePixelColors: false")]
    [DataRow(ColorBits.All, false, true, "has 4 planes, but 1 (grey) or 3 (red, green, blue) are expected: call ExtractPixels with colors")]
    [DataRow(ColorBits.Red | ColorBits.Blue, false, true, "has 2 planes")]
    [DataRow(ColorBits.Rgb, false, false, "a known-size vector of Single with pixels in [-1, 1], planes first, got Vector")]
    public void Pixels_in_another_arrangement_are_refused(ColorBits colors, bool interleaved, bool floats, string message)
    {
        IDataView view = View(1, 1);
        var pipeline = _ml.Transforms
            .ExtractPixels("Pixels", "Image", colors, ColorsOrder.ARGB, interleaved, offsetImage: 127.5f, scaleImage: 1 / 127.5f, floats)
            .Append(_ml.Transforms.Dcgan(Pictures.SmallOptions()));

        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Fit(view)).Message, message);
    }

    [TestMethod]
    public void Generated_pictures_are_resized_made_grey_and_extracted_like_any()
    {
        using DcganTransformer gan = Pictures.SmallModel(_ml);
        IDataView noise = gan.SampleNoise(3);
        IDataView after = _ml.Transforms.ResizeImages("Wide", 24, 16, "Generated", ResizingKind.IsoPad)
            .Append(_ml.Transforms.ConvertToGrayscale("Grey", "Generated"))
            .Append(_ml.Transforms.ExtractPixels("Pixels", "Generated"))
            .Append(_ml.Transforms.ConvertToImage(16, 12, "Again", "Pixels"))
            .Fit(gan.Transform(noise)).Transform(gan.Transform(noise));

        byte[] generated = Pictures.AsTrainedOn(after, "Generated");
        CollectionAssert.AreEqual(generated, Pictures.AsTrainedOn(after, "Again"));
        byte[] grey = Pictures.AsTrainedOn(after, "Grey", channels: 1), ours = Pictures.AsTrainedOn(after, "Generated", channels: 1);
        for (int i = 0; i < grey.Length; i++)
            Assert.AreEqual(grey[i], ours[i], 1.0);
        // Padded at the sides, else as it was.
        byte[] wide = Pictures.AsTrainedOn(after, "Wide");
        for (int y = 0; y < 16; y++)
        {
            Assert.AreEqual(0, wide[y * 24 + 2]);
            Assert.AreEqual(generated[y * 12 + 6], wide[y * 24 + 12], 2.0, $"row {y}");
        }
    }

    // Made anew for each cursor, for ExtractPixels disposes what it has read.
    private IDataView View(int first, int count) => _ml.Data.LoadFromEnumerable(
        Enumerable.Range(first, count).Select(i => new Features.ImageRow { Image = Pictures.Image(i, 16, 12) }));

    private IDataView Quarters(int width, int height)
    {
        byte[] pixels = Enumerable.Range(0, width * height).SelectMany(i => Bgra(i % width, i / width)).ToArray();
        MLImage image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, pixels);
        return _ml.Data.LoadFromEnumerable([new AnyImageRow { Image = image }]);

        byte[] Bgra(int x, int y) => (2 * x < width, 2 * y < height) switch
        {
            (true, true) => [0, 0, 255, 255],
            (false, true) => [0, 255, 0, 255],
            (true, false) => [255, 0, 0, 255],
            _ => [255, 255, 255, 255],
        };
    }

    private static string Name(byte[] planes, int at) => (planes[at], planes[Side * Side + at], planes[2 * Side * Side + at]) switch
    {
        ( > 240, < 15, < 15) => "red",
        ( < 15, > 240, < 15) => "green",
        ( < 15, < 15, > 240) => "blue",
        ( > 240, > 240, > 240) => "white",
        ( < 15, < 15, < 15) => "black",
        var other => other.ToString(),
    };

    private sealed class AnyImageRow
    {
        [ImageType(40, 40)]
        public MLImage? Image { get; set; }
    }
}
