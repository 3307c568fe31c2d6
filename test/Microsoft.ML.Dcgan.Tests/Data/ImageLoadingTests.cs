using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Dcgan.Tests.Data;

/// <summary>Files made by test/python/picture_files.py, through LoadDcganImages: what shows is of four plain quarters.</summary>
[TestClass]
public sealed class ImageLoadingTests
{
    private const int Width = 24, Height = 20;
    private static readonly (int Red, int Green, int Blue)[] _colors = [(220, 30, 40), (30, 200, 60), (40, 50, 210), (240, 230, 90)];
    private static readonly int[] _greys = [0, 255, 255, 0];
    private static readonly string _shown = Path.Combine(AppContext.BaseDirectory, "Reference", "shown");
    private static readonly string _plain = Path.Combine(AppContext.BaseDirectory, "Reference", "pictures");
    private readonly MLContext _ml = new(seed: 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [TestCleanup]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestMethod]
    [DataRow("jpg", 3)]
    [DataRow("png", 0)]
    [DataRow("webp", 0)]
    public void A_picture_is_turned_as_viewers_turn_it(string ending, int tolerance)
    {
        for (int orientation = 1; orientation <= 8; orientation++)
            Check(Load(Path.Combine(_shown, $"orientation{orientation}.{ending}")), _colors, tolerance, $"orientation {orientation}");
    }

    [TestMethod]
    [DataRow("rgba.png", 128)]
    [DataRow("rgba.webp", 128)]
    [DataRow("grey-alpha.png", 128)]
    [DataRow("palette.png", 255)]
    [DataRow("palette.gif", 255)]
    public void The_background_shows_where_a_picture_is_transparent(string file, int alpha)
    {
        (int, int, int)[] opaque = file.StartsWith("grey", StringComparison.Ordinal) ? [.. _greys.Select(grey => (grey, grey, grey))] : _colors;
        foreach ((string text, (int Red, int Green, int Blue) background) in
            new[] { ("#FFFFFF", (255, 255, 255)), ("#000000", (0, 0, 0)), ("#10a0F0", (16, 160, 240)) })
        {
            (int, int, int)[] expected = [opaque[0], Over(opaque[1], background, alpha), background, opaque[3]];
            Check(Load(Path.Combine(_shown, file), text), expected, 1, text);
        }
    }

    [TestMethod]
    public void Opaque_files_come_as_LoadImages_has_them()
    {
        foreach (string file in Directory.GetFiles(_plain).Where(file => !file.EndsWith(".tif", StringComparison.Ordinal)))
        {
            IDataView paths = Paths(file);
            IDataView theirs = _ml.Transforms.LoadImages("Image", null, "Path").Fit(paths).Transform(paths);
            CollectionAssert.AreEqual(Pictures.AsTrainedOn(theirs, "Image"), Load(file), file);
        }
    }

    [TestMethod]
    public void A_file_that_is_cut_anywhere_is_refused_unless_all_of_the_picture_is_there()
    {
        string cut = Path.Combine(_folder.FullName, "cut");
        foreach (string file in Directory.GetFiles(_plain).Where(file => !file.EndsWith(".tif", StringComparison.Ordinal)))
        {
            byte[] bytes = File.ReadAllBytes(file), whole = Load(file);
            bool isGif = file.EndsWith(".gif", StringComparison.Ordinal);
            for (int length = 0; length < bytes.Length; length += length < bytes.Length - 20 ? 7 : 1)
            {
                File.WriteAllBytes(cut, bytes[..length]);
                // A GIF's last byte says only that no more pictures follow.
                if (isGif && length == bytes.Length - 1)
                    CollectionAssert.AreEqual(whole, Load(cut), $"{file}, {length} bytes");
                else
                    StringAssert.Contains(Refusal(cut), $"'{cut}' is {(length == 0 ? "empty" : length < 4 ? "" : "cut short or damaged")}",
                        $"{file}, {length} of {bytes.Length} bytes");
            }
        }
    }

    [TestMethod]
    [DataRow("palette.png")]
    [DataRow("interlaced.png")]
    [DataRow("1-bit.png")]
    public void A_bit_that_a_checksum_denies_is_refused(string file)
    {
        string flipped = Path.Combine(_folder.FullName, "flipped.png");
        byte[] bytes = File.ReadAllBytes(Path.Combine(_plain, file));
        for (int bit = 0; bit < 8 * bytes.Length; bit += 3)
        {
            byte[] wrong = [.. bytes];
            wrong[bit / 8] ^= (byte)(1 << bit % 8);
            File.WriteAllBytes(flipped, wrong);
            Refusal(flipped);
        }
    }

