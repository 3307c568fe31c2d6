using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Microsoft.ML.Dcgan.Tests;

/// <summary>A Chromium without a window, started once for all tests, which reaches this machine and no other.</summary>
internal static class Chromium
{
    private static readonly string[] _arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ];

    private static IPlaywright? _playwright;
    private static IBrowser? _browser;

    /// <summary>Opens an empty page that shares nothing with others. Where there is no Chromium, the test is skipped.</summary>
    /// <param name="width">Of what is seen, in CSS pixels.</param>
    /// <param name="height">The same.</param>
    /// <param name="phone">Whether it is a telephone's: touched, and as wide as the page asks to be.</param>
    /// <param name="dark">Whether pages are asked for dark colours.</param>
    public static async Task<ChromiumPage> Open(int width = 1280, int height = 800, bool phone = false, bool dark = false)
    {
        string program = Needs.Chromium();
        _playwright ??= await Playwright.Playwright.CreateAsync();
        _browser ??= await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = _arguments });
        IBrowserContext context = await _browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            IsMobile = phone,
            HasTouch = phone,
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
        return new ChromiumPage(await context.NewPageAsync());
    }

    public static async Task Close()
    {
        if (_browser != null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
    }
}

/// <summary>A page, and what it asked for and complained of since it was opened.</summary>
internal sealed class ChromiumPage : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<string> _requests = [];
    private readonly List<string> _errors = [];

    public ChromiumPage(IPage page)
    {
        Page = page;
        page.Request += (_, request) => Note(_requests, request.Url);
        page.PageError += (_, error) => Note(_errors, error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                Note(_errors, $"{message.Text} {message.Location}");
        };
    }

    public IPage Page { get; }

    /// <summary>Addresses, in order: the page's own, and "data:" ones too.</summary>
    public string[] Requests => Noted(_requests);

    /// <summary>What scripts threw or wrote as errors, and what could not be loaded.</summary>
    public string[] Errors => Noted(_errors);

    public Task OpenFile(string path) => Page.GotoAsync(new Uri(Path.GetFullPath(path)).AbsoluteUri);

    /// <summary>Whether all can use it: axe finds nothing wrong and leaves nothing open, it fits its screen, and fingers find what they press.</summary>
    public async Task CheckAccessibility(int passes)
    {
        Assert.IsTrue(await Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways");
        string[] small = await Page.EvaluateAsync<string[]>("""
            [...document.querySelectorAll('input, select, button, a')].map(e => [e, e.getBoundingClientRect()])
                .filter(([, box]) => box.height > 0 && Math.min(box.width, box.height) < 28).map(([e]) => e.outerHTML)
            """);
        Assert.IsEmpty(small, string.Join('\n', small));
        AxeResult result = await Page.RunAxe();
        Assert.IsGreaterThanOrEqualTo(passes, result.Passes.Length, "axe looked at little");
        string[] faults = [.. result.Violations.Concat(result.Incomplete).SelectMany(fault =>
            fault.Nodes.Select(node => $"{fault.Id}: {fault.Help}: {node.Html}"))];
        Assert.IsEmpty(faults, string.Join('\n', faults));
    }

    /// <summary>With the environment variable KEEP_SCREENSHOTS, a folder, all of the page is kept there as a picture.</summary>
    public async Task Keep(string name)
    {
        if (Environment.GetEnvironmentVariable("KEEP_SCREENSHOTS") is not { Length: > 0 } folder)
            return;
        // A page that is an SVG file has no body to measure.
        bool isHtml = await Page.EvaluateAsync<bool>("!!document.body");
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name), FullPage = isHtml });
    }

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();

    private void Note(List<string> notes, string note)
    {
        lock (_lock)
            notes.Add(note);
    }

    private string[] Noted(List<string> notes)
    {
        lock (_lock)
            return [.. notes];
    }
}
