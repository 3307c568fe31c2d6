using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Dcgan.Tests.Browser;

/// <summary>A Chromium without a window, with one page, which reaches this machine and no other.</summary>
internal sealed class HeadlessBrowser : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly DirectoryInfo _profile;
    private readonly ConcurrentQueue<string> _requests = [];
    private readonly ConcurrentQueue<string> _errors = [];
    private DevTools? _tools;

    private HeadlessBrowser(string program)
    {
        _profile = Directory.CreateTempSubdirectory("dcgan-browser-");
        _process = Process.Start(new ProcessStartInfo(program,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-proxy-server",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
            "--remote-debugging-port=0", $"--user-data-dir={_profile.FullName}", "about:blank",
        ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        // Read, so that it does not wait for a reader.
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>What the page asked for since it was opened, in order: its own address, and "data:" ones too.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>What the page's scripts threw or wrote as errors, and what could not be loaded.</summary>
    public IReadOnlyList<string> Errors => [.. _errors];

    private DevTools Tools => _tools!;

    /// <summary>Starts one. Where there is no Chromium, the test is skipped.</summary>
    public static async Task<HeadlessBrowser> Start()
    {
        var browser = new HeadlessBrowser(Needs.Chromium());
        try
        {
            await browser.Connect();
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens an address and waits until all of it is loaded.</summary>
    public async Task Open(string address)
    {
        _requests.Clear();
        _errors.Clear();
        Task loaded = Tools.Next("Page.loadEventFired");
        JsonNode answer = await Tools.Send("Page.navigate", new() { ["url"] = address });
        if ((string?)answer["errorText"] is { } error)
            throw new InvalidOperationException($"'{address}' cannot be opened: {error}");
        await loaded;
    }

    /// <summary>Opens a file.</summary>
    public Task OpenFile(string path) => Open(new Uri(Path.GetFullPath(path)).AbsoluteUri);

    /// <summary>The value of an expression in the page, a promise's once it is kept.</summary>
    /// <exception cref="InvalidOperationException">It throws; the message says what.</exception>
    public async Task<T> Evaluate<T>(string script)
    {
        JsonNode answer = await Tools.Send("Runtime.evaluate",
            new() { ["expression"] = script, ["returnByValue"] = true, ["awaitPromise"] = true });
        if (answer["exceptionDetails"] is { } failure)
            throw new InvalidOperationException($"{script}: {failure["exception"]?["description"] ?? failure["text"]}");
        return answer["result"]!["value"].Deserialize<T>()!;
    }

    /// <summary>Waits until an expression is true.</summary>
    public async Task Until(string condition)
    {
        var clock = Stopwatch.StartNew();
        while (!await Evaluate<bool>($"!!({condition})"))
        {
            if (clock.Elapsed > _patience)
                throw new TimeoutException($"{condition} did not become true; errors: {string.Join("; ", Errors)}");
            await Task.Delay(50);
        }
    }

    /// <summary>Sets the size of what is seen of a page, in CSS pixels, and whether it is a telephone's; and the colours it is asked for.</summary>
    public async Task SetViewport(int width, int height, bool mobile = false, bool dark = false)
    {
        await Tools.Send("Emulation.setDeviceMetricsOverride",
            new() { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = mobile });
        await Tools.Send("Emulation.setEmulatedMedia", new()
        {
            ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }),
        });
    }

    /// <summary>Presses the mouse at a point of the page, moves it to others, one after another, and lets go.</summary>
    /// <param name="points">In CSS pixels of what is seen.</param>
    /// <param name="moved">Is called after each move.</param>
    public async Task Drag(IReadOnlyList<(double X, double Y)> points, Func<int, Task>? moved = null)
    {
        await Mouse("mousePressed", points[0]);
        for (int i = 1; i < points.Count; i++)
        {
            await Mouse("mouseMoved", points[i]);
            if (moved != null)
                await moved(i);
        }
        await Mouse("mouseReleased", points[^1]);
    }

    /// <summary>What is seen, as a PNG file's bytes.</summary>
    /// <param name="wholePage">Whether what scrolling would bring up is in it too.</param>
    public async Task<byte[]> Screenshot(bool wholePage = false)
    {
        JsonNode answer = await Tools.Send("Page.captureScreenshot", new() { ["format"] = "png", ["captureBeyondViewport"] = wholePage });
        return Convert.FromBase64String((string)answer["data"]!);
    }

    public async ValueTask DisposeAsync()
    {
        if (_tools != null)
            await _tools.DisposeAsync();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        DeleteProfile();
    }

    private Task Mouse(string what, (double X, double Y) point) => Tools.Send("Input.dispatchMouseEvent",
        new() { ["type"] = what, ["x"] = point.X, ["y"] = point.Y, ["button"] = "left", ["buttons"] = 1, ["clickCount"] = 1 });

    private async Task Connect()
    {
        // It tells by a file on which port it listens.
        string file = Path.Combine(_profile.FullName, "DevToolsActivePort");
        var clock = Stopwatch.StartNew();
        string[] lines;
        while ((lines = File.Exists(file) ? await File.ReadAllLinesAsync(file) : []).Length < 2)
        {
            if (clock.Elapsed > _patience || _process.HasExited)
                throw new TimeoutException("Chromium does not start.");
            await Task.Delay(50);
        }

        using var http = new HttpClient(new HttpClientHandler { UseProxy = false });
        JsonArray targets = JsonNode.Parse(await http.GetStringAsync($"http://127.0.0.1:{lines[0]}/json/list"))!.AsArray();
        _tools = await DevTools.Connect((string)targets.First(target => (string?)target!["type"] == "page")!["webSocketDebuggerUrl"]!,
            Note);
        foreach (string part in new[] { "Page", "Network", "Runtime", "Log" })
            await _tools.Send($"{part}.enable");
    }

    private void Note(string happening, JsonNode what)
    {
        if (happening == "Network.requestWillBeSent")
            _requests.Enqueue((string)what["request"]!["url"]!);
        else if (happening == "Runtime.exceptionThrown")
            _errors.Enqueue((string?)what["exceptionDetails"]!["exception"]?["description"] ?? (string)what["exceptionDetails"]!["text"]!);
        else if (happening == "Runtime.consoleAPICalled" && (string?)what["type"] == "error")
            _errors.Enqueue(what["args"]!.ToJsonString());
        else if (happening == "Log.entryAdded" && (string?)what["entry"]!["level"] == "error")
            _errors.Enqueue($"{what["entry"]!["text"]} {what["entry"]!["url"]}");
    }

    private void DeleteProfile()
    {
        try
        {
            _profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A process of its tree wrote as it ended; the system clears this folder in time.
        }
    }
}