    [TestMethod]
    public void What_is_no_picture_is_named()
    {
        string file = Path.Combine(_folder.FullName, "text.png");
        File.WriteAllText(file, "no picture\n");
        StringAssert.Contains(Refusal(file), $"'{file}' is no picture that can be read: its 11 bytes begin with 6E 6F 20 70");
        // The start of a PNG is gone, and the decoder takes the rest for a WBMP.
        File.WriteAllBytes(file, File.ReadAllBytes(Path.Combine(_plain, "1-bit.png"))[22..]);
        StringAssert.Contains(Refusal(file), $"'{file}' is no picture that can be read: its ");
        File.WriteAllText(file, "");
        StringAssert.Contains(Refusal(file), $"'{file}' is empty (0 bytes).");
        StringAssert.Contains(Refusal(""), "row 0, Path '': has no image: its path is empty, perhaps.");
        StringAssert.Contains(Refusal(Path.Combine(_folder.FullName, "none.png")), "none.png");
    }

    [TestMethod]
    public void A_picture_that_declares_more_pixels_than_memory_holds_is_refused()
    {
        string file = Path.Combine(_folder.FullName, "large.bmp");
        // The header of a BMP of 24 bits a pixel.
        File.WriteAllBytes(file, [.. "BM"u8, .. Numbers(1 << 20, 0, 54, 40, 30_000, 30_000), 1, 0, 24, 0, .. Numbers(0, 0, 0, 0, 0, 0), .. new byte[1 << 20]]);
        StringAssert.Contains(Refusal(file), $"'{file}' is of 30000x30000 pixels, but at most 268435456 are read");

        static byte[] Numbers(params int[] numbers) => MemoryMarshal.AsBytes<int>(numbers).ToArray();
    }

    [TestMethod]
    public void Transparent_pictures_are_counted()
    {
        var warnings = new List<string>();
        _ml.Log += (_, entry) =>
        {
            if (entry.Kind == ChannelMessageKind.Warning)
                warnings.Add(entry.Message);
        };
        string rgba = Path.Combine(_shown, "rgba.png"), opaque = Path.Combine(_plain, "palette.png");
        Load([rgba, opaque, rgba, .. Enumerable.Repeat(opaque, 100), rgba], "#FFFFFF");
        StringAssert.Contains(warnings[^1],
            "3 of 104 pictures read for column 'Image' are transparent, at least in part: #FFFFFF is behind them (background).");
    }

    [TestMethod]
    public void What_LoadImages_shows_otherwise_is_counted()
    {
        var warnings = new List<string>();
        _ml.Log += (_, entry) =>
        {
            if (entry.Kind == ChannelMessageKind.Warning)
                warnings.Add(entry.RawMessage);
        };
        IDataView paths = Paths([.. new[] { "rgba.png", "orientation6.jpg", "orientation1.jpg", "orientation3.webp", "grey-alpha.png",
            "palette.gif" }.Select(file => Path.Combine(_shown, file)), Path.Combine(_plain, "palette.png")]);
        foreach (bool isOurs in new[] { false, true })
        {
            warnings.Clear();
            IEstimator<ITransformer> load = isOurs ? _ml.Transforms.LoadDcganImages("Image", null, "Path")
                : _ml.Transforms.LoadImages("Image", null, "Path");
            using DcganTransformer gan = load.Append(_ml.Transforms.ResizeImages("Image", 8, 8))
                .Append(_ml.Transforms.Dcgan(Pictures.SmallOptions() with { ImageColumnName = "Image" })).Fit(paths).LastTransformer;
            if (isOurs)
            {
                Assert.HasCount(1, warnings);
                StringAssert.Contains(warnings[0], "are transparent, at least in part: ");
                continue;
            }
            Assert.HasCount(2, warnings);
            StringAssert.StartsWith(warnings[0], "2 of the pictures in column 'Image' are not turned as viewers show them");
            StringAssert.StartsWith(warnings[1], "3 of the pictures in column 'Image' are transparent, at least in part, which is ignored");
        }
    }

