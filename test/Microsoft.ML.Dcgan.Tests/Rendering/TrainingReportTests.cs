using System.Text.RegularExpressions;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Pictures;
using Microsoft.ML.Dcgan.Tool.Pictures;
using Microsoft.ML.Dcgan.Tool.Report;
using Microsoft.Playwright;

namespace Microsoft.ML.Dcgan.Tests.Rendering;

/// <summary>The report as a person sees it, in Chromium.</summary>
[TestClass]
public sealed class TrainingReportTests
{
    private const string Hostile = "<script>document.title = 'broken'</script>\"'&";
    private static readonly MLContext _ml = new(seed: 1);
    private static readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dcgan-report-");
    private static DcganTransformer _gan = null!;
    private static string _page = "";

    [ClassInitialize]
    public static void Train(TestContext _)
    {
        var record = new TrainingRecord(Path.Combine(_folder.FullName, "run"));
        DcganEstimator.Options options = Pictures.SmallOptions(epochs: 12);
        options.OutputColumnName = Hostile;
        options.ProgressInterval = 1;
        options.LearningRate = 3e-3;
        options.SampleInterval = 20;
        options.HealthInterval = 20;
        options.EvaluationInterval = 40;
        options.EvaluationSamples = 8;
        record.Attach(options);
        IDataView images = Pictures.View(_ml, 10, 16, 12, 3);
        _gan = _ml.Transforms.Dcgan(options).Fit(images);
        _page = Path.Combine(_folder.FullName, "report.html");
        new TrainingReport(_gan)
        {
            Title = Hostile,
            ModelPath = "a \"model\" of <mine>.zip",
            Record = record,
            RealPictures = Files(10, 16, 12),
            Metrics = _ml.ImageGeneration().Evaluate(images, _gan.Transform(_gan.SampleNoise(10)), "Pixels", Hostile),
        }.Save(_page);
    }

    [ClassCleanup]
    public static void Clean()
    {
        _gan.Dispose();
        _folder.Delete(recursive: true);
    }

