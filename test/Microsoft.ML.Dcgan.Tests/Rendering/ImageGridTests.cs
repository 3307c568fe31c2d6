using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Tests.Rendering;

[TestClass]
public class ImageGridTests
{
    private const int Padding = 2;

    [TestMethod]
    [DataRow(MLPixelFormat.Rgba32)]
    [DataRow(MLPixelFormat.Bgra32)]
    public void EveryPixelIsWhereItBelongs(MLPixelFormat format)
    {
        MLImage[] images = Enumerable.Range(0, 5).Select(i => Image(3, 4, format, (byte)(10 * i))).ToArray();

        var grid = new ImageGrid(images);
        using MLImage read = Read(grid.ToPng());

        Assert.AreEqual((2, 3), (grid.Rows, grid.Columns));
        Assert.AreEqual((2 + 3 * 5, 2 + 2 * 6), (read.Width, read.Height));
        for (int y = 0; y < read.Height; y++)
        {
            for (int x = 0; x < read.Width; x++)
                Assert.AreEqual(Expected(x, y), Pixel(read, x, y), $"at {x}, {y}");
        }
    }

    [TestMethod]
    public void ColumnsAndPaddingAreTheCallersToChoose()
    {
        MLImage[] images = Enumerable.Range(0, 4).Select(i => Image(3, 4, MLPixelFormat.Rgba32, 0)).ToArray();

        var strip = new ImageGrid(images, columns: 4, padding: 0);

        Assert.AreEqual((1, 4, 12, 4), (strip.Rows, strip.Columns, strip.Width, strip.Height));
        Assert.AreEqual("1 x 4 images, 12x4 pixels", strip.ToString());
    }

    [TestMethod]
    public void CaptionsAreUnderTheirPictures()
    {
        MLImage[] images = [Image(3, 4, MLPixelFormat.Rgba32, 9), Image(3, 4, MLPixelFormat.Rgba32, 8)];
        var plain = new ImageGrid(images, columns: 2);
        var grid = new ImageGrid(images, columns: 2, captions: ["", "HI"]);

        // "HI": two letters of 5 and 3 pixels with one between. Columns are as wide, and rows higher by a gap of 2 and 8 of text.
        Assert.AreEqual((2 + 2 * (9 + 2), plain.Height + 10), (grid.Width, grid.Height));
        using MLImage read = Read(grid.ToPng());
        string[] lines = Enumerable.Range(8, 8)
            .Select(y => string.Concat(Enumerable.Range(0, grid.Width).Select(x => Pixel(read, x, y) == (0, 0, 0) ? '#' : '.'))).ToArray();
        CollectionAssert.AreEqual(new[]
        {
            ".............#...#.###..",
            ".............#...#..#...",
            ".............#...#..#...",
            ".............#####..#...",
            ".............#...#..#...",
            ".............#...#..#...",
            ".............#...#.###..",
            "........................",
        }, lines);
        Assert.AreEqual(((byte)8, (byte)1, (byte)100), Pixel(read, 2 + 9 + 2 + 3, 2));
    }

    [TestMethod]
    [DataRow("é", "e")]
    [DataRow("ÀÖßÿ", "AOsy")]
    [DataRow("a\u00A0b", "a b")]
    [DataRow("猫😀", "\u0001\u0001")]
    [DataRow("1234567890123456789012345678901234567890!", "12345678901234567890123456789012345678..")]
    public void CaptionsTakeAnyText(string caption, string sameAs)
    {
        MLImage[] images = [Image(3, 4, MLPixelFormat.Rgba32, 9)];
        CollectionAssert.AreEqual(new ImageGrid(images, captions: [sameAs]).ToPng(), new ImageGrid(images, captions: [caption]).ToPng());
    }

    [TestMethod]
    public void HalfALetterIsDrawnAsABox()
    {
        // As when a longer text was cut in the middle of an emoji.
        MLImage[] images = [Image(3, 4, MLPixelFormat.Rgba32, 9)];
        CollectionAssert.AreEqual(new ImageGrid(images, captions: ["a\u0001"]).ToPng(),
            new ImageGrid(images, captions: ["a" + (char)0xD83D]).ToPng());
    }