    [TestMethod]
    public void It_is_saved_and_loaded_with_a_chain()
    {
        string zip = Path.Combine(_folder.FullName, "chain.zip"), file = Path.Combine(_shown, "rgba.png");
        IDataView paths = Paths("rgba.png", "orientation6.jpg");
        ITransformer chain = _ml.Transforms.LoadDcganImages("Image", _shown, "Path", "#0000FF", Width, Height)
            .Append(_ml.Transforms.ConvertToGrayscale("Grey", "Image")).Fit(paths);
        _ml.Model.Save(chain, paths.Schema, zip);
        ITransformer loaded = new MLContext().Model.Load(zip, out _);

        CollectionAssert.AreEqual(Pictures.AsTrainedOn(chain.Transform(paths), "Image"),
            Pictures.AsTrainedOn(loaded.Transform(paths), "Image"));
        var engine = _ml.Model.CreatePredictionEngine<FileRow, ImageRow>(loaded);
        using MLImage image = engine.Predict(new FileRow { Path = "rgba.png" }).Image;
        Assert.AreEqual((Width, Height, (byte)255), (image.Width, image.Height, image.Pixels[4 * (Width * (Height - 1))]));
    }

    [TestMethod]
    public void Wrong_arguments_are_refused()
    {
        IDataView paths = Paths("a.png"), numbers = _ml.Data.LoadFromEnumerable(new[] { new PixelRow() });
        foreach (string colour in new[] { "", "white", "#12345", "#80FFFFFF", "FFFFFF" })
        {
            StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() =>
                _ml.Transforms.LoadDcganImages("Image", background: colour)).Message, $"Background is '{colour}', but a colour like #FFFFFF");
        }
        Assert.Throws<DirectoryNotFoundException>(() => _ml.Transforms.LoadDcganImages("Image", "no-such-folder"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.LoadDcganImages(" "));
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.LoadDcganImages("Image", null, "Pth").Fit(paths)).Message, "Could not find input column 'Pth'");
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.LoadDcganImages("Image", null, "Number").Fit(numbers)).Message, "expected Text, a picture file's path");
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.LoadDcganImages("Image", null, "Number")
            .Append(_ml.Transforms.ResizeImages("Image", 8, 8)).GetOutputSchema(Shape(numbers.Schema))).Message, "expected Text");
    }

    // ML.NET has no public way.
    private static SchemaShape Shape(DataViewSchema schema) => (SchemaShape)typeof(SchemaShape)
        .GetMethod("Create", BindingFlags.NonPublic | BindingFlags.Static)!.Invoke(null, [schema])!;

    private static (int, int, int) Over((int Red, int Green, int Blue) color, (int Red, int Green, int Blue) background, int alpha)
    {
        return (Mix(color.Red, background.Red), Mix(color.Green, background.Green), Mix(color.Blue, background.Blue));

        int Mix(int of, int with) => (int)Math.Round((of * alpha + with * (255 - alpha)) / 255.0);
    }

    private IDataView Paths(params string[] files) =>
        _ml.Data.LoadFromEnumerable(files.Select(file => new FileRow { Path = file }).ToList());

    private byte[] Load(string file, string background = "#FFFFFF") => Load([file], background);

    private byte[] Load(string[] files, string background)
    {
        IDataView paths = Paths(files);
        return Pictures.AsTrainedOn(
            _ml.Transforms.LoadDcganImages("Image", null, "Path", background).Fit(paths).Transform(paths), "Image");
    }

    // In the order of reading: what training says of it.
    private string Refusal(string file)
    {
        DcganEstimator.Options options = Pictures.SmallOptions() with { ImageColumnName = "Image" };
        IDataView paths = Paths(file);
        return Assert.Throws<InvalidOperationException>(() => _ml.Transforms.Dcgan(options)
            .Fit(_ml.Transforms.LoadDcganImages("Image", null, "Path").Fit(paths).Transform(paths)), file).Message;
    }

    // In the middle of each quarter.
    private static void Check(byte[] planes, (int Red, int Green, int Blue)[] expected, int tolerance, string what)
    {
        Assert.HasCount(3 * Width * Height, planes);
        for (int quarter = 0; quarter < 4; quarter++)
        {
            int at = (Height / 4 + quarter / 2 * Height / 2) * Width + Width / 4 + quarter % 2 * Width / 2;
            (int Red, int Green, int Blue) actual = (planes[at], planes[Width * Height + at], planes[2 * Width * Height + at]);
            (int red, int green, int blue) = expected[quarter];
            int difference = new[] { actual.Red - red, actual.Green - green, actual.Blue - blue }.Max(Math.Abs);
            Assert.IsLessThanOrEqualTo(tolerance, difference, $"{what}, quarter {quarter}: {actual} instead of {expected[quarter]}");
        }
    }

    private sealed class ImageRow
    {
        [ImageType(Height, Width)]
        public MLImage Image { get; set; } = null!;
    }
}
