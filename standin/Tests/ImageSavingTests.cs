using System;
using System.IO;
using Microsoft.ML.Data;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class ImageSavingTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("image-saving-");

    [TestCleanup]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestMethod]
    [DataRow(MLPixelFormat.Bgra32, 37, 21)]
    [DataRow(MLPixelFormat.Rgba32, 1, 1)]
    public void PngIsLossless(MLPixelFormat format, int width, int height)
    {
        using MLImage image = ImagePictures.Gradient(width, height, format);
        using MLImage again = SaveAndLoad(image, "picture.png");

        Assert.AreEqual(MLPixelFormat.Bgra32, again.PixelFormat);
        ImagePictures.AssertClose(image, again, tolerance: 0);
        Assert.AreEqual(255, again.At(width - 1, height - 1).Alpha);
    }

    [TestMethod]
    public void PngKeepsAlpha()
    {
        using MLImage image = ImagePictures.Create(16, 16, (x, y) => (x * y * 17 / 255, y, 0, y * 17));
        using MLImage again = SaveAndLoad(image, "picture.png");

        ImagePictures.AssertClose(image, again, tolerance: 1);
        for (int y = 0; y < 16; y++)
            Assert.AreEqual(y * 17, again.At(7, y).Alpha);
    }

    [TestMethod]
    public void ATransparentPixelHasNoColorInAFile()
    {
        using MLImage image = ImagePictures.Create(1, 1, (_, _) => (10, 20, 30, 0));
        using MLImage again = SaveAndLoad(image, "picture.png");

        Assert.AreEqual((0, 0, 0, 0), again.At(0, 0));
    }

    [TestMethod]
    [DataRow("picture.jpg")]
    [DataRow("picture.JPEG")]
    public void JpegIsNearlyLossless(string name)
    {
        using MLImage image = ImagePictures.Opaque(48, 32, (x, y) => (5 * x, 8 * y, 255 - 5 * x));
        using MLImage again = SaveAndLoad(image, name);

        ImagePictures.AssertClose(image, again, tolerance: 8);
    }

    [TestMethod]
    public void FilesAreSmallAndAlwaysTheSame()
    {
        using MLImage image = ImagePictures.Opaque(64, 64, (x, y) => (x * 4, y * 4, 128));
        byte[] png = File.ReadAllBytes(Save(image, "one.png"));

        CollectionAssert.AreEqual(png, File.ReadAllBytes(Save(image, "two.png")));
        CollectionAssert.AreEqual(File.ReadAllBytes(Save(image, "one.jpg")), File.ReadAllBytes(Save(image, "two.jpg")));
        Assert.IsLessThan(64 * 64 * 3 / 10, png.Length);
    }

    [TestMethod]
    public void AnExistingFileIsReplaced()
    {
        using MLImage large = ImagePictures.Gradient(64, 64);
        using MLImage small = ImagePictures.Gradient(2, 2);
        Save(large, "picture.png");
        using MLImage again = SaveAndLoad(small, "picture.png");

        Assert.AreEqual(2, again.Width);
        Assert.AreEqual(1, _folder.GetFiles().Length);
    }

    [TestMethod]
    [DataRow("picture")]
    [DataRow("picture.txt")]
    [DataRow("picture.tiff")]
    [DataRow("picture.bmp")]
    [DataRow("picture.gif")]
    public void OtherFormatsAreRefused(string name)
    {
        using MLImage image = ImagePictures.Gradient(2, 2);

        Assert.AreEqual("imagePath", Assert.ThrowsExactly<ArgumentException>(() => Save(image, name)).ParamName);
        Assert.AreEqual(0, _folder.GetFiles().Length);
    }

    [TestMethod]
    public void APathThatCannotBeWrittenThrowsAsFilesDo()
    {
        using MLImage image = ImagePictures.Gradient(2, 2);
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "folder.png"));

        Assert.ThrowsExactly<DirectoryNotFoundException>(() => Save(image, "missing/picture.png"));
        Assert.ThrowsExactly<UnauthorizedAccessException>(() => Save(image, "folder.png"));
        Assert.ThrowsExactly<ArgumentNullException>(() => image.Save(null!));
    }

    private string Save(MLImage image, string name)
    {
        string path = Path.Combine(_folder.FullName, name);
        image.Save(path);
        return path;
    }

    private MLImage SaveAndLoad(MLImage image, string name) => MLImage.CreateFromFile(Save(image, name));
}
