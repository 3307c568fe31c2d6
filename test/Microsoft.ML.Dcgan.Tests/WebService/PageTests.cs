using Microsoft.Playwright;

namespace Microsoft.ML.Dcgan.Tests.WebService;

/// <summary>The web service's page, in a browser.</summary>
[TestClass]
public sealed class PageTests
{
    private const string Picture = "document.getElementById('picture').toDataURL()";
    private static HostedService _service = null!;
    private static HostedService _withClasses = null!;

    [ClassInitialize]
    public static void Start(TestContext _)
    {
        _service = HostedService.Start();
        using DcganTransformer gan = LabelledPictures.Hasty(new MLContext(seed: 1));
        _withClasses = HostedService.Start(ModelFile.Saved(gan, gan.SampleNoise(1)));
    }

    [ClassCleanup]
    public static async Task Stop()
    {
        await _service.DisposeAsync();
        await _withClasses.DisposeAsync();
    }

    [TestMethod]
    public async Task The_picture_moves_as_a_slider_is_dragged()
    {
        await using ChromiumPage browser = await Open(_service);
        IPage page = browser.Page;
        ILocator slider = page.GetByRole(AriaRole.Slider, new() { Name = "Direction 1", Exact = true });
        Assert.AreEqual("12x16", await page.EvaluateAsync<string>("`${picture.width}x${picture.height}`"));

        string before = await page.EvaluateAsync<string>(Picture);
        LocatorBoundingBoxResult place = (await slider.BoundingBoxAsync())!;
        var seen = new List<string> { before };
        for (int i = 0; i < 6; i++)
        {
            await page.Mouse.MoveAsync(place.X + place.Width * (0.5f + 0.08f * i), place.Y + place.Height / 2);
            if (i == 0)
            {
                await page.Mouse.DownAsync();
                continue;
            }
            await page.WaitForFunctionAsync($"shown => !working && {Picture} !== shown", seen[^1]);
            seen.Add(await page.EvaluateAsync<string>(Picture));
        }
        await page.Mouse.UpAsync();
        Assert.AreEqual(6, seen.Distinct().Count(), "a picture for each position");
        Assert.IsGreaterThan(3, await slider.EvaluateAsync<double>("slider => slider.valueAsNumber"));

        // Many positions at once: the last one is shown, and few of the others are asked for.
        int requests = browser.Requests.Length;
        await slider.EvaluateAsync("slider => { for (let i = 0; i <= 100; i++) { slider.value = i / 20 - 5; slider.dispatchEvent(new Event('input')); } }");
        await page.WaitForFunctionAsync("!working");
        StringAssert.Contains(browser.Requests[^1], "moves=0%2C0");
        Assert.IsLessThan(10, browser.Requests.Length - requests);

        await page.GetByRole(AriaRole.Button, new() { Name = "Reset" }).ClickAsync();
        await page.WaitForFunctionAsync($"first => !working && {Picture} === first", before);
        Assert.IsEmpty(browser.Errors, string.Join("; ", browser.Errors));
        Assert.IsTrue(browser.Requests.All(address => address.StartsWith(_service.Address.AbsoluteUri, StringComparison.Ordinal)
            || address.StartsWith("data:", StringComparison.Ordinal)),
            string.Join(", ", browser.Requests));
    }

    [TestMethod]
    [DataRow(1280, 800, false)]
    [DataRow(360, 740, true)]
    public async Task It_fits_desks_and_telephones_and_all_can_use_it(int width, int height, bool phone)
    {
        await using ChromiumPage browser = await Open(_withClasses, width, height, phone);
        foreach (ColorScheme colors in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await browser.Page.EmulateMediaAsync(new() { ColorScheme = colors });
            await browser.CheckAccessibility(passes: 20);
            await browser.Keep($"web-service-{width}-{colors}.png");
        }
        Assert.IsEmpty(browser.Errors, string.Join("; ", browser.Errors));
    }

