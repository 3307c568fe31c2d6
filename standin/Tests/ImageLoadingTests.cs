using System;
using System.IO;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Microsoft.ML.Dcgan.Standins.Tests;

[TestClass]
public class ImageLoadingTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("image-loading-");

    [TestCleanup]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestMethod]
    public void PathsAreReadBelowTheFolder()
    {
        IDataView loaded = _ml.Transforms.LoadImages("Image", _folder.FullName, "Path").Fit(Paths()).Transform(Paths(Write(5, 3), Write(2, 4)));

        Assert.AreEqual("Image", loaded.Schema["Image"].Type.ToString());
        CollectionAssert.AreEqual(new[] { (5, 3), (2, 4) }, ImagePictures.Read(loaded, "Image", (MLImage image) => (image.Width, image.Height)));
        CollectionAssert.AreEqual(
            new[] { Path.Combine(_folder.FullName, "5x3.png"), Path.Combine(_folder.FullName, "2x4.png") },
            ImagePictures.Read(loaded, "Image", (MLImage image) => image.Tag));
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("")]
    public void WithoutAFolderPathsStandForThemselves(string? folder)
    {
        IDataView paths = Paths(Path.Combine(_folder.FullName, Write(5, 3)));
        ImageLoadingTransformer loading = _ml.Transforms.LoadImages("Path", folder).Fit(paths);

        Assert.IsNull(loading.ImageFolder);
        Assert.AreEqual(5, ImagePictures.Read(loading.Transform(paths), "Path", (MLImage image) => image.Width).Single());
    }

    [TestMethod]
    public void AnEmptyPathIsNoImage()
    {
        IDataView loaded = _ml.Transforms.LoadImages("Image", _folder.FullName, "Path").Fit(Paths()).Transform(Paths(Write(5, 3), "", Write(5, 3)));

        CollectionAssert.AreEqual(new[] { false, true, false }, ImagePictures.Read(loaded, "Image", (MLImage image) => image == null));
    }

    [TestMethod]
    public void AnImageIsDisposedWhenTheNextIsLoaded()
    {
        IDataView loaded = _ml.Transforms.LoadImages("Image", _folder.FullName, "Path").Fit(Paths()).Transform(Paths(Write(5, 3), Write(2, 4)));
        MLImage[] images = ImagePictures.Read(loaded, "Image", (MLImage image) => image);

        Assert.AreNotSame(images[0], images[1]);
        foreach (MLImage image in images)
            Assert.ThrowsExactly<InvalidOperationException>(() => image.Width);
    }

    [TestMethod]
    public void AFileThatCannotBeReadThrowsWhereTheRowIsRead()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "junk.png"), "no picture");
        ImageLoadingTransformer loading = _ml.Transforms.LoadImages("Image", _folder.FullName, "Path").Fit(Paths());

        Assert.ThrowsExactly<FileNotFoundException>(() => ImagePictures.Read(loading.Transform(Paths("missing.png")), "Image", (MLImage image) => image));
        Assert.ThrowsExactly<ArgumentException>(() => ImagePictures.Read(loading.Transform(Paths("junk.png")), "Image", (MLImage image) => image));
    }

    [TestMethod]
    public void AFolderThatIsNotThereIsRefusedAtOnce()
    {
        string folder = Path.Combine(_folder.FullName, "missing");
        string message = Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.LoadImages("Image", folder, "Path")).Message;
        Assert.AreEqual($"Directory \"{folder}\" does not exist.", message);
    }

    [TestMethod]
    public void OnlyTextIsTakenForPaths()
    {
        IDataView numbers = _ml.Data.LoadFromEnumerable(new[] { new { Path = 1f } });

        foreach (string column in new[] { "Path", "Other" })
        {
            var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.LoadImages("Image", null, column).Fit(numbers));
            Assert.AreEqual("inputSchema", e.ParamName);
            Assert.Contains(column == "Path" ? "expected String, got Single" : "Could not find input column 'Other'", e.Message);
        }
    }

    [TestMethod]
    public void RawBytesAreTheFile()
    {
        IDataView loaded = _ml.Transforms.LoadRawImageBytes("File", _folder.FullName, "Path").Fit(Paths()).Transform(Paths(Write(5, 3), ""));

        Assert.AreEqual("Vector<Byte>", loaded.Schema["File"].Type.ToString());
        byte[][] files = ImagePictures.Read(loaded, "File", (VBuffer<byte> file) => file.DenseValues().ToArray());
        CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(_folder.FullName, "5x3.png")), files[0]);
        Assert.HasCount(0, files[1]);
    }

    private IDataView Paths(params string[] paths) => _ml.Data.LoadFromEnumerable(paths.Select(path => new ImageFile { Path = path }));

    private string Write(int width, int height)
    {
        string name = $"{width}x{height}.png";
        using MLImage image = ImagePictures.Gradient(width, height);
        image.Save(Path.Combine(_folder.FullName, name));
        return name;
    }

    private sealed class ImageFile
    {
        public string Path { get; set; } = "";
    }
}
