using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.ML.Data;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class ImageFormatTests
{
    private const string ProgressiveJpeg =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkF"
        + "BQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wgARCAAIAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/"
        + "xAAVAQEBAAAAAAAAAAAAAAAAAAAGB//aAAwDAQACEAMQAAABiA9I/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABBQJ//8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAgBAwEB"
        + "PwF//8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAgBAgEBPwF//8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQAGPwJ//8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPyF/"
        + "/9oADAMBAAIAAwAAABDz/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAgBAwEBPxB//8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAgBAgEBPxB//8QAFBABAAAAAAAAAAAAAAAAAAAA"
        + "AP/aAAgBAQABPxB//9k=";

    private const string GrayJpeg =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/wAALCAAIAAgBAREA"
        + "/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJico"
        + "KSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo"
        + "6erx8vP09fb3+Pn6/9oACAEBAAA/APGq/9k=";

    /// <summary>One picture of three by two pixels, in every lossless kind of file.</summary>
    [TestMethod]
    [DataRow("PNG", "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAFklEQVR4nGP4z8DAAMMM////b3BQAAA9+AbbIVMKWQAAAABJRU5ErkJggg==")]
    [DataRow("PNG, palette", "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACBAMAAABvWnspAAAAGFBMVEX///8A/wCAQCD/AAAAAP8AAAAAAAAAAACdyOweAAAADklEQVR4nGMwdGAIUAAAArsA4tGYbQoAAAAASUVORK5CYII=")]
    [DataRow("PNG, interlaced", "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAFlEcHbAAAAFklEQVR42mP4zwAC/8EIxPj/v8FBAQBA9wbb1sX+hAAAAABJRU5ErkJggg==")]
    [DataRow("PNG, 16 bits", "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACEAIAAABChi0OAAAAGElEQVR42mP4/58BDNBpIAMEGhocHBQUAOriDbV6db6YAAAAAElFTkSuQmCC")]
    [DataRow("BMP", "Qk1OAAAAAAAAADYAAAAoAAAAAwAAAAIAAAABABgAAAAAABgAAADEDgAAxA4AAAAAAAAAAAAAAAAA////IECAAAAAAAD/AP8A/wAAAAAA")]
    [DataRow("GIF", "R0lGODlhAwACAKIAAP8AAAD/AAAA/wAAAP///4BAIAAAAAAAACwAAAAAAwACAAADBAghQ5UAOw==")]
    public void EveryFormatIsReadToTheSamePixels(string format, string base64)
    {
        using MLImage image = Decode(base64);

        Assert.AreEqual((3, 2, MLPixelFormat.Bgra32), (image.Width, image.Height, image.PixelFormat), format);
        (int, int, int, int)[] expected =
            [(255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255), (0, 0, 0, 255), (255, 255, 255, 255), (128, 64, 32, 255)];
        CollectionAssert.AreEqual(expected, Enumerable.Range(0, 6).Select(i => image.At(i % 3, i / 3)).ToArray());
    }

    [TestMethod]
    [DataRow(ProgressiveJpeg, 200, 100, 50)]
    [DataRow(GrayJpeg, 90, 90, 90)]
    public void EveryKindOfJpegIsRead(string base64, int red, int green, int blue)
    {
        using MLImage image = Decode(base64);

        Assert.AreEqual((8, 8), (image.Width, image.Height));
        ImagePictures.AssertClose((red, green, blue), image.ColorAt(5, 3), 4);
        Assert.AreEqual(255, image.At(5, 3).Alpha);
    }

    [TestMethod]
    public void ColorsAreMultipliedByAlpha()
    {
        // Gray 200, opaque and half transparent.
        using MLImage image = Decode("iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAQAAABeK7cBAAAADUlEQVR4nGM88Z+hEQAGqAJKeGhdaQAAAABJRU5ErkJggg==");

        Assert.AreEqual((200, 200, 200, 255), image.At(0, 0));
        Assert.AreEqual((100, 100, 100, 128), image.At(1, 0));
    }

    [TestMethod]
    public void AStreamIsReadFromWhereItStands()
    {
        byte[] file = [1, 2, 3, .. PngFile(5, 4)];
        var stream = new MemoryStream(file) { Position = 3 };

        using MLImage image = MLImage.CreateFromStream(stream);
        Assert.AreEqual((5, 4), (image.Width, image.Height));
    }

    [TestMethod]
    public void WhatIsNoPictureIsRefused()
    {
        byte[][] files = [[], new byte[10], "not a picture, but some text of a few words"u8.ToArray(), PngFile(8, 8)[..30]];
        foreach (byte[] file in files)
            Assert.AreEqual("imageStream", Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromStream(new MemoryStream(file))).ParamName);

        Assert.ThrowsExactly<ArgumentNullException>(() => MLImage.CreateFromStream(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => MLImage.CreateFromFile(null!));
        string nowhere = Path.Combine(Path.GetTempPath(), "no such folder", "no such file.png");
        Assert.AreEqual("imagePath", Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromFile(nowhere)).ParamName);
        Assert.AreEqual("imagePath", Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromFile(Path.GetTempPath())).ParamName);
    }

    [TestMethod]
    public void ADamagedPngFileIsRefused()
    {
        byte[] file = PngFile(16, 16);
        int data = file.AsSpan().IndexOf("IDAT"u8) + 4;
        file[data] ^= 0xFF;

        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromStream(new MemoryStream(file)));
    }

    [TestMethod]
    public void ATruncatedPngFileKeepsItsFirstRows()
    {
        var random = new Random(1); // noise takes about as many bytes in every row
        using MLImage whole = ImagePictures.Opaque(64, 64, (_, _) => (200 * random.Next(2), 200 * random.Next(2), 200 * random.Next(2)));
        byte[] file = Encode(whole, ".png");
        int start = file.AsSpan().IndexOf("IDAT"u8) + 4;

        for (int length = start + 20; length < file.Length; length += 497)
        {
            using MLImage part = MLImage.CreateFromStream(new MemoryStream(file[..length]));
            Assert.AreEqual((64, 64), (part.Width, part.Height));
            int rows = Math.Max(0, 64 * (length - start) / (file.Length - start) - 5);
            Assert.IsTrue(part.Pixels[..(rows * 64 * 4)].SequenceEqual(whole.Pixels[..(rows * 64 * 4)]), $"{length} of {file.Length} bytes");
        }
    }

    [TestMethod]
    public void ATruncatedJpegFileKeepsItsUpperPart()
    {
        using MLImage whole = ImagePictures.Opaque(64, 64, (x, y) => (255 - 3 * x, 3 * y, 100));
        byte[] file = Encode(whole, ".jpg");
        int scan = file.AsSpan().IndexOf(new byte[] { 0xFF, 0xDA });
        int half = scan + (file.Length - scan) / 2;

        using MLImage part = MLImage.CreateFromStream(new MemoryStream(file[..half]));
        Assert.AreEqual((64, 64), (part.Width, part.Height));
        ImagePictures.AssertClose(whole.ColorAt(10, 4), part.ColorAt(10, 4), 6);
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromStream(new MemoryStream(file[..(scan - 1)])));
        byte[] progressive = Convert.FromBase64String(ProgressiveJpeg);
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromStream(new MemoryStream(progressive[..^20])));
    }

    [TestMethod]
    public void ManyThreadsReadAndWriteAtOnce()
    {
        byte[][] files = Enumerable.Range(0, 8).Select(i => PngFile(20 + i, 30 - i)).ToArray();
        byte[] broken = files[0][..30];
        byte[][] results = new byte[200][];

        Parallel.For(0, results.Length, i =>
        {
            using MLImage image = MLImage.CreateFromStream(new MemoryStream(files[i % files.Length]));
            results[i] = image.Pixels.ToArray();
            Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromStream(new MemoryStream(broken)));
        });

        for (int i = 0; i < results.Length; i++)
        {
            using MLImage expected = ImagePictures.Gradient(20 + i % files.Length, 30 - i % files.Length);
            Assert.IsTrue(expected.Pixels.SequenceEqual(results[i]), $"picture {i}");
        }
    }

    private static MLImage Decode(string base64) => MLImage.CreateFromStream(new MemoryStream(Convert.FromBase64String(base64)));

    private static byte[] PngFile(int width, int height)
    {
        using MLImage image = ImagePictures.Gradient(width, height);
        return Encode(image, ".png");
    }

    private static byte[] Encode(MLImage image, string extension)
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + extension);
        try
        {
            image.Save(path);
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
