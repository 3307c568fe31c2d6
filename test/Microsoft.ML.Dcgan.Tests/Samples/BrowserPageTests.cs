using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Tests.Build;
using Microsoft.Playwright;

namespace Microsoft.ML.Dcgan.Tests.Samples;

/// <summary>The page that draws from an exported generator, from a server that has nothing but its files and the models.</summary>
[TestClass]
public sealed class BrowserPageTests
{
    private const string Site = "samples/BrowserPage";
    private const string Shown = "picture.toDataURL()";
    private static readonly DirectoryInfo _models = Directory.CreateTempSubdirectory("dcgan-page-");
    private static readonly Dictionary<string, DcganTransformer> _gans = [];
    private static WebApplication _server = null!;

    [ClassInitialize]
    public static async Task Serve(TestContext _)
    {
        Export("grey", new(28, 28, 1, 100, 4, 4, 4));
        Export("color", new(48, 64, 3, 20, 4, 4, 4) { NoiseDistribution = DcganNoise.Uniform });
        Export("bytes", new(15, 12, 3, 6, 4, 4, 4), new() { BytePixels = true });
        Export("classes", new(16, 16, 3, 6, 4, 4, 4) { Classes = 3 });
        Export("one-hot", new(16, 16, 1, 6, 4, 4, 4) { Classes = 3 }, new() { OneHotLabels = true, InputName = "z", LabelName = "kind" });
        File.WriteAllText(Path.Combine(_models.FullName, "junk.onnx"), "junk");

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        var files = new FileServerOptions
        {
            FileProvider = new CompositeFileProvider(new PhysicalFileProvider(Path.Combine(Checkout.Root, Site)),
                new PhysicalFileProvider(_models.FullName)),
        };
        files.StaticFileOptions.ServeUnknownFileTypes = true;
        _server.UseFileServer(files);
        await _server.StartAsync();
    }

    [ClassCleanup]
    public static async Task Stop()
    {
        await _server.DisposeAsync();
        foreach (DcganTransformer gan in _gans.Values)
            gan.Dispose();
        _models.Delete(recursive: true);
    }

