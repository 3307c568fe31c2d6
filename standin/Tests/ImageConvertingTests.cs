using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using static Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator;

namespace Microsoft.ML.Dcgan.Standins.Tests;

/// <summary>Images from vectors, and grey ones from coloured ones.</summary>
[TestClass]
public class ImageConvertingTests
{
    private const int Width = 5;
    private const int Height = 4;

    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _images;

    public ImageConvertingTests()
    {
        // Made anew for every cursor: extracting pixels disposes the images.
        _images = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 1).Select(_ => new Row { Image = Picture() }));
    }

    [TestMethod]
    [DataRow(ColorsOrder.ARGB, false, true)]
    [DataRow(ColorsOrder.ARGB, true, true)]
    [DataRow(ColorsOrder.AGBR, false, true)]
    [DataRow(ColorsOrder.ARBG, true, false)]
    public void VectorsBecomeTheImageTheyWereExtractedFrom(ColorsOrder order, bool interleaved, bool floats)
    {
        IDataView converted = _ml.Transforms.ExtractPixels("Pixels", "Image", ColorBits.All, order, interleaved, outputAsFloatArray: floats)
            .Append(_ml.Transforms.ConvertToImage(Height, Width, "Again", "Pixels", ColorBits.All, order, interleaved))
            .Fit(_images).Transform(_images);

        Assert.AreEqual($"Image<{Height}, {Width}>", converted.Schema["Again"].Type.ToString());
        Assert.IsTrue(ImagePictures.Read(converted, "Again", (MLImage image) => image.Pixels.SequenceEqual(Picture().Pixels)).Single());
        Assert.AreEqual((MLPixelFormat.Bgra32, "VectorToImageConvertingTransformer"),
            ImagePictures.Read(converted, "Again", (MLImage image) => (image.PixelFormat, image.Tag)).Single());
    }

    [TestMethod]
    public void ScalingIsUndone()
    {
        IDataView converted = _ml.Transforms.ExtractPixels("Pixels", "Image", ColorBits.All, offsetImage: 127.5f, scaleImage: 1 / 127.5f)
            .Append(_ml.Transforms.ConvertToImage(Height, Width, "Again", "Pixels", ColorBits.All, scaleImage: 127.5f, offsetImage: -127.5f))
            .Fit(_images).Transform(_images);

        Assert.IsTrue(ImagePictures.Read(converted, "Again", (MLImage image) => image.Pixels.SequenceEqual(Picture().Pixels)).Single());
    }

    [TestMethod]
    public void AlphaThatVectorsLackIsFullOrWhereTheyAreScaledNone()
    {
        IDataView converted = _ml.Transforms.ExtractPixels("Pixels", "Image")
            .Append(_ml.Transforms.ConvertToImage(Height, Width, "Plain", "Pixels"))
            .Append(_ml.Transforms.ConvertToImage(Height, Width, "Scaled", "Pixels", scaleImage: 1, offsetImage: 1))
            .Fit(_images).Transform(_images);

        var (red, green, blue, _) = Picture().At(3, 2);
        Assert.AreEqual((red, green, blue, 255), ImagePictures.Read(converted, "Plain", (MLImage image) => image.At(3, 2)).Single());
        Assert.AreEqual((red - 1, green - 1, blue - 1, 0), ImagePictures.Read(converted, "Scaled", (MLImage image) => image.At(3, 2)).Single());
    }

    [TestMethod]
    public void OneColorLeavesTheOthersBlack()
    {
        IDataView converted = _ml.Transforms.ExtractPixels("Pixels", "Image", ColorBits.Green)
            .Append(_ml.Transforms.ConvertToImage(Height, Width, "Again", "Pixels", ColorBits.Green))
            .Fit(_images).Transform(_images);

        Assert.AreEqual((0, Picture().At(3, 2).Green, 0, 255), ImagePictures.Read(converted, "Again", (MLImage image) => image.At(3, 2)).Single());
    }

    [TestMethod]
    public void DoublesAreTakenToo()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new Doubles { Pixels = [1.2, 2.7, 254.4] } });
        IDataView plain = _ml.Transforms.ConvertToImage(1, 1, "Image", "Pixels").Fit(data).Transform(data);
        IDataView scaled = _ml.Transforms.ConvertToImage(1, 1, "Image", "Pixels", offsetImage: -1).Fit(data).Transform(data);

        Assert.AreEqual((1, 2, 254), ImagePictures.Read(plain, "Image", (MLImage image) => image.ColorAt(0, 0)).Single(), "cut");
        Assert.AreEqual((2, 4, 255), ImagePictures.Read(scaled, "Image", (MLImage image) => image.ColorAt(0, 0)).Single(), "rounded");
    }

    [TestMethod]
    public void VectorsOfAnotherSizeAreRefused()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new Doubles { Pixels = [1, 2, 3] } });

        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ConvertToImage(2, 2, "Image", "Pixels").Fit(data));
        Assert.AreEqual("inputSchema", e.ParamName);
        Assert.Contains("expected Vector<Double, 2, 2, 3>, got Vector<Double, 3>", e.Message);
    }

    [TestMethod]
    [DataRow(MLPixelFormat.Bgra32)]
    [DataRow(MLPixelFormat.Rgba32)]
    public void GrayIsAWeightedSum(MLPixelFormat format)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new Row { Image = ImagePictures.Opaque(Width, Height, Color, format) } });
        IDataView gray = _ml.Transforms.ConvertToGrayscale("Gray", "Image").Fit(data).Transform(data);

        Assert.AreEqual($"Image<{Height}, {Width}>", gray.Schema["Gray"].Type.ToString());
        using MLImage image = ImagePictures.Read(gray, "Gray", (MLImage image) => MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, image.Pixels)).Single();
        for (int i = 0; i < Width * Height; i++)
        {
            var (red, green, blue) = Color(i % Width, i / Width);
            int expected = (int)Math.Round(0.3 * red + 0.59 * green + 0.11 * blue);
            ImagePictures.AssertClose((expected, expected, expected), image.ColorAt(i % Width, i / Width), 1);
            Assert.AreEqual(255, image.At(i % Width, i / Width).Alpha);
        }
    }

    private static (int Red, int Green, int Blue) Color(int x, int y) => (50 * x, 255 - 60 * y, 10 * x + 20 * y);

    private static MLImage Picture() => ImagePictures.Create(Width, Height, (x, y) => (Color(x, y).Red, Color(x, y).Green, Color(x, y).Blue, 200 + x));

    private sealed class Row
    {
        [ImageType(Height, Width)]
        public MLImage? Image { get; set; }
    }

    private sealed class Doubles
    {
        [VectorType(3)]
        public double[] Pixels { get; set; } = [];
    }
}
