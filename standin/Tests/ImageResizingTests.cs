using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using static Microsoft.ML.Transforms.Image.ImageResizingEstimator;

namespace Microsoft.ML.Dcgan.Standins.Tests;

/// <summary>Resizes pictures of four colours, one a quarter, and looks where they went.</summary>
[TestClass]
public class ImageResizingTests
{
    private static readonly (int, int, int) Black = (0, 0, 0);
    private static readonly (int, int, int) Red = (255, 0, 0);
    private static readonly (int, int, int) Green = (0, 255, 0);
    private static readonly (int, int, int) Blue = (0, 0, 255);
    private static readonly (int, int, int) White = (255, 255, 255);

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(Anchor.Center, "red red green green | blue blue white white")]
    [DataRow(Anchor.Top, "red red green green | blue blue white white")]
    [DataRow(Anchor.Left, "red red red red | blue blue blue blue")]
    [DataRow(Anchor.Right, "green green green green | white white white white")]
    public void AWidePictureIsCutAtTheSides(Anchor anchor, string expected)
    {
        using MLImage image = Resize(Quarters(40, 20), 16, 16, ResizingKind.IsoCrop, anchor);
        Assert.AreEqual(expected, Describe(image));
    }

    [TestMethod]
    [DataRow(Anchor.Center, "red red green green | blue blue white white")]
    [DataRow(Anchor.Right, "red red green green | blue blue white white")]
    [DataRow(Anchor.Top, "red red green green | red red green green")]
    [DataRow(Anchor.Bottom, "blue blue white white | blue blue white white")]
    public void ATallPictureIsCutAtTopAndBottom(Anchor anchor, string expected)
    {
        using MLImage image = Resize(Quarters(20, 40), 16, 16, ResizingKind.IsoCrop, anchor);
        Assert.AreEqual(expected, Describe(image));
    }

    [TestMethod]
    public void CroppingKeepsTheProportions()
    {
        // Black lines at a quarter and at three quarters of the square that is left.
        MLImage lines = ImagePictures.Opaque(40, 20, (x, _) => x is >= 14 and < 16 or >= 24 and < 26 ? Black : White);
        using MLImage image = Resize(lines, 40, 40, ResizingKind.IsoCrop, Anchor.Center);

        ImagePictures.AssertClose(Black, image.ColorAt(10, 20), 40);
        ImagePictures.AssertClose(Black, image.ColorAt(30, 20), 40);
        ImagePictures.AssertClose(White, image.ColorAt(20, 20), 10);
    }

    [TestMethod]
    public void PaddingIsBlackAroundTheWholePicture()
    {
        using MLImage wide = Resize(Quarters(40, 20), 16, 16, ResizingKind.IsoPad, Anchor.Center);
        Assert.AreEqual((Black, Black), (wide.ColorAt(8, 3), wide.ColorAt(8, 12)));
        CollectionAssert.AreEqual(new[] { Red, Green, Blue, White },
            new[] { wide.ColorAt(1, 5), wide.ColorAt(14, 5), wide.ColorAt(1, 10), wide.ColorAt(14, 10) });

        using MLImage tall = Resize(Quarters(20, 40), 16, 16, ResizingKind.IsoPad, Anchor.Center);
        Assert.AreEqual((Black, Black), (tall.ColorAt(3, 8), tall.ColorAt(12, 8)));
        CollectionAssert.AreEqual(new[] { Red, Green, Blue, White },
            new[] { tall.ColorAt(5, 1), tall.ColorAt(10, 1), tall.ColorAt(5, 14), tall.ColorAt(10, 14) });
    }

    [TestMethod]
    [DataRow(40, 20)]
    [DataRow(7, 9)]
    public void FillingStretchesThePictureWithoutNewColors(int width, int height)
    {
        using MLImage image = Resize(Quarters(width, height, MLPixelFormat.Rgba32), 16, 16, ResizingKind.Fill, Anchor.Center);
        Assert.AreEqual("red red green green | blue blue white white", Describe(image));
    }

    [TestMethod]
    public void ShrinkingAveragesPixels()
    {
        MLImage checkers = ImagePictures.Opaque(128, 128, (x, y) => (x + y) % 2 == 0 ? Black : White);
        using MLImage image = Resize(checkers, 16, 16, ResizingKind.IsoCrop, Anchor.Center);

        for (int i = 0; i < 16 * 16; i++)
            ImagePictures.AssertClose((127, 127, 127), image.ColorAt(i % 16, i / 16), 8);
    }

    [TestMethod]
    [DataRow(MLPixelFormat.Bgra32)]
    [DataRow(MLPixelFormat.Rgba32)]
    public void BothPixelFormatsGiveTheSamePicture(MLPixelFormat format)
    {
        using MLImage image = Resize(ImagePictures.Opaque(64, 64, (x, y) => (4 * x, 4 * y, 50), format), 16, 16, ResizingKind.IsoCrop, Anchor.Center);

        Assert.AreEqual(MLPixelFormat.Bgra32, image.PixelFormat);
        ImagePictures.AssertClose((4 * 22, 4 * 38, 50), image.ColorAt(5, 9), 8);
        Assert.AreEqual(255, image.At(5, 9).Alpha);
    }

    [TestMethod]
    public void TheColumnHasTheNewSizeAndTheTagIsKept()
    {
        MLImage source = Quarters(40, 20);
        source.Tag = "a name";
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new Row { Image = source } });
        IDataView resized = _ml.Transforms.ResizeImages("Small", imageWidth: 8, imageHeight: 6, inputColumnName: "Image").Fit(data).Transform(data);

        Assert.AreEqual("Image<6, 8>", resized.Schema["Small"].Type.ToString());
        Assert.AreEqual((8, 6, "a name"), ImagePictures.Read(resized, "Small", (MLImage image) => (image.Width, image.Height, image.Tag)).Single());
        Assert.AreEqual(40, source.Width, "the source was disposed");
    }

    [TestMethod]
    public void AnImageOfThatSizeIsHandedOn()
    {
        MLImage source = Quarters(16, 16);
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new Row { Image = source } });
        IDataView resized = _ml.Transforms.ResizeImages("Image", 16, 16).Fit(data).Transform(data);

        Assert.AreSame(source, ImagePictures.Read(resized, "Image", (MLImage image) => image).Single());
    }

    [TestMethod]
    public void ImpossibleSettingsAreRefused()
    {
        Assert.AreEqual("imageWidth", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ResizeImages("Image", 0, 8)).ParamName);
        Assert.AreEqual("imageHeight", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ResizeImages("Image", 8, 0)).ParamName);
        IDataView numbers = _ml.Data.LoadFromEnumerable(new[] { new { Image = 1f } });
        Assert.AreEqual("inputSchema", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ResizeImages("Image", 8, 8).Fit(numbers)).ParamName);
    }

    private static MLImage Quarters(int width, int height, MLPixelFormat format = MLPixelFormat.Bgra32)
        => ImagePictures.Opaque(width, height, (x, y) => (2 * x < width, 2 * y < height) switch
        {
            (true, true) => Red,
            (false, true) => Green,
            (true, false) => Blue,
            _ => White,
        }, format);

    private MLImage Resize(MLImage source, int width, int height, ResizingKind resizing, Anchor anchor)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new Row { Image = source } });
        IDataView resized = _ml.Transforms.ResizeImages("Image", width, height, resizing: resizing, cropAnchor: anchor).Fit(data).Transform(data);
        return ImagePictures.Read(resized, "Image", (MLImage image) => MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, image.Pixels)).Single();
    }

    /// <summary>The colours of two rows of four pixels, away from the borders between colours.</summary>
    private static string Describe(MLImage image) => string.Join(" | ", new[] { 3, 12 }.Select(y => string.Join(" ", new[] { 1, 5, 10, 14 }.Select(x =>
        image.ColorAt(x, y) switch
        {
            (> 240, < 15, < 15) => "red",
            (< 15, > 240, < 15) => "green",
            (< 15, < 15, > 240) => "blue",
            (> 240, > 240, > 240) => "white",
            var other => other.ToString(),
        }))));

    private sealed class Row
    {
        [ImageType(20, 40)]
        public MLImage? Image { get; set; }
    }
}