    [TestMethod]
    [DataRow("grey")]
    [DataRow("color")]
    [DataRow("bytes")]
    [DataRow("classes")]
    [DataRow("one-hot")]
    public async Task It_draws_what_the_transformer_generates(string model)
    {
        DcganTransformer gan = _gans[model];
        await using ChromiumPage browser = await Open(model);
        IPage page = browser.Page;
        float scale = gan.NoiseDistribution == DcganNoise.Uniform ? 0.7f : 1;
        float[] noise = [.. RandomModels.Noise(1, gan.NoiseSize).Select(number => number * scale)];
        double[] handedOver = Array.ConvertAll(noise, number => (double)number);
        string?[] classes = gan.Classes.Count == 0 ? [null] : [.. gan.Classes];
        Assert.AreEqual(gan.Classes.Count > 0, await page.GetByLabel("Class").IsVisibleAsync());
        var different = new HashSet<string>();
        foreach (string? label in classes)
        {
            if (label != null)
                await page.GetByLabel("Class").SelectOptionAsync(new SelectOptionValue { Label = label });
            string seen = await page.EvaluateAsync<string>("""
                async noise => {
                    await (await import('./page.js')).show(noise);
                    return btoa(String.fromCharCode(...picture.getContext('2d').getImageData(0, 0, picture.width, picture.height).data));
                }
                """, handedOver);
            different.Add(seen);
            GeneratedImage expected = gan.Generate([noise], label == null ? null : [label])[0];
            Assert.AreEqual($"{expected.Width}x{expected.Height}", await page.EvaluateAsync<string>("`${picture.width}x${picture.height}`"));
            // Red, green, blue there; the other way round here.
            byte[] actual = [.. Convert.FromBase64String(seen).Chunk(4).SelectMany(pixel => new[] { pixel[2], pixel[1], pixel[0], pixel[3] })];
            byte[] pixels = expected.Pixels.ToArray();
            Assert.HasCount(pixels.Length, actual);
            int apart = pixels.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second));
            Assert.IsLessThanOrEqualTo(2, apart, $"{label}: levels of 255");
            Assert.IsGreaterThan(20, pixels.Distinct().Count(), "a picture of one colour shows nothing");
        }
        Assert.HasCount(classes.Length, different);
        Assert.IsEmpty(browser.Errors, string.Join("; ", browser.Errors));
        Assert.IsTrue(browser.Requests.All(address => address.StartsWith(_server.Urls.First(), StringComparison.Ordinal)
            || address.StartsWith("data:", StringComparison.Ordinal)), string.Join(", ", browser.Requests));
    }

    [TestMethod]
    [DataRow(1280, 800, false)]
    [DataRow(360, 740, true)]
    public async Task It_fits_desks_and_telephones_and_all_can_use_it(int width, int height, bool phone)
    {
        await using ChromiumPage browser = await Open("classes", width, height, phone);
        await Filled(browser.Page);
        foreach (ColorScheme colors in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await browser.Page.EmulateMediaAsync(new() { ColorScheme = colors });
            await browser.CheckAccessibility(passes: 20);
            await browser.Keep($"browser-page-{width}-{colors}.png");
        }
        Assert.IsEmpty(browser.Errors, string.Join("; ", browser.Errors));
    }

    [TestMethod]
    public async Task Sliders_seeds_and_other_models_are_chosen_by_keyboard()
    {
        await using ChromiumPage browser = await Open("grey");
        IPage page = browser.Page;
        await Filled(page);
        string first = await page.EvaluateAsync<string>(Shown);
        Assert.AreEqual(13, await page.EvaluateAsync<int>("new Set([...document.querySelectorAll('canvas')].map(c => c.toDataURL())).size"));

        await Changes(page, page.GetByRole(AriaRole.Slider, new() { Name = "Noise 3" }), "End");
        Assert.AreEqual("4.00", await page.Locator("output").Nth(2).TextContentAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Reset" }).PressAsync("Enter");
        await page.WaitForFunctionAsync($"first => {Shown} === first", first);
        ILocator other = page.GetByRole(AriaRole.Button, new() { Name = "Picture 5" });
        string small = await other.Locator("canvas").EvaluateAsync<string>("canvas => canvas.toDataURL()");
        await other.PressAsync("Enter");
        await page.WaitForFunctionAsync($"small => {Shown} === small", small);
        await Changes(page, page.GetByRole(AriaRole.Button, new() { Name = "Another", Exact = true }), "Space");
        IDownload saved = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Save" }).PressAsync("Enter"));
        Assert.AreEqual("picture.png", saved.SuggestedFilename);

        await page.GetByLabel("Another model").SetInputFilesAsync(Path.Combine(_models.FullName, "color.onnx"));
        await page.WaitForFunctionAsync("picture.width === 64");
        Assert.AreEqual("1", await page.GetByRole(AriaRole.Slider).First.GetAttributeAsync("max"), "noise is uniform");
        await page.GetByLabel("Another model").SetInputFilesAsync(Path.Combine(_models.FullName, "junk.onnx"));
        ILocator said = page.GetByText("junk.onnx is not an ONNX model that can be read");
        await said.WaitForAsync();
        await Filled(page);
        Assert.IsTrue(await said.IsVisibleAsync(), "what is said stays while the pictures of the model before it are drawn");
        Assert.IsEmpty(browser.Errors, string.Join("; ", browser.Errors));
    }

    [TestMethod]
    [DataRow("color")]
    [DataRow("junk")]
    public async Task The_model_chosen_last_is_shown_whichever_is_read_first(string slow)
    {
        await using ChromiumPage browser = await Open("bytes");
        await browser.Page.EvaluateAsync("""
            async slow => {
                const { use } = await import('./page.js');
                const read = async name => (await fetch(name)).arrayBuffer();
                let arrive;
                const first = use(new Promise(resolve => arrive = resolve), slow);
                await use(read('grey.onnx'), 'grey.onnx');
                arrive(await read(slow));
                await first;
            }
            """, slow + ".onnx");
        Assert.AreEqual("28x28", await browser.Page.EvaluateAsync<string>("`${picture.width}x${picture.height}`"));
        Assert.AreEqual("", await browser.Page.Locator("#said").TextContentAsync());
        Assert.IsEmpty(browser.Errors, string.Join("; ", browser.Errors));
    }

    [TestMethod]
    public async Task What_is_missing_is_said_plainly()
    {
        await using ChromiumPage browser = await Chromium.Open();
        IPage page = browser.Page;
        Needs.NodeModules(Site);
        await page.GotoAsync(_server.Urls.First());
        await page.GetByText("There is no faces.onnx beside this page. Make one with: dcgan export model.zip --out faces.onnx").WaitForAsync();
        await page.GotoAsync($"{_server.Urls.First()}/?model=junk.onnx");
        await page.GetByText("junk.onnx is not an ONNX model that can be read").WaitForAsync();
        await page.RouteAsync("**/node_modules/**", route => route.FulfillAsync(new() { Status = 404 }));
        await page.GotoAsync($"{_server.Urls.First()}/?model=grey.onnx");
        await page.GetByText("In the folder of this page, run: npm install").WaitForAsync();
        Assert.IsFalse(await page.GetByRole(AriaRole.Slider).First.IsVisibleAsync());
        await browser.OpenFile(Path.Combine(Checkout.Root, Site, "index.html"));
        await page.GetByText("Open this page through a web server").WaitForAsync();
    }

    private static void Export(string name, NetworkShape shape, DcganOnnxOptions? options = null)
    {
        DcganTransformer gan = _gans[name] = RandomModels.Make(shape);
        gan.ExportOnnx(Path.Combine(_models.FullName, name + ".onnx"), options);
    }

    private static async Task<ChromiumPage> Open(string model, int width = 1280, int height = 800, bool phone = false)
    {
        Needs.NodeModules(Site);
        ChromiumPage browser = await Chromium.Open(width, height, phone);
        await browser.Page.GotoAsync($"{_server.Urls.First()}/?model={model}.onnx");
        await browser.Page.WaitForFunctionAsync("picture.width > 1");
        return browser;
    }

    private static Task Filled(IPage page) => page.WaitForFunctionAsync("document.querySelectorAll('#others button').length === 12");

    private static async Task Changes(IPage page, ILocator control, string key)
    {
        string before = await page.EvaluateAsync<string>(Shown);
        await control.PressAsync(key);
        await page.WaitForFunctionAsync($"before => {Shown} !== before", before);
    }
}