    [TestMethod]
    public async Task The_picture_stays_in_sight_while_the_last_slider_of_a_telephone_is_moved()
    {
        await using ChromiumPage browser = await Open(_withClasses, 360, 740, phone: true);
        ILocator last = browser.Page.GetByRole(AriaRole.Slider).Last;
        await last.ScrollIntoViewIfNeededAsync();
        LocatorBoundingBoxResult picture = (await browser.Page.Locator("#picture").BoundingBoxAsync())!;
        LocatorBoundingBoxResult slider = (await last.BoundingBoxAsync())!;
        Assert.IsGreaterThanOrEqualTo(0, picture.Y);
        Assert.IsLessThanOrEqualTo(slider.Y + 1, picture.Y + picture.Height, "the picture covers the slider");
        Assert.IsLessThanOrEqualTo(740, slider.Y + slider.Height);
    }

    [TestMethod]
    public async Task All_of_it_works_by_keyboard()
    {
        await using ChromiumPage browser = await Open(_withClasses);
        IPage page = browser.Page;
        const string Focused = "(e => e.labels?.[0]?.firstChild.textContent.trim() ?? e.textContent)(document.activeElement)";
        var order = new List<string>();
        for (int i = 0; i < 11; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            order.Add(await page.EvaluateAsync<string>(Focused));
            Assert.IsGreaterThanOrEqualTo(2, await page.EvaluateAsync<double>("parseFloat(getComputedStyle(document.activeElement).outlineWidth)"),
                $"one does not see that {order[^1]} is focused");
        }
        CollectionAssert.AreEqual(new[] { "Class", "Direction 1", "Direction 2", "Direction 3", "Direction 4", "Direction 5", "Direction 6",
            "Another", "Wander", "Reset", "Save" }, order);

        await Changes(page, "Class", "ArrowDown", "label=dark");
        await Changes(page, "Direction 2", "End", "moves=0%2C5%2C0");
        await Changes(page, "Direction 2", "ArrowLeft", "moves=0%2C4.95%2C0");
        Assert.AreEqual("5.0", await page.Locator("output").Nth(1).TextContentAsync());
        await Changes(page, "Reset", "Enter", "moves=0%2C0%2C0");
        await Changes(page, "Another", "Space", "");
        Assert.AreNotEqual("1", await page.EvaluateAsync<string>("new URL(save.href).searchParams.get('seed')"));
        await Changes(page, "Wander", "Enter", "");
        Assert.AreEqual("true", await page.Locator("#wander").GetAttributeAsync("aria-pressed"));
        await page.Keyboard.PressAsync("Enter");
        Assert.AreEqual("false", await page.Locator("#wander").GetAttributeAsync("aria-pressed"));

        await page.Locator("#save").FocusAsync();
        IDownload saved = await page.RunAndWaitForDownloadAsync(() => page.Keyboard.PressAsync("Enter"));
        Assert.AreEqual("picture.png", saved.SuggestedFilename);
    }

    [TestMethod]
    public async Task A_busy_service_is_said_and_waited_for()
    {
        await using ChromiumPage browser = await Open(_service);
        IPage page = browser.Page;
        await page.RouteAsync("**/latent?*", route => route.FulfillAsync(new() { Status = 503 }));
        await page.GetByRole(AriaRole.Button, new() { Name = "Another" }).ClickAsync();
        ILocator status = page.GetByRole(AriaRole.Status);
        await status.GetByText("The service is busy; trying again").WaitForAsync();
        string before = await page.EvaluateAsync<string>(Picture);
        await page.UnrouteAllAsync();
        await page.WaitForFunctionAsync($"shown => {Picture} !== shown", before);
        Assert.AreEqual("", await status.TextContentAsync());
    }

    // Presses a key where something is focused, and waits for the picture of an address that holds a text.
    private static async Task Changes(IPage page, string name, string key, string address)
    {
        ILocator control = page.GetByLabel(name, new() { Exact = true }).Or(page.GetByRole(AriaRole.Button, new() { Name = name }));
        await control.FocusAsync();
        double shown = await page.EvaluateAsync<double>("Number(picture.dataset.shown)");
        await page.Keyboard.PressAsync(key);
        await page.WaitForFunctionAsync("([shown, address]) => Number(picture.dataset.shown) > shown && save.href.includes(address)",
            new object[] { shown, address });
    }

    private static async Task<ChromiumPage> Open(HostedService service, int width = 1200, int height = 800, bool phone = false)
    {
        ChromiumPage browser = await Chromium.Open(width, height, phone);
        await browser.Page.GotoAsync(service.Address.AbsoluteUri);
        await browser.Page.WaitForFunctionAsync("document.getElementById('picture').dataset.shown > 0");
        return browser;
    }
}