    [TestMethod]
    public void TwoKindsStandSideBySide()
    {
        MLImage[] real = [Image(3, 4, MLPixelFormat.Rgba32, 9)],
            generated = [Image(5, 6, MLPixelFormat.Rgba32, 8), Image(5, 6, MLPixelFormat.Rgba32, 7)];
        ImageGrid grid = ImageGrid.SideBySide(new ImageGrid(real), new ImageGrid(generated, columns: 1), "a", "b");

        // Widths 7 and 9 with titles of 5 and padding; a gap of 8 between; 12 of titles above.
        Assert.AreEqual((9 + 8 + 9, 12 + 18), (grid.Width, grid.Height));
        using MLImage read = Read(grid.ToPng());
        Assert.AreEqual(((byte)9, (byte)1, (byte)100), Pixel(read, 1 + 2, 12 + 2));
        Assert.AreEqual(((byte)8, (byte)1, (byte)100), Pixel(read, 17 + 2, 12 + 2));
        Assert.AreEqual(((byte)7, (byte)1, (byte)100), Pixel(read, 17 + 2, 12 + 2 + 8));
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(37, 23)]
    public void EveryFilterOfThePngIsReadBack(int width, int height)
    {
        // Flat, sloped and random parts, in colour and in grey: each suits another filter.
        var random = new Random(3);
        foreach (bool grey in new[] { false, true })
        {
            var pixels = new byte[width * height * 4];
            for (int i = 0; i < width * height; i++)
            {
                int x = i % width, y = i / width;
                byte value = (byte)(y switch { < 5 => 77, < 10 => 3 * x, < 15 => 5 * y, < 19 => 2 * x + 3 * y, _ => random.Next(256) });
                new byte[] { value, grey ? value : (byte)(value * 3), grey ? value : (byte)x, 255 }.CopyTo(pixels, 4 * i);
            }
            using MLImage image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, pixels);
            using MLImage read = Read(new ImageGrid([image], padding: 0).ToPng());
            CollectionAssert.AreEqual(image.GetBGRPixels, read.GetBGRPixels);
        }
    }

    [TestMethod]
    public void TheFileHoldsThePngAndReplacesAnOlderOne()
    {
        string path = Path.GetTempFileName();
        try
        {
            var grid = new ImageGrid([Image(3, 4, MLPixelFormat.Rgba32, 0)]);
            grid.Save(path);
            CollectionAssert.AreEqual(grid.ToPng(), File.ReadAllBytes(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void AFileThatCanNotBeWrittenLeavesTheOldOne()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("dcgan-grid-");
        try
        {
            string path = Path.Combine(folder.FullName, "grid.png");
            File.WriteAllText(path, "old");
            Directory.CreateDirectory(path + ".partial"); // in the way of the new one

            Exception? error = null;
            try
            {
                new ImageGrid([Image(3, 4, MLPixelFormat.Rgba32, 0)]).Save(path);
            }
            catch (Exception thrown)
            {
                error = thrown;
            }

            Assert.IsNotNull(error);
            Assert.AreEqual("old", File.ReadAllText(path));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void NonsenseIsRefusedByName()
    {
        MLImage image = Image(3, 4, MLPixelFormat.Rgba32, 0);

        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new ImageGrid(Array.Empty<GeneratedImage>())).Message,
            "There are no images");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new ImageGrid([image, Image(5, 4, MLPixelFormat.Rgba32, 0)])).Message,
            "image 1 is 5x4, the first is 3x4");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new ImageGrid([image], captions: [])).Message,
            "There are 0 captions for 1 images.");
        Assert.AreEqual("columns", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ImageGrid([image], columns: 0)).ParamName);
        Assert.AreEqual("padding", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ImageGrid([image], padding: -1)).ParamName);
    }

    private static (byte, byte, byte) Expected(int x, int y)
    {
        (int column, int left) = Math.DivRem(x - Padding, 3 + Padding);
        (int row, int top) = Math.DivRem(y - Padding, 4 + Padding);
        int index = row * 3 + column;
        bool inside = x >= Padding && y >= Padding && left < 3 && top < 4 && index < 5;
        return inside ? ((byte)(10 * index), (byte)(left + 1), (byte)(top + 100)) : ((byte)255, (byte)255, (byte)255);
    }

    // Red tells the image, green the column, blue the row.
    private static MLImage Image(int width, int height, MLPixelFormat format, byte red)
    {
        var pixels = new byte[width * height * 4];
        for (int i = 0; i < width * height; i++)
        {
            (byte r, byte g, byte b) = (red, (byte)(i % width + 1), (byte)(i / width + 100));
            byte[] pixel = format == MLPixelFormat.Rgba32 ? [r, g, b, 255] : [b, g, r, 255];
            pixel.CopyTo(pixels, i * 4);
        }
        return MLImage.CreateFromPixels(width, height, format, pixels);
    }

    private static MLImage Read(byte[] png) => MLImage.CreateFromStream(new MemoryStream(png));

    private static (byte, byte, byte) Pixel(MLImage image, int x, int y)
    {
        ReadOnlySpan<byte> pixel = image.Pixels.Slice((y * image.Width + x) * 4, 4);
        return image.PixelFormat == MLPixelFormat.Bgra32 ? (pixel[2], pixel[1], pixel[0]) : (pixel[0], pixel[1], pixel[2]);
    }
}
