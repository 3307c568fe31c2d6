using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class ImagePixelsTests
{
    [TestMethod]
    [DataRow(MLPixelFormat.Bgra32)]
    [DataRow(MLPixelFormat.Rgba32)]
    public void AnImageHoldsACopyOfThePixelsItWasMadeOf(MLPixelFormat format)
    {
        byte[] pixels = Enumerable.Range(0, 2 * 3 * 4).Select(value => (byte)value).ToArray();
        byte[] expected = pixels.ToArray();
        using MLImage image = MLImage.CreateFromPixels(2, 3, format, pixels);
        pixels.AsSpan().Clear();

        CollectionAssert.AreEqual(expected, image.Pixels.ToArray());
        Assert.AreEqual((2, 3, 32, format, null), (image.Width, image.Height, image.BitsPerPixel, image.PixelFormat, image.Tag));
        image.Tag = "a name";
        Assert.AreEqual("a name", image.Tag);
    }

    [TestMethod]
    [DataRow(MLPixelFormat.Unknown, 2, 2, 16)]
    [DataRow(MLPixelFormat.Bgra32, 0, 2, 0)]
    [DataRow(MLPixelFormat.Bgra32, 2, -1, 8)]
    [DataRow(MLPixelFormat.Bgra32, 2, 2, 15)]
    [DataRow(MLPixelFormat.Rgba32, 2, 2, 17)]
    public void PixelsThatMakeNoPictureAreRefused(MLPixelFormat format, int width, int height, int bytes)
    {
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromPixels(width, height, format, new byte[bytes]));
    }

    [TestMethod]
    [DataRow(MLPixelFormat.Bgra32)]
    [DataRow(MLPixelFormat.Rgba32)]
    public void BgrPixelsAreTheColorsWithoutAlpha(MLPixelFormat format)
    {
        using MLImage image = ImagePictures.Opaque(2, 1, (x, _) => (10 + x, 20 + x, 30 + x), format);
        CollectionAssert.AreEqual(new byte[] { 30, 20, 10, 31, 21, 11 }, image.GetBGRPixels);

        using MLImage halfTransparent = ImagePictures.Create(1, 1, (_, _) => (64, 0, 128, 128), format);
        byte[] colors = halfTransparent.GetBGRPixels;
        Assert.AreEqual(255, colors[0]);
        Assert.AreEqual(128, colors[2], 1.0);
    }

    [TestMethod]
    public void ADisposedImageThrows()
    {
        MLImage image = ImagePictures.Gradient(2, 2);
        image.Dispose();
        image.Dispose();

        Action[] uses =
        [
            () => _ = image.Width,
            () => _ = image.Height,
            () => _ = image.BitsPerPixel,
            () => _ = image.PixelFormat,
            () => _ = image.Pixels.Length,
            () => _ = image.GetBGRPixels,
            () => _ = image.Tag,
            () => image.Tag = "a name",
            () => image.Save("never-written.png"),
        ];
        foreach (Action use in uses)
            Assert.ThrowsExactly<InvalidOperationException>(use);
    }

    [TestMethod]
    public void ImageTypesTellTheirSize()
    {
        Assert.AreEqual("Image<2, 3>", new ImageDataViewType(2, 3).ToString());
        Assert.AreEqual("Image", new ImageDataViewType().ToString());
        Assert.AreEqual(typeof(MLImage), new ImageDataViewType().RawType);
        Assert.IsTrue(new ImageDataViewType(2, 3).Equals(new ImageDataViewType(2, 3)));
        Assert.AreEqual(new ImageDataViewType(2, 3).GetHashCode(), new ImageDataViewType(2, 3).GetHashCode());
        Assert.IsFalse(new ImageDataViewType(2, 3).Equals(new ImageDataViewType(3, 2)));
        Assert.IsFalse(new ImageDataViewType(2, 3).Equals(new ImageDataViewType()));
        Assert.IsFalse(new ImageDataViewType().Equals(NumberDataViewType.Single));
        Assert.IsTrue(new ImageTypeAttribute(2, 3).Equals(new ImageTypeAttribute(2, 3)));
        Assert.IsFalse(new ImageTypeAttribute(2, 3).Equals(new ImageTypeAttribute(3, 2)));
        Assert.AreEqual("height", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ImageDataViewType(0, 3)).ParamName);
        Assert.AreEqual("width", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ImageTypeAttribute(2, 0)).ParamName);
    }

    [TestMethod]
    public void MembersWithASizeBecomeImageColumns()
    {
        var ml = new MLContext();
        Assert.AreEqual("Image<2, 3>", ml.Data.LoadFromEnumerable(Array.Empty<Sized>()).Schema["Image"].Type.ToString());
        Assert.Throws<Exception>(() => ml.Data.LoadFromEnumerable(Array.Empty<Unsized>()));
        Assert.Throws<Exception>(() => ml.Data.LoadFromEnumerable(Array.Empty<Unmarked>()));
    }

    private sealed class Sized
    {
        [ImageType(2, 3)]
        public MLImage? Image { get; set; }
    }

    private sealed class Unsized
    {
        [ImageType]
        public MLImage? Image { get; set; }
    }

    private sealed class Unmarked
    {
        public MLImage? Image { get; set; }
    }
}
