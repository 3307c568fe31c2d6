using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Data;

[TestClass]
public sealed class ImageReaderTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [TestCleanup]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestMethod]
    public void Pixels_become_the_bytes_they_were()
    {
        byte[] read = Pictures.AsTrainedOn(Pictures.View(_ml, 3, 8, 9, 3), "Pixels");
        CollectionAssert.AreEqual(Enumerable.Range(0, 3).SelectMany(i => Pictures.Bytes(i, 8, 9, 3)).ToArray(), read);
    }

    [TestMethod]
    public void Images_become_planes()
    {
        byte[] read = Pictures.AsTrainedOn(ImageView(Enumerable.Range(0, 3).Select(i => (8, 9)).ToArray()), "Image");
        CollectionAssert.AreEqual(Enumerable.Range(0, 3).SelectMany(i => Pictures.Bytes(i, 8, 9, 3)).ToArray(), read);
    }

    [TestMethod]
    public void Images_become_grey_by_luminance()
    {
        byte[] read = Pictures.AsTrainedOn(ImageView((8, 9)), "Image", channels: 1);
        byte[] colors = Pictures.Bytes(0, 8, 9, 3);
        for (int i = 0; i < 72; i++)
            Assert.AreEqual(0.3 * colors[i] + 0.59 * colors[72 + i] + 0.11 * colors[144 + i], read[i], 0.51);
    }

    [TestMethod]
    public void Files_come_through_parallel_cursors_in_order()
    {
        string[] files = Pictures.Files(_folder.FullName, 300, 10, 8);
        IDataView view = _ml.Data.LoadFromEnumerable(files.Select(file => new FileRow { Path = file }).ToList());
        IDataView pixels = _ml.Transforms.LoadImages("Image", null, "Path")
            .Append(_ml.Transforms.ResizeImages("Image", 8, 10))
            .Append(_ml.Transforms.ExtractPixels("Pixels", "Image", offsetImage: 127.5f, scaleImage: 1 / 127.5f))
            .Fit(view).Transform(view);

        byte[] expected = Enumerable.Range(0, 300).SelectMany(i => Pictures.Bytes(i, 10, 8, 3)).ToArray();
        CollectionAssert.AreEqual(expected, Pictures.AsTrainedOn(pixels, "Pixels"));
        CollectionAssert.AreEqual(expected, Pictures.AsTrainedOn(pixels, "Image"));
    }

    [TestMethod]
    [DataRow(new[] { 3, 10, 8 }, 10, 8, 3)]
    [DataRow(new[] { 1, 10, 8 }, 10, 8, 1)]
    [DataRow(new[] { 10, 8 }, 10, 8, 1)]
    [DataRow(new[] { 784 }, 28, 28, 1)]
    [DataRow(new[] { 3072 }, 32, 32, 3)]
    public void The_columns_type_says_the_size(int[] dimensions, int height, int width, int channels)
    {
        IDataView view = Pictures.View(_ml, [new float[dimensions.Aggregate((a, b) => a * b)]], dimensions);
        Assert.AreEqual(new ImageFormat(height, width, channels), new ImageColumn("Pixels", null, null, null).Resolve(view).Format);
    }

    [TestMethod]
    public void The_options_say_the_size_of_a_flat_vector()
    {
        IDataView view = Pictures.View(_ml, [new float[3 * 10 * 8]], 240);
        Assert.AreEqual(new ImageFormat(10, 8, 3), new ImageColumn("Pixels", 10, 8, null).Resolve(view).Format);
    }

    [TestMethod]
    [DataRow(new[] { 10, 8, 3 }, "interleavePixelColors: false")]
    [DataRow(new[] { 4, 10, 8 }, "4 planes")]
    [DataRow(new[] { 250 }, "Set the options ImageHeight and ImageWidth")]
    [DataRow(new[] { 3, 7, 20 }, "8 to 4096")]
    public void A_type_that_is_no_image_is_refused(int[] dimensions, string advice)
    {
        IDataView view = Pictures.View(_ml, [new float[dimensions.Aggregate((a, b) => a * b)]], dimensions);
        Refused(() => new ImageColumn("Pixels", null, null, null).Resolve(view), advice);
    }

    [TestMethod]
    public void Options_that_contradict_the_column_are_refused()
    {
        IDataView view = Pictures.View(_ml, 1, 10, 8, 3);
        Refused(() => new ImageColumn("Pixels", 12, null, null).Resolve(view), "ImageHeight is 10, but the option ImageHeight is 12");
        Refused(() => new ImageColumn("Pixels", null, null, 1).Resolve(view), "Channels is 3, but the option Channels is 1");
        Refused(() => new ImageColumn("Pixels", 10, 9, 3).Resolve(Pictures.View(_ml, [new float[240]], 240)),
            "which is not ImageHeight 10 times ImageWidth 9");
    }

    [TestMethod]
    [DataRow(1.01f)]
    [DataRow(-127f)]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void Pixels_out_of_range_are_refused(float pixel)
    {
        float[] bad = Pictures.Pixels(2, 8, 8, 1);
        bad[17] = pixel;
        IDataView view = Pictures.View(_ml, [Pictures.Pixels(0, 8, 8, 1), Pictures.Pixels(1, 8, 8, 1), bad], 1, 8, 8);
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => Pictures.AsTrainedOn(view, "Pixels"));
        StringAssert.Contains(failure.Message,
            FormattableString.Invariant($"Column 'Pixels', row 2: pixel 17 is {pixel}, but pixels must be numbers in [-1, 1]"));
        StringAssert.Contains(failure.Message, "ExtractPixels(..., offsetImage: 127.5f, scaleImage: 1 / 127.5f)");
    }

    [TestMethod]
    public void Images_of_differing_sizes_are_refused()
    {
        InvalidOperationException failure =
            Assert.Throws<InvalidOperationException>(() => Pictures.AsTrainedOn(ImageView((8, 9), (8, 9), (9, 8)), "Image"));
        StringAssert.Contains(failure.Message,
            $"Column 'Image', row 2, Path '{Path.Combine(_folder.FullName, "2.png")}': is an image of 8x9 pixels");
        StringAssert.Contains(failure.Message, "ResizeImages");
    }

    [TestMethod]
    public void No_images_are_refused()
    {
        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() =>
            Pictures.AsTrainedOn(Pictures.View(_ml, 0, 8, 8, 1), "Pixels")).Message, "'Pixels' has no images");
        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => Pictures.AsTrainedOn(ImageView(), "Image")).Message,
            "'Image' has no images");
    }

    [TestMethod]
    public void A_missing_column_is_refused() =>
        Refused(() => new ImageColumn("Picture", null, null, null).Resolve(Pictures.View(_ml, 1, 8, 8, 1)),
            "Could not find input column 'Picture'. The columns are: Pixels, Number.");

    [TestMethod]
    public void A_column_of_another_type_is_refused() =>
        Refused(() => new ImageColumn("Number", null, null, null).Resolve(Pictures.View(_ml, 1, 8, 8, 1)),
            "Schema mismatch for input column 'Number': expected an image");

    private static void Refused(Action resolve, string message)
    {
        ArgumentOutOfRangeException failure = Assert.Throws<ArgumentOutOfRangeException>(resolve);
        Assert.AreEqual("inputSchema", failure.ParamName);
        StringAssert.Contains(failure.Message, message);
    }

    // LoadImages does not say what size its images have.
    private IDataView ImageView(params (int Height, int Width)[] sizes)
    {
        string[] files = sizes.Select((size, i) =>
        {
            string path = Path.Combine(_folder.FullName, $"{i}.png");
            using MLImage image = Pictures.Image(i, size.Height, size.Width);
            image.Save(path);
            return path;
        }).ToArray();
        IDataView view = _ml.Data.LoadFromEnumerable(files.Select(file => new FileRow { Path = file }).ToList());
        return _ml.Transforms.LoadImages("Image", null, "Path").Fit(view).Transform(view);
    }
}
