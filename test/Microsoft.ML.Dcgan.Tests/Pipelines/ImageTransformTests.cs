using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Microsoft.VisualStudio.TestTools.UnitTesting;
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
    public void ResizeImages_decides_what_of_a_picture_is_trained_on(int width, int height, ResizingKind kind, Anchor anchor, string expected)
    {
        IDataView view = Quarters(width, height);
        IDataView resized = _ml.Transforms.ResizeImages("Image", Side, Side, resizing: kind, cropAnchor: anchor).Fit(view).Transform(view);

        byte[] planes = Pictures.AsTrainedOn(resized, "Image");

        Assert.AreEqual(expected, string.Join(" | ", new[] { 2, 13 }.Select(y => string.Join(' ', new[] { 1, 5, 10, 14 }.Select(x => Name(planes, y * Side + x))))));
    }

    [TestMethod]
    public void Grey_is_the_same_from_ConvertToGrayscale_and_from_one_channel()
    {
        IDataView view = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 3).Select(i => new Features.ImageRow { Image = Pictures.Image(i, 16, 12) }));
        IDataView grey = _ml.Transforms.ConvertToGrayscale("Grey", "Image").Fit(view).Transform(view);

        byte[] converted = Pictures.AsTrainedOn(grey, "Grey", channels: 1), ours = Pictures.AsTrainedOn(view, "Image", channels: 1);

        Assert.HasCount(3 * 16 * 12, ours);
        for (int i = 0; i < ours.Length; i++)
            Assert.AreEqual(converted[i], ours[i], 1.0, $"pixel {i}");
    }

    [TestMethod]
    public void Planes_are_trained_on_in_the_order_that_ExtractPixels_gives_them()
    {
        byte[] rgb = Extracted(ColorBits.Rgb, ColorsOrder.ARGB), bgr = Extracted(ColorBits.Rgb, ColorsOrder.ABGR), green = Extracted(ColorBits.Green, ColorsOrder.ARGB);

        byte[] expected = Pictures.Bytes(1, 16, 12, 3);
        CollectionAssert.AreEqual(expected, rgb);
        CollectionAssert.AreEqual(expected.Chunk(16 * 12).Reverse().SelectMany(plane => plane).ToArray(), bgr);
        CollectionAssert.AreEqual(expected[(16 * 12)..(2 * 16 * 12)], green);
    }

    [TestMethod]
    [DataRow(ColorBits.Rgb, true, true, "interleavePixelColors: false")]
    [DataRow(ColorBits.All, false, true, "has 4 planes, but 1 (grey) or 3 (red, green, blue) are expected: call ExtractPixels with colorsToExtract: ColorBits.Rgb")]
    [DataRow(ColorBits.Red | ColorBits.Blue, false, true, "has 2 planes")]
    [DataRow(ColorBits.Rgb, false, false, "expected an image, or a known-size vector of Single with pixels in [-1, 1], planes first, got Vector")]
    public void Pixels_in_another_arrangement_are_refused_with_what_to_change(ColorBits colors, bool interleaved, bool floats, string message)
    {
        IDataView view = OnePicture();
        var pipeline = _ml.Transforms.ExtractPixels("Pixels", "Image", colors, interleavePixelColors: interleaved, offsetImage: 127.5f, scaleImage: 1 / 127.5f, outputAsFloatArray: floats)
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

    private byte[] Extracted(ColorBits colors, ColorsOrder order)
    {
        IDataView view = OnePicture();
        return Pictures.AsTrainedOn(
            _ml.Transforms.ExtractPixels("Pixels", "Image", colors, order, offsetImage: 127.5f, scaleImage: 1 / 127.5f).Fit(view).Transform(view), "Pixels");
    }

    // Made anew for each cursor, for ExtractPixels disposes what it has read.
    private IDataView OnePicture() => _ml.Data.LoadFromEnumerable(Enumerable.Range(1, 1).Select(i => new Features.ImageRow { Image = Pictures.Image(i, 16, 12) }));

    private IDataView Quarters(int width, int height)
    {
        byte[] pixels = Enumerable.Range(0, width * height).SelectMany(i => (byte[])((2 * (i % width) < width, 2 * (i / width) < height) switch
        {
            (true, true) => [0, 0, 255, 255],
            (false, true) => [0, 255, 0, 255],
            (true, false) => [255, 0, 0, 255],
            _ => [255, 255, 255, 255],
        })).ToArray();
        return _ml.Data.LoadFromEnumerable([new AnyImageRow { Image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, pixels) }]);
    }

    private static string Name(byte[] planes, int at) => (planes[at], planes[Side * Side + at], planes[2 * Side * Side + at]) switch
    {
        (> 240, < 15, < 15) => "red",
        (< 15, > 240, < 15) => "green",
        (< 15, < 15, > 240) => "blue",
        (> 240, > 240, > 240) => "white",
        (< 15, < 15, < 15) => "black",
        var other => other.ToString(),
    };

    private sealed class AnyImageRow
    {
        [ImageType(40, 40)]
        public MLImage? Image { get; set; }
    }
}
