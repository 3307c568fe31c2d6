using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Pictures;
using Microsoft.Playwright;

namespace Microsoft.ML.Dcgan.Tests.Rendering;

/// <summary>What is written is read by others: by Chromium frame by frame, by stb its first.</summary>
[TestClass]
public sealed class ImageAnimationTests
{
    // Every frame of a file as its pixels' bytes R, G, B, A and how long it is shown; and how often all are.
    private const string Decoder = """
        <!DOCTYPE html><script>
        async function read(type, base64) {
            const decoder = new ImageDecoder({ type, data: Uint8Array.from(atob(base64), c => c.charCodeAt(0)) });
            await decoder.tracks.ready;
            await decoder.completed;
            const track = decoder.tracks.selectedTrack, frames = [];
            for (let i = 0; i < track.frameCount; i++) {
                const { image } = await decoder.decode({ frameIndex: i });
                const canvas = new OffscreenCanvas(image.displayWidth, image.displayHeight), context = canvas.getContext("2d", { willReadFrequently: true });
                context.drawImage(image, 0, 0);
                const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
                let text = "";
                for (let at = 0; at < pixels.length; at += 32768) text += String.fromCharCode(...pixels.subarray(at, at + 32768));
                frames.push({ Width: canvas.width, Height: canvas.height, Milliseconds: image.duration / 1000, Pixels: btoa(text) });
            }
            return { Plays: track.repetitionCount === Infinity ? 0 : track.repetitionCount + 1, Frames: frames };
        }
        </script>
        """;

    private static readonly (string Name, MLImage[] Frames, int Delay, int? LastDelay, int Plays)[] _animations =
    [
        ("grey, odd size", [.. Enumerable.Range(0, 3).Select(i => Image(13, 7, (x, y) => Grey(x * 19 + y * 5 + i)))], 70, 500, 0),
        ("one pixel, once", [Image(1, 1, (_, _) => (1, 2, 3)), Image(1, 1, (_, _) => (200, 2, 3))], 100, null, 1),
        ("256 colours in all, three times",
            [.. Enumerable.Range(0, 2).Select(i => Image(16, 8, (x, y) => ((byte)(x + 16 * y), (byte)(i * 255), 9)))], 40, null, 3),
        // Long enough that the code table fills up and is begun anew.
        ("noise", [Noise(200, 150, 256), Noise(200, 150, 256)], 100, null, 0),
        ("runs", [Image(300, 300, (x, _) => Grey(x / 100)), Image(300, 300, (_, y) => Grey(y / 100))], 100, null, 0),
        ("two colours", [Image(64, 64, (x, y) => Grey((x * y & 1) * 255)), Image(64, 64, (x, y) => Grey((x + y & 1) * 255))], 100, null, 0),
        // Sizes around those at which codes become longer.
        .. Enumerable.Range(250, 14).Select(width =>
            ($"noise of {width}", new[] { Noise(width, 1, 256), Noise(width, 1, 4) }, 20, (int?)null, 2)),
    ];

    [TestMethod]
    public async Task Chromium_sees_every_pixel_of_every_frame()
    {
        await using ChromiumPage browser = await Reader();
        foreach ((string name, MLImage[] images, int delay, int? lastDelay, int plays) in _animations)
        {
            ImageAnimation animation = Pictures.Animation(images, delay, lastDelay, plays);
            foreach ((string type, byte[] file) in new[] { ("image/gif", animation.ToGif()), ("image/png", animation.ToPng()) })
            {
                Read read = await Decode(browser, type, file);
                Assert.AreEqual((images.Length, plays), (read.Frames.Length, read.Plays), $"{name}, {type}");
                for (int i = 0; i < images.Length; i++)
                {
                    Assert.AreEqual(i == images.Length - 1 ? lastDelay ?? delay : delay, read.Frames[i].Milliseconds,
                        $"{name}, {type}, frame {i}");
                    Assert.AreEqual((images[i].Width, images[i].Height), (read.Frames[i].Width, read.Frames[i].Height), $"{name}, {type}");
                    CollectionAssert.AreEqual(Rgb(images[i]), Rgb(read.Frames[i]), $"{name}, {type}, frame {i}");
                }
            }
        }
    }

