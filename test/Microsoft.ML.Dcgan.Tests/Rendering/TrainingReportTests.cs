using System.Text.RegularExpressions;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Pictures;
using Microsoft.ML.Dcgan.Tests.Browser;

namespace Microsoft.ML.Dcgan.Tests.Rendering;

/// <summary>The report as a person sees it, in Chromium. With the environment variable KEEP_SCREENSHOTS, a folder, what it looks like is kept there.</summary>
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
        options.LearningRate = 2e-3;
        options.SampleInterval = 20;
        options.HealthInterval = 20;
        options.EvaluationInterval = 40;
        options.EvaluationSamples = 8;
        record.Attach(options);
        IDataView images = Pictures.View(_ml, 10, 16, 12, 3);
        _gan = _ml.Transforms.Dcgan(options).Fit(images);
        _page = Path.Combine(_folder.FullName, "report.html");
        TrainingReport.Save(_page, _gan, record, new TrainingReportOptions
        {
            Title = Hostile,
            ModelPath = "a \"model\" of <mine>.zip",
            Dataset = images,
            ImageColumnName = "Pixels",
            Metrics = _ml.ImageGeneration().Evaluate(images, _gan.Transform(_gan.SampleNoise(10)), "Pixels", Hostile),
        });
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
        await using HeadlessBrowser browser = await HeadlessBrowser.Start();
        await browser.SetViewport(width, height, mobile, dark);
        await browser.OpenFile(_page);

        Assert.AreEqual(width, await browser.Evaluate<int>("innerWidth"));
        Assert.AreEqual("", await browser.Evaluate<string>(
            "[...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll, pre, svg') && e.getBoundingClientRect().right > innerWidth + .5).map(e => e.outerHTML.slice(0, 80)).join()"));
        Assert.IsTrue(await browser.Evaluate<bool>("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways");
        Assert.AreEqual(Hostile, await browser.Evaluate<string>("document.title"));
        Assert.AreEqual(0, browser.Errors.Count, string.Join("; ", browser.Errors));
        CollectionAssert.AreEqual(Array.Empty<string>(), browser.Requests.Skip(1).Where(address => !address.StartsWith("data:")).ToArray());
        Assert.IsTrue(await browser.Evaluate<bool>("[...document.images].filter(i => !i.hidden).every(i => i.complete && i.naturalWidth > 8)"), "a picture is not shown");
        foreach (string heading in new[] { "What it makes", "How they came to be", "Curves", "Health", "Compared with real pictures", "Nearest training pictures", "Options", "Machine", "Use it" })
            Assert.IsTrue(await browser.Evaluate<bool>($"[...document.querySelectorAll('h2')].some(h => h.textContent === '{heading}')"), heading);

        using MLImage seen = MLImage.CreateFromStream(new MemoryStream(await browser.Screenshot()));
        int[] colors = seen.GetBGRPixels.Chunk(3).Select(pixel => pixel[0] << 16 | pixel[1] << 8 | pixel[2]).ToArray();
        Assert.IsTrue(colors.Distinct().Count() > 100, "the page is blank");
        Assert.AreEqual(dark ? 0x17110D : 0xFFFFFF, colors[0], "the paper's colour");
        await Keep(browser, $"report-{width}{(dark ? "-dark" : "")}.png");
    }

    [TestMethod]
    public async Task The_slider_and_the_button_show_other_looks()
    {
        await using HeadlessBrowser browser = await HeadlessBrowser.Start();
        await browser.SetViewport(390, 844, mobile: true);
        await browser.OpenFile(_page);
        const string Shown = "[...document.querySelectorAll('#frames img')].filter(i => i.getBoundingClientRect().height > 0).map(i => i.src).join('|')";

        string last = await browser.Evaluate<string>(Shown);
        Assert.AreEqual("after 120 images", await browser.Evaluate<string>("seen.textContent"));
        await browser.Evaluate<bool>("document.getElementById('frames').scrollIntoView(), true");
        byte[] before = await browser.Screenshot();
        await browser.Evaluate<bool>("look.value = 0, look.dispatchEvent(new Event('input')), true");
        string first = await browser.Evaluate<string>(Shown);
        Assert.AreEqual("after 0 images", await browser.Evaluate<string>("seen.textContent"));
        Assert.AreNotEqual(last, first);
        CollectionAssert.AreNotEqual(before, await browser.Screenshot());

        // What is shown is what was kept.
        var record = new TrainingRecord(Path.Combine(_folder.FullName, "run"));
        Assert.AreEqual($"data:image/png;base64,{Convert.ToBase64String(File.ReadAllBytes(record.Frames[0].Path))}", first);
        Assert.AreEqual($"data:image/png;base64,{Convert.ToBase64String(File.ReadAllBytes(record.Frames[^1].Path))}", last);

        await browser.Evaluate<bool>("play.click(), true");
        await browser.Until($"{Shown} !== `{first}` && play.textContent === 'Stop'");
        await browser.Until("play.textContent === 'Play'");
        Assert.AreEqual(last, await browser.Evaluate<string>(Shown));
    }

    [TestMethod]
    public void Nothing_but_names_of_standards_is_from_elsewhere_and_all_text_is_escaped()
    {
        string html = File.ReadAllText(_page);
        CollectionAssert.AreEqual(new[] { "http://www.w3.org/2000/svg" }, Regex.Matches(html, @"\w+://[^""'\s<)]+").Select(match => match.Value).Distinct().ToArray());
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
        StringAssert.Contains(halves[0], "<td>LearningRate</td><td>0.002</td><td>0.001</td>");
        StringAssert.Contains(halves[0], "<td>SampleInterval</td><td>20</td><td>0</td>");
        StringAssert.Contains(halves[0], "<td>EvaluationSamples</td><td>8</td><td>5000</td>");
        StringAssert.Contains(halves[0], "<td>NoiseSize</td><td>6</td><td>100</td>");
        StringAssert.Contains(halves[1], "<td>Beta1</td><td>0.5</td>");
        Assert.IsFalse(halves[0].Contains("Beta1"));

        // What is left out is of the run.
        string[] known = typeof(DcganEstimator.Options).GetFields().Select(field => field.Name).ToArray();
        string[] missing = known.Where(name => !section.Contains($"<td>{name}</td>")).ToArray();
        CollectionAssert.AreEquivalent(new[] { "Device", "CacheFolder", "Progress", "Samples", "CancellationToken", "EvaluationFeatures", "ImageColumnName" }, missing);
    }

    [TestMethod]
    public void Without_a_record_and_of_few_grey_pictures_in_flat_vectors()
    {
        IDataView flat = Pictures.View(_ml, Enumerable.Range(0, 2).Select(i => Pictures.Pixels(i, 28, 28, 1)), 28 * 28);
        using DcganTransformer gan = _ml.Transforms.Dcgan(Pictures.SmallOptions()).Fit(flat);
        string html = TrainingReport.ToHtml(gan, options: new TrainingReportOptions { Dataset = flat, ImageColumnName = "Pixels" });
        Assert.AreEqual(1 + 8, Regex.Count(html, "<img "));
        Assert.IsFalse(html.Contains("How they came to be"));
    }

    [TestMethod]
    public void Of_classes_it_says_how_to_make_one()
    {
        using DcganTransformer gan = LabelledPictures.Hasty(_ml);
        StringAssert.Contains(TrainingReport.ToHtml(gan), "gan.Generate(count: 10, label: @&quot;bright&quot;, seed: 42)");
    }

    [TestMethod]
    public void What_it_cannot_show_is_refused()
    {
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() => TrainingReport.ToHtml(_gan, options: new() { Samples = 0 })).Message,
            "Samples is 0, but it must be from 1 to 1,000. The default is 36.");
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() => TrainingReport.ToHtml(_gan, options: new() { Dataset = Pictures.View(_ml, 10, 16, 12, 3), ImageColumnName = "Missing" })).Message,
            "Could not find input column 'Missing'");
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() => TrainingReport.ToHtml(_gan, options: new() { Dataset = Pictures.View(_ml, 10, 8, 8, 3), ImageColumnName = "Pixels" })).Message,
            "the model was trained on images of");
        DcganTransformer disposed = Pictures.SmallModel(_ml);
        disposed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => TrainingReport.ToHtml(disposed));
    }

    [TestMethod]
    public void Few_of_many_looks_are_chosen_evenly() =>
        CollectionAssert.AreEqual(new[] { 0, 33, 66, 99 }, EvenChoice.Of(Enumerable.Range(0, 100).ToArray(), 4).ToArray());

    internal static async Task Keep(HeadlessBrowser browser, string name)
    {
        if (Environment.GetEnvironmentVariable("KEEP_SCREENSHOTS") is { Length: > 0 } folder)
            await File.WriteAllBytesAsync(Path.Combine(Directory.CreateDirectory(folder).FullName, name), await browser.Screenshot(wholePage: true));
    }
}
