using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan.Tests.Pipelines;

/// <summary>Pictures that need no disposing: what they hold and what files they become.</summary>
[TestClass]
public sealed class GeneratedImageTests
{
    private static readonly MLContext _ml = new(seed: 1);
    private static DcganTransformer _gan = null!;

    public TestContext TestContext { get; set; } = null!;

    [ClassInitialize]
    public static void Train(TestContext _) => _gan = Pictures.SmallModel(_ml);

    [ClassCleanup]
    public static void DisposeModel() => _gan.Dispose();

    [TestMethod]
    public void It_holds_the_pixels_that_the_view_has()
    {
        GeneratedImage image = _gan.Generate(3, seed: 5)[2];
        using MLImage expected = _gan.Transform(_gan.SampleNoise(3, seed: 5)).GetColumn<MLImage>(_gan.OutputColumnName).Last(),
            same = image.ToMLImage();

        Assert.AreEqual((12, 16), (image.Width, image.Height));
        CollectionAssert.AreEqual(expected.Pixels.ToArray(), image.Pixels.ToArray());
        Assert.AreEqual((expected.Width, expected.Height, MLPixelFormat.Bgra32), (same.Width, same.Height, same.PixelFormat));
        CollectionAssert.AreEqual(expected.Pixels.ToArray(), same.Pixels.ToArray());
        Assert.IsTrue(image.Pixels.ToArray().Where((_, i) => i % 4 == 3).All(opacity => opacity == 255));
    }

    [TestMethod]
    [DataRow("picture.png", 0)]
    [DataRow("picture.JPG", 40)]
    [DataRow("picture.jpeg", 40)]
    [DataRow("picture.webp", 40)]
    public void It_saves_as_the_ending_says_and_replaces_an_older_file(string name, int tolerance)
    {
        string folder = Directory.CreateTempSubdirectory().FullName, path = Path.Combine(folder, name);
        File.WriteAllText(path, "older");
        GeneratedImage image = _gan.Generate(1)[0];
        image.Save(path);

        CollectionAssert.AreEqual(new[] { path }, Directory.GetFiles(folder));
        byte[] start = File.ReadAllBytes(path)[..4];
        CollectionAssert.AreEqual(Path.GetExtension(name) switch
        {
            ".png" => new byte[] { 0x89, 0x50, 0x4e, 0x47 },
            ".webp" =>
            "RIFF"u8.ToArray(),
            _ => [0xff, 0xd8, 0xff, 0xe0]
        }, start);
        using MLImage read = MLImage.CreateFromFile(path);
        byte[] expected = Bgr(image.ToMLImage()), found = Bgr(read);
        Assert.IsTrue(expected.Zip(found).All(pair => Math.Abs(pair.First - pair.Second) <= tolerance));
        Directory.Delete(folder, recursive: true);
    }

    [TestMethod]
    public void What_cannot_be_saved_says_why_and_leaves_nothing()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        ArgumentException failure = Assert.Throws<ArgumentException>(() => _gan.Generate(1)[0].Save(Path.Combine(folder, "picture.tiff")));
        StringAssert.Contains(failure.Message, "ends in '.tiff', but a picture is saved as .png, .jpg, .jpeg or .webp.");
        Assert.Throws<DirectoryNotFoundException>(() => _gan.Generate(1)[0].Save(Path.Combine(folder, "missing", "picture.jpg")));
        Assert.IsEmpty(Directory.GetFiles(folder));
        Directory.Delete(folder);
    }

    private static byte[] Bgr(MLImage image) => image.GetBGRPixels.ToArray();
}