    [TestMethod]
    public async Task Many_colours_are_exact_in_PNG_and_close_in_GIF()
    {
        // 64x64 colours a frame, smooth in one channel and all at once in the others.
        MLImage[] images = Enumerable.Range(0, 3).Select(i => Image(64, 64, (x, y) => ((byte)(4 * x), (byte)(4 * y), (byte)(80 * i))))
            .ToArray();
        ImageAnimation animation = Pictures.Animation(images);
        await using ChromiumPage browser = await Reader();

        Read png = await Decode(browser, "image/png", animation.ToPng()), gif = await Decode(browser, "image/gif", animation.ToGif());
        for (int i = 0; i < images.Length; i++)
        {
            byte[] expected = Rgb(images[i]), seen = Rgb(gif.Frames[i]);
            CollectionAssert.AreEqual(expected, Rgb(png.Frames[i]));
            int[] colors = Enumerable.Range(0, seen.Length / 3).Select(p => seen[3 * p] << 16 | seen[3 * p + 1] << 8 | seen[3 * p + 2])
                .Distinct().ToArray();
            Assert.IsTrue(colors.Length is > 128 and <= 256, $"{colors.Length} colours");

            // A 16x16 grid of cells of 16 levels is the best there is: each channel is off by (16² - 4²) / 12, squared, as levels are 4 apart.
            double best = 2.0 / 3 * (256 - 16) / 12, error = expected.Zip(seen, (a, b) => Math.Pow(a - b, 2)).Average();
            Assert.IsTrue(error < 1.25 * best, $"a mean squared error of {error} where {best} can be had");
        }
    }

    [TestMethod]
    public void Another_reader_sees_the_first_frame()
    {
        MLImage[] images = [Noise(30, 20, 256), Noise(30, 20, 256)];
        ImageAnimation animation = Pictures.Animation(images);
        foreach (byte[] file in new[] { animation.ToGif(), animation.ToPng() })
        {
            using MLImage first = MLImage.CreateFromStream(new MemoryStream(file));
            CollectionAssert.AreEqual(Rgb(images[0]), Rgb(first));
        }
    }

