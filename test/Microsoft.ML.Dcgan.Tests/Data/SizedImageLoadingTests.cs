using Microsoft.ML.Transforms.Image;
using SkiaSharp;

namespace Microsoft.ML.Dcgan.Tests.Data;

/// <summary>LoadDcganImages of a size, against ResizeImages after it.</summary>
[TestClass]
public sealed class SizedImageLoadingTests
{
    private static readonly string _shown = Path.Combine(AppContext.BaseDirectory, "Reference", "shown");
    private readonly MLContext _ml = new(seed: 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [TestCleanup]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestMethod]
    [DataRow("orientation6.jpg", 10, 12)]
    [DataRow("orientation3.webp", 12, 9)]
    [DataRow("orientation8.png", 48, 30)]
    [DataRow("rgba.png", 9, 12)]
    [DataRow("photo.jpg", 64, 64)]
    [DataRow("photo.webp", 40, 64)]
    [DataRow("photo.png", 64, 40)]
    public void Of_a_size_it_is_what_ResizeImages_makes_of_it(string file, int width, int height)
    {
        if (file.StartsWith("photo", StringComparison.Ordinal))
            SavePhoto(Path.Combine(_folder.FullName, file));
        string path = Path.Combine(File.Exists(Path.Combine(_folder.FullName, file)) ? _folder.FullName : _shown, file);
        IDataView paths = _ml.Data.LoadFromEnumerable(new[] { new FileRow { Path = path } });
        var sized = _ml.Transforms.LoadDcganImages("Image", null, "Path", "#0000FF", width, height);
        IDataView found = sized.Fit(paths).Transform(paths), expected = _ml.Transforms.LoadDcganImages("Image", null, "Path", "#0000FF")
            .Append(_ml.Transforms.ResizeImages("Image", width, height)).Fit(paths).Transform(paths);

        var type = (ImageDataViewType)found.Schema["Image"].Type;
        Assert.AreEqual((width, height), (type.Width, type.Height));
        byte[] one = Pictures.AsTrainedOn(found, "Image"), other = Pictures.AsTrainedOn(expected, "Image");
        Assert.HasCount(width * height * 3, one);
        Assert.IsLessThan(3, one.Zip(other, (a, b) => Math.Abs(a - b)).Average(), "the mean difference of levels");
    }

    [TestMethod]
    [DataRow(64, null)]
    [DataRow(null, 64)]
    [DataRow(0, 64)]
    public void A_size_is_two_sides(int? width, int? height) => StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() =>
        _ml.Transforms.LoadDcganImages("Image", imageWidth: width, imageHeight: height)).Message, "but both are expected");

    // Smooth, with a disc that is not in the middle.
    private static void SavePhoto(string path)
    {
        using var bitmap = new SKBitmap(1200, 900, SKColorType.Bgra8888, SKAlphaType.Opaque);
        for (int y = 0; y < bitmap.Height; y++)
        {
            for (int x = 0; x < bitmap.Width; x++)
            {
                bool isIn = Math.Pow(x - 700, 2) + Math.Pow(y - 380, 2) < 200 * 200;
                bitmap.SetPixel(x, y, isIn ? new SKColor(230, 60, 40) : new SKColor((byte)(x / 5), (byte)(y / 4), 120));
            }
        }
        SKEncodedImageFormat format = Path.GetExtension(path) switch
        {
            ".jpg" => SKEncodedImageFormat.Jpeg,
            ".webp" => SKEncodedImageFormat.Webp,
            _ => SKEncodedImageFormat.Png,
        };
        using SKData data = bitmap.Encode(format, 95);
        File.WriteAllBytes(path, data.ToArray());
    }
}
