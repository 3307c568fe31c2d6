using System;
using System.IO;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using static Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator;

namespace Microsoft.ML.Dcgan.Standins.Tests;

/// <summary>The picture is of two pixels, which have red 10 and 11, green 20 and 21, blue 30 and 31, alpha 40 and 41.</summary>
[TestClass]
public class ImagePixelExtractingTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(MLPixelFormat.Bgra32)]
    [DataRow(MLPixelFormat.Rgba32)]
    public void ByDefaultThePlanesAreRedGreenAndBlue(MLPixelFormat format)
    {
        IDataView data = TwoPixels(format);
        IDataView pixels = _ml.Transforms.ExtractPixels("Pixels", "Image").Fit(data).Transform(data);

        Assert.AreEqual("Vector<Single, 3, 1, 2>", pixels.Schema["Pixels"].Type.ToString());
        CollectionAssert.AreEqual(new float[] { 10, 11, 20, 21, 30, 31 }, ImagePictures.Vectors(pixels, "Pixels").Single());
    }

    [TestMethod]
    [DataRow(ColorBits.Rgb, ColorsOrder.ARGB, true, "10 20 30 11 21 31")]
    [DataRow(ColorBits.All, ColorsOrder.ARGB, true, "40 10 20 30 41 11 21 31")]
    [DataRow(ColorBits.All, ColorsOrder.ABGR, false, "40 41 30 31 20 21 10 11")]
    [DataRow(ColorBits.All, ColorsOrder.AGBR, false, "40 41 20 21 30 31 10 11")]
    [DataRow(ColorBits.Rgb, ColorsOrder.ABRG, true, "30 10 20 31 11 21")]
    [DataRow(ColorBits.Red | ColorBits.Blue, ColorsOrder.ABGR, false, "30 31 10 11")]
    [DataRow(ColorBits.Alpha, ColorsOrder.ARGB, false, "40 41")]
    public void ColorsComeInTheOrderAskedFor(ColorBits colors, ColorsOrder order, bool interleaved, string expected)
    {
        IDataView data = TwoPixels();
        IDataView pixels = _ml.Transforms.ExtractPixels("Pixels", "Image", colors, order, interleaved, outputAsFloatArray: false).Fit(data).Transform(data);

        int planes = expected.Split(' ').Length / 2;
        Assert.AreEqual(interleaved ? $"Vector<Byte, 1, 2, {planes}>" : $"Vector<Byte, {planes}, 1, 2>", pixels.Schema["Pixels"].Type.ToString());
        Assert.AreEqual(expected, ImagePictures.Read(pixels, "Pixels", (VBuffer<byte> value) => string.Join(' ', value.DenseValues())).Single());
    }

    [TestMethod]
    public void TheOffsetIsSubtractedBeforeScaling()
    {
        IDataView data = TwoPixels();
        IDataView pixels = _ml.Transforms.ExtractPixels("Pixels", "Image", offsetImage: 127.5f, scaleImage: 1 / 127.5f).Fit(data).Transform(data);

        float[] expected = new[] { 10, 11, 20, 21, 30, 31 }.Select(value => (value - 127.5f) * (1 / 127.5f)).ToArray();
        CollectionAssert.AreEqual(expected, ImagePictures.Vectors(pixels, "Pixels").Single());
    }

    [TestMethod]
    public void BytesAreNotScaled()
    {
        IDataView data = TwoPixels();
        IDataView pixels = _ml.Transforms.ExtractPixels("Pixels", "Image", offsetImage: 5, scaleImage: 2, outputAsFloatArray: false).Fit(data).Transform(data);

        Assert.AreEqual("10 11 20 21 30 31", ImagePictures.Read(pixels, "Pixels", (VBuffer<byte> value) => string.Join(' ', value.DenseValues())).Single());
    }

    [TestMethod]
    public void NoImageIsAllZeros()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new Row() });
        IDataView pixels = _ml.Transforms.ExtractPixels("Pixels", "Image", offsetImage: 127.5f).Fit(data).Transform(data);

        CollectionAssert.AreEqual(new float[6], ImagePictures.Vectors(pixels, "Pixels").Single());
    }

    [TestMethod]
    public void AnImageOfAnotherSizeThanItsColumnThrows()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new Row { Image = ImagePictures.Gradient(2, 2) } });
        IDataView pixels = _ml.Transforms.ExtractPixels("Pixels", "Image").Fit(data).Transform(data);

        Assert.ThrowsExactly<InvalidOperationException>(() => ImagePictures.Vectors(pixels, "Pixels"));
    }

    [TestMethod]
    public void ImagesMustBeOfOneSize()
    {
        IDataView paths = _ml.Data.LoadFromEnumerable(new[] { new { Path = "" } });
        var pipeline = _ml.Transforms.LoadImages("Image", Path.GetTempPath(), "Path").Append(_ml.Transforms.ExtractPixels("Pixels", "Image"));

        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => pipeline.Fit(paths));
        Assert.AreEqual("inputSchema", e.ParamName);
        Assert.Contains("expected known-size image, got unknown-size image", e.Message);
    }

    [TestMethod]
    public void ImpossibleSettingsAreRefused()
    {
        Assert.AreEqual("colorsToExtract", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ExtractPixels("Image", colorsToExtract: 0)).ParamName);
        Assert.AreEqual("scaleImage", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ExtractPixels("Image", scaleImage: 0)).ParamName);
        Assert.AreEqual("offsetImage", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ExtractPixels("Image", offsetImage: float.NaN)).ParamName);
    }

    private IDataView TwoPixels(MLPixelFormat format = MLPixelFormat.Bgra32)
        => _ml.Data.LoadFromEnumerable(new[] { new Row { Image = ImagePictures.Create(2, 1, (x, _) => (10 + x, 20 + x, 30 + x, 40 + x), format) } });

    private sealed class Row
    {
        [ImageType(1, 2)]
        public MLImage? Image { get; set; }
    }
}
