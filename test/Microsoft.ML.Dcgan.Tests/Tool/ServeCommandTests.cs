using System.Net;
using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Tests.Build;
using Microsoft.ML.Dcgan.Tests.WebService;
using Microsoft.ML.Dcgan.Tool;
using Microsoft.ML.Dcgan.Tool.Commands;
using Microsoft.ML.Dcgan.Tool.Serving;
using Microsoft.Playwright;

namespace Microsoft.ML.Dcgan.Tests.Tool;

[TestClass]
public sealed class ServeCommandTests
{
    private static ToolFolder _folder = null!;
    private static ServedModel _served = null!;

    [ClassInitialize]
    public static void Start(TestContext _)
    {
        _folder = new ToolFolder();
        _served = new ServedModel(_folder.Model());
    }

    [ClassCleanup]
    public static void End()
    {
        _served.Dispose();
        _folder.Dispose();
    }

    [TestMethod]
    public async Task Its_pictures_are_those_that_generate_makes()
    {
        ToolRun.Done("generate", _folder["model.zip"], "--count", "1", "--seed", "7", "--out", _folder["one.png"]);
        byte[] expected = File.ReadAllBytes(_folder["one.png"]);
        CollectionAssert.AreEqual(expected, await _served.Client.GetByteArrayAsync("image?seed=7"));
        CollectionAssert.AreEqual(expected, await _served.Client.GetByteArrayAsync("latent?seed=7&moves=0,0"));
        CollectionAssert.AreNotEqual(expected, await _served.Client.GetByteArrayAsync("latent?seed=7&moves=4"));

        ToolRun.Done("generate", _folder["model.zip"], "--count", "9", "--seed", "7", "--out", _folder["grid.png"], "--grid");
        CollectionAssert.AreEqual(File.ReadAllBytes(_folder["grid.png"]), await _served.Client.GetByteArrayAsync("grid?seed=7&count=9"));
    }

    [TestMethod]
    public async Task A_class_may_be_asked_for()
    {
        using DcganTransformer gan = LabelledPictures.Hasty(new MLContext(seed: 1));
        File.WriteAllBytes(_folder["classes.zip"], ModelFile.Saved(gan, gan.SampleNoise(1)));
        using var served = new ServedModel(_folder["classes.zip"]);
        JsonNode model = JsonNode.Parse(await served.Client.GetStringAsync("model"))!;
        CollectionAssert.AreEqual(gan.Classes.ToArray(), model["classes"]!.AsArray().Select(name => (string?)name).ToArray());

        ToolRun.Done("generate", _folder["classes.zip"], "--count", "1", "--label", "bright", "--out", _folder["bright.png"]);
        CollectionAssert.AreEqual(File.ReadAllBytes(_folder["bright.png"]), await served.Client.GetByteArrayAsync("image?label=bright"));
        await Refused(served.Client, "image?label=cat", HttpStatusCode.BadRequest, "label is 'cat', but must be one of: ");
    }

    [TestMethod]
    [DataRow("image?seed=cat", HttpStatusCode.BadRequest, "seed is 'cat', but must be a whole number.")]
    [DataRow("grid?count=101", HttpStatusCode.BadRequest, "count is '101', but must be a whole number from 1 to 100.")]
    [DataRow("image?scale=1000", HttpStatusCode.BadRequest, "scale is '1000', but must be a whole number from 1 to 16.")]
    [DataRow("latent?moves=1,NaN", HttpStatusCode.BadRequest, "moves holds 'NaN', but must be numbers from -10 to 10")]
    [DataRow("model.zip", HttpStatusCode.NotFound, "There is no '/model.zip' here")]
    [DataRow("image/%2e%2e/%2e%2e/model.zip", HttpStatusCode.NotFound, "There is no '/model.zip' here")]
    [DataRow("..%2f..%2fetc%2fpasswd", HttpStatusCode.NotFound, "etc")]
    public async Task What_does_not_fit_is_named(string request, HttpStatusCode status, string message) =>
        await Refused(_served.Client, request, status, message);

    [TestMethod]
    public async Task Other_methods_and_long_addresses_are_refused()
    {
        await Refused(_served.Client, $"image?seed={new string('1', 2048)}", HttpStatusCode.RequestUriTooLong, "2048 letters");
        using HttpResponseMessage posted = await _served.Client.PostAsync("image", new ByteArrayContent(new byte[100]));
        Assert.AreEqual((HttpStatusCode.MethodNotAllowed, true), (posted.StatusCode, posted.Headers.ConnectionClose));
    }