    [TestMethod]
    public void A_PNG_file_is_made_of_whole_chunks_in_order()
    {
        MLImage[] images = [Noise(9, 5, 256), Noise(9, 5, 256), Noise(9, 5, 256)];
        byte[] file = Pictures.Animation(images, delay: 250, plays: 7).ToPng();
        var chunks = new List<(string Type, byte[] Content)>();
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            Assert.AreEqual(Crc(file.AsSpan(at + 4, length + 4)), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            chunks.Add((Encoding.ASCII.GetString(file, at + 4, 4), file.AsSpan(at + 8, length).ToArray()));
            at += length + 12;
        }

        CollectionAssert.AreEqual(new[] { "IHDR", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "fcTL", "fdAT", "IEND" },
            chunks.Select(chunk => chunk.Type).ToArray());
        CollectionAssert.AreEqual(new byte[] { 0, 0, 0, 3, 0, 0, 0, 7 }, chunks[1].Content);
        int[] sequence = chunks.Where(chunk => chunk.Type is "fcTL" or "fdAT")
            .Select(chunk => BinaryPrimitives.ReadInt32BigEndian(chunk.Content)).ToArray();
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3, 4 }, sequence);

        // The polynomial's own check value.
        Assert.AreEqual(0xCBF43926, Crc("123456789"u8));
    }

    [TestMethod]
    public void It_saves_by_the_name_and_whole()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            ImageAnimation animation = Pictures.Animation([Noise(4, 4, 16), Noise(4, 4, 16)]);
            foreach ((string name, byte[] expected) in new[] { ("a.gif", animation.ToGif()), ("a.PNG", animation.ToPng()),
                ("a.apng", animation.ToPng()) })
            {
                string path = Path.Combine(folder.FullName, name);
                File.WriteAllText(path, "older");
                animation.Save(path);
                CollectionAssert.AreEqual(expected, File.ReadAllBytes(path));
            }
            Assert.AreEqual(3, folder.GetFiles().Length);
            StringAssert.Contains(Assert.Throws<ArgumentException>(() => animation.Save("a.mp4")).Message,
                "'a.mp4' ends in '.mp4', but an animation is saved as .gif, .png or .apng.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void Grids_become_animations()
    {
        var grid = new ImageGrid([Noise(4, 4, 16)], padding: 1);
        var animation = new ImageAnimation([grid, grid], delay: 1_500);
        Assert.AreEqual((2, 6, 6), (animation.Count, animation.Width, animation.Height));
        Assert.AreEqual("2 images, 6x6 pixels, 3 s", animation.ToString());
    }

    [TestMethod]
    public void Nonsense_is_refused_by_name()
    {
        MLImage image = Noise(4, 4, 16);
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => Pictures.Animation([])).Message,
            "There are no images to show.");
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => Pictures.Animation([image, Noise(5, 4, 16)])).Message,
            "image 1 is 5x4, the first is 4x4");
        Assert.AreEqual("delay", Assert.Throws<ArgumentOutOfRangeException>(() => Pictures.Animation([image], delay: 19)).ParamName);
        Assert.AreEqual("lastDelay", Assert.Throws<ArgumentOutOfRangeException>(() =>
            Pictures.Animation([image], lastDelay: 70_000)).ParamName);
        Assert.AreEqual("plays", Assert.Throws<ArgumentOutOfRangeException>(() => Pictures.Animation([image], plays: -1)).ParamName);
        Assert.Throws<ArgumentNullException>(() => new ImageAnimation((IEnumerable<GeneratedImage>)null!));
    }

    private static async Task<ChromiumPage> Reader()
    {
        // Images are decoded for pages of this machine, or of https, alone.
        const string Address = "http://localhost/";
        ChromiumPage browser = await Chromium.Open();
        await browser.Page.RouteAsync(Address, route => route.FulfillAsync(new() { ContentType = "text/html", Body = Decoder }));
        await browser.Page.GotoAsync(Address);
        return browser;
    }

    private static Task<Read> Decode(ChromiumPage browser, string type, byte[] file) =>
        browser.Page.EvaluateAsync<Read>("([type, base64]) => read(type, base64)", new[] { type, Convert.ToBase64String(file) });

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++)
                sum = (sum & 1) != 0 ? sum >> 1 ^ 0xEDB88320 : sum >> 1;
        }
        return ~sum;
    }

    private static (byte, byte, byte) Grey(int level) => ((byte)level, (byte)level, (byte)level);

    private static MLImage Noise(int width, int height, int levels)
    {
        var random = new Random(width * height + levels);
        return Image(width, height, (_, _) => Grey(random.Next(levels)));
    }

    private static MLImage Image(int width, int height, Func<int, int, (byte R, byte G, byte B)> color)
    {
        var pixels = new byte[width * height * 4];
        for (int i = 0; i < width * height; i++)
        {
            (byte r, byte g, byte b) = color(i % width, i / width);
            new[] { r, g, b, byte.MaxValue }.CopyTo(pixels, 4 * i);
        }
        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, pixels);
    }

    private static byte[] Rgb(MLImage image) => image.GetBGRPixels.Chunk(3).SelectMany(pixel => pixel.Reverse()).ToArray();

    private static byte[] Rgb(Frame frame) => Convert.FromBase64String(frame.Pixels).Chunk(4).SelectMany(pixel => pixel[..3]).ToArray();

    private sealed record Read
    {
        public int Plays { get; set; }

        public Frame[] Frames { get; set; } = [];
    }

    private sealed record Frame
    {
        public int Width { get; set; }

        public int Height { get; set; }

        public double Milliseconds { get; set; }

        public string Pixels { get; set; } = "";
    }
}