    [TestMethod]
    [DataRow(1280, 800, false, false)]
    [DataRow(390, 844, true, false)]
    [DataRow(390, 844, true, true)]
    public async Task It_fits_a_desk_and_a_telephone_and_needs_nothing_from_elsewhere(int width, int height, bool mobile, bool dark)
    {
        await using ChromiumPage browser = await Chromium.Open(width, height, mobile, dark);
        IPage page = browser.Page;
        await browser.OpenFile(_page);

        Assert.AreEqual(width, await page.EvaluateAsync<int>("innerWidth"));
        Assert.AreEqual("", await page.EvaluateAsync<string>(
            "[...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll, pre, svg') && e.getBoundingClientRect().right > innerWidth + .5).map(e => e.outerHTML.slice(0, 80)).join()"));
        Assert.IsTrue(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways");
        Assert.AreEqual(Hostile, await page.EvaluateAsync<string>("document.title"));
        Assert.IsEmpty(browser.Errors, string.Join("; ", browser.Errors));
        CollectionAssert.AreEqual(Array.Empty<string>(), browser.Requests.Skip(1).Where(address => !address.StartsWith("data:")).ToArray());
        Assert.IsTrue(await page.EvaluateAsync<bool>(
            "[...document.images].filter(i => !i.hidden).every(i => i.complete && i.naturalWidth > 8)"), "a picture is not shown");
        foreach (string heading in new[] { "What it makes", "How they came to be", "Curves", "Health", "Compared with real pictures",
            "Nearest real pictures", "Options", "Machine", "Use it" })
            Assert.IsTrue(await page.EvaluateAsync<bool>($"[...document.querySelectorAll('h2')].some(h => h.textContent === '{heading}')"),
                heading);

        using MLImage seen = MLImage.CreateFromStream(new MemoryStream(await page.ScreenshotAsync()));
        int[] colors = seen.GetBGRPixels.Chunk(3).Select(pixel => pixel[0] << 16 | pixel[1] << 8 | pixel[2]).ToArray();
        Assert.IsTrue(colors.Distinct().Count() > 100, "the page is blank");
        Assert.AreEqual(dark ? 0x17110D : 0xFFFFFF, colors[0], "the paper's colour");
        await browser.Keep($"report-{width}{(dark ? "-dark" : "")}.png");
    }

    [TestMethod]
    public async Task The_slider_and_the_button_show_other_looks()
    {
        await using ChromiumPage browser = await Chromium.Open(390, 844, phone: true);
        IPage page = browser.Page;
        await browser.OpenFile(_page);
        const string Shown = "[...document.querySelectorAll('#frames img')].filter(i => i.getBoundingClientRect().height > 0).map(i => i.src).join('|')";

        string last = await page.EvaluateAsync<string>(Shown);
        Assert.AreEqual("after 120 images", await page.EvaluateAsync<string>("seen.textContent"));
        await page.EvaluateAsync<bool>("document.getElementById('frames').scrollIntoView(), true");
        byte[] before = await page.ScreenshotAsync();
        await page.EvaluateAsync<bool>("look.value = 0, look.dispatchEvent(new Event('input')), true");
        string first = await page.EvaluateAsync<string>(Shown);
        Assert.AreEqual("after 0 images", await page.EvaluateAsync<string>("seen.textContent"));
        Assert.AreNotEqual(last, first);
        CollectionAssert.AreNotEqual(before, await page.ScreenshotAsync());

        // What is shown is what was kept.
        var record = new TrainingRecord(Path.Combine(_folder.FullName, "run"));
        Assert.AreEqual($"data:image/png;base64,{Convert.ToBase64String(File.ReadAllBytes(record.Frames[0].Path))}", first);
        Assert.AreEqual($"data:image/png;base64,{Convert.ToBase64String(File.ReadAllBytes(record.Frames[^1].Path))}", last);

        // At once: it plays for a second.
        Assert.AreEqual("Stop", await page.EvaluateAsync<string>("play.click(), play.textContent"));
        await Assertions.Expect(page.Locator("#frames img:visible")).Not.ToHaveAttributeAsync("src", first);
        await Assertions.Expect(page.Locator("#play")).ToHaveTextAsync("Play", new() { Timeout = 30_000 });
        Assert.AreEqual(last, await page.EvaluateAsync<string>(Shown));
    }

    [TestMethod]
    public void Nothing_but_names_of_standards_is_from_elsewhere_and_all_text_is_escaped()
    {
        string html = File.ReadAllText(_page);
        CollectionAssert.AreEqual(new[] { "http://www.w3.org/2000/svg" },
            Regex.Matches(html, @"\w+://[^""'\s<)]+").Select(match => match.Value).Distinct().ToArray());
        Assert.IsFalse(html.Contains("<script>document"));
        Assert.IsFalse(html.Contains("<mine>"));
        StringAssert.Contains(html, "@&quot;a &quot;&quot;model&quot;&quot; of &lt;mine&gt;.zip&quot;");
    }

    [TestMethod]
    public void Options_that_were_set_come_first_and_all_are_there()
    {
        string html = File.ReadAllText(_page);
        string section = html[html.IndexOf("<h2>Options</h2>")..html.IndexOf("<h2>Machine</h2>")];
        string[] halves = section.Split("<details>");
        StringAssert.Contains(halves[0], "<td>LearningRate</td><td>0.003</td><td>0.002</td>");
        StringAssert.Contains(halves[0], "<td>SampleInterval</td><td>20</td><td>0</td>");
        StringAssert.Contains(halves[0], "<td>EvaluationSamples</td><td>8</td><td>5000</td>");
        StringAssert.Contains(halves[0], "<td>NoiseSize</td><td>6</td><td>100</td>");
        StringAssert.Contains(halves[1], "<td>Beta1</td><td>0</td>");
        Assert.IsFalse(halves[0].Contains("Beta1"));

        // What is left out is of the run.
        string[] known = typeof(DcganEstimator.Options).GetFields().Select(field => field.Name).ToArray();
        string[] missing = known.Where(name => !section.Contains($"<td>{name}</td>")).ToArray();
        CollectionAssert.AreEquivalent(new[] { "Device", "CacheFolder", "Progress", "Samples", "CancellationToken", "EvaluationFeatures",
            "ImageColumnName" }, missing);
    }

    [TestMethod]
    public void Pictures_that_a_model_makes_are_nearest_to_themselves()
    {
        IReadOnlyList<GeneratedImage> made = _gan.Generate(8);
        foreach ((GeneratedImage image, int i) in made.Select((image, i) => (image, i)))
            image.Save(Path.Combine(_folder.FullName, $"made-{i}.png"));
        IEnumerable<Picture> files = made.Select((_, i) => new Picture(Path.Combine(_folder.FullName, $"made-{i}.png"), ""));
        string html = new TrainingReport(_gan) { RealPictures = [.. Files(4, 16, 12), .. files] }.ToHtml();
        string[] nearest = [.. Regex.Matches(html, @"<figcaption>([\w.-]+) \(([^)]+)\)")
            .Select(match => $"{match.Groups[1]}: {match.Groups[2]}")];
        CollectionAssert.AreEqual(made.Select((_, i) => $"made-{i}.png: 0").ToArray(), nearest);
    }

    [TestMethod]
    public void Without_a_record_and_of_few_grey_pictures()
    {
        using DcganTransformer gan = _ml.Transforms.Dcgan(Pictures.SmallOptions()).Fit(Pictures.View(_ml, 4, 28, 28, 1));
        string html = new TrainingReport(gan) { RealPictures = Files(2, 28, 28) }.ToHtml();
        Assert.AreEqual(1 + 8, Regex.Count(html, "<img "));
        Assert.IsFalse(html.Contains("How they came to be"));
    }

    [TestMethod]
    public void Of_classes_it_says_how_to_make_one()
    {
        using DcganTransformer gan = LabelledPictures.Hasty(_ml);
        StringAssert.Contains(new TrainingReport(gan).ToHtml(), "gan.Generate(10, seed: 42, label: @&quot;bright&quot;)");
    }

    [TestMethod]
    public void Of_a_disposed_model_there_is_none()
    {
        DcganTransformer disposed = Pictures.SmallModel(_ml);
        disposed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => new TrainingReport(disposed).ToHtml());
    }

    private static Picture[] Files(int count, int height, int width) =>
        [.. Pictures.Files(Path.Combine(_folder.FullName, $"real-{height}"), count, height, width).Select(path => new Picture(path, ""))];
}