    /// <summary>As a page of evil.example asks, whose name was made to mean this machine.</summary>
    [TestMethod]
    [DataRow("localhost", true)]
    [DataRow("127.0.0.1", true)]
    [DataRow("evil.example", false)]
    [DataRow("localhost.evil.example", false)]
    public async Task Only_this_machines_names_are_answered(string host, bool expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_served.Port}/model");
        request.Headers.Host = $"{host}:{_served.Port}";
        using HttpResponseMessage answer = await _served.Client.SendAsync(request);
        Assert.AreEqual(expected, answer.IsSuccessStatusCode);
        Assert.AreEqual(expected, (await answer.Content.ReadAsStringAsync()).Contains("directions"));
    }

    [TestMethod]
    public async Task Ctrl_C_ends_it_and_frees_the_port()
    {
        int port;
        using (var first = new ServedModel(_folder["model.zip"]))
        {
            port = first.Port;
            Assert.AreEqual(HttpStatusCode.OK, (await first.Client.GetAsync("image")).StatusCode);
            ToolRun.Fails(ExitCode.WrongUsage, ["serve", _folder["model.zip"], "--port", $"{port}"],
                $"port {port} is not to be had (", $"): take another, such as --port {port + 1}");
            ToolRun run = first.Stop();
            Assert.AreEqual(ExitCode.Interrupted, run.Code, run.Errors);
            StringAssert.Contains(run.Output, $"{_folder["model.zip"]} is at http://localhost:{port}/ until Ctrl-C");
            Assert.AreEqual("dcgan: interrupted", run.Errors.Trim());
        }
        using var second = new ServedModel(_folder["model.zip"], port);
        Assert.AreEqual(HttpStatusCode.OK, (await second.Client.GetAsync("image")).StatusCode);
    }

    [TestMethod]
    public async Task Too_many_requests_at_once_are_told_to_come_back_and_those_under_way_are_answered_at_the_end()
    {
        using DcganTransformer gan = Pictures.SmallModel(new MLContext(seed: 1));
        using var open = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        int port = ServedModel.FreePort();
        using var server = new PictureServer(gan, (noise, labels) =>
        {
            open.Wait();
            return gan.Generate(noise, labels);
        }, port, _ => { });
        Task serving = server.Serve(stop.Token);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://localhost:{port}/") };

        Task<HttpResponseMessage>[] asked = [.. Enumerable.Range(0, 9).Select(seed => client.GetAsync($"image?seed={seed}"))];
        Task<HttpResponseMessage> refused = await Task.WhenAny(asked);
        Assert.AreEqual(HttpStatusCode.ServiceUnavailable, (await refused).StatusCode);
        await stop.CancelAsync();
        await Task.Delay(100, CancellationToken.None);
        Assert.IsFalse(serving.IsCompleted);
        open.Set();
        await serving;
        foreach (Task<HttpResponseMessage> one in asked.Where(one => one != refused))
            Decoded.Png(await (await one).Content.ReadAsByteArrayAsync(CancellationToken.None));
    }

    [TestMethod]
    public async Task What_fails_is_said_at_the_terminal_and_not_to_the_browser()
    {
        using DcganTransformer gan = Pictures.SmallModel(new MLContext(seed: 1));
        using var stop = new CancellationTokenSource();
        int port = ServedModel.FreePort();
        var notes = new List<string>();
        using var server = new PictureServer(gan, (_, _) => throw new InvalidOperationException("secret"), port, notes.Add);
        Task serving = server.Serve(stop.Token);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://localhost:{port}/") };
        await Refused(client, "image", HttpStatusCode.InternalServerError, "The pictures could not be generated.");
        await stop.CancelAsync();
        await serving;
        CollectionAssert.AreEqual(new[] { "secret" }, notes);
    }

    [TestMethod]
    [DataRow("0")]
    [DataRow("65536")]
    [DataRow("-1")]
    public void A_port_that_is_none_is_refused(string port) => ToolRun.Fails(ExitCode.WrongUsage, ["serve", _folder["model.zip"], "--port", port],
        $"--port takes a whole number from 1 to 65535, not {port}");

    [TestMethod]
    public void The_only_model_at_hand_is_taken()
    {
        using var folder = new ToolFolder();
        Directory.CreateDirectory(folder["a-model"]);
        Directory.CreateDirectory(folder["b-model"]);
        StringAssert.Contains(Assert.Throws<UsageException>(() => ModelPath.OnlyIn(folder["."])).Message, "there is no model.zip here");
        File.WriteAllText(folder["b-model/model.zip"], "");
        Assert.AreEqual(folder["./b-model/model.zip"], ModelPath.OnlyIn(folder["."]));
        File.WriteAllText(folder["a-model/model.zip"], "");
        StringAssert.Contains(Assert.Throws<UsageException>(() => ModelPath.OnlyIn(folder["."])).Message, "there are 2 here: ");
    }

    /// <summary>ASP.NET Core is another framework, which not everyone has, and more to load.</summary>
    [TestMethod]
    public void It_takes_no_web_server_of_ASP_NET() => Assert.DoesNotContain("AspNetCore",
        string.Join(' ', typeof(CommandLineTool).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name)));

    [TestMethod]
    public async Task Its_page_is_the_web_services_and_works()
    {
        Assert.AreEqual(File.ReadAllText(Path.Combine(Checkout.Root, "samples/WebService/page.html")), await _served.Client.GetStringAsync(""));
        await using ChromiumPage browser = await Chromium.Open();
        await browser.Page.GotoAsync(_served.Client.BaseAddress!.AbsoluteUri);
        await browser.Page.WaitForFunctionAsync("picture.dataset.shown > 0");
        string before = await browser.Page.EvaluateAsync<string>("picture.toDataURL()");
        await browser.Page.GetByLabel("Direction 1", new() { Exact = true }).PressAsync("End");
        await browser.Page.WaitForFunctionAsync("before => picture.toDataURL() !== before", before);
        Assert.AreEqual("12x16", await browser.Page.EvaluateAsync<string>("`${picture.width}x${picture.height}`"));
        IDownload saved = await browser.Page.RunAndWaitForDownloadAsync(() => browser.Page.Locator("#save").ClickAsync());
        using MLImage image = MLImage.CreateFromFile(await saved.PathAsync());
        Assert.AreEqual((12 * 8, 16 * 8), (image.Width, image.Height));
        Assert.IsEmpty(browser.Errors, string.Join("; ", browser.Errors));
    }

    private static async Task Refused(HttpClient client, string request, HttpStatusCode status, string message)
    {
        using HttpResponseMessage answer = await client.GetAsync(request);
        Assert.AreEqual((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        StringAssert.Contains((string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"], message);
    }
}
