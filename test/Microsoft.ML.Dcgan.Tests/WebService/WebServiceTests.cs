using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using static Microsoft.ML.Dcgan.Tests.GeneratedPictures;

namespace Microsoft.ML.Dcgan.Tests.WebService;

[TestClass]
public sealed class WebServiceTests
{
    private static readonly MLContext _ml = new(seed: 1);
    private static readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dcgan-web-");
    private static DcganTransformer _gan = null!;
    private static RunningService _service = null!;

    private static string Model => Path.Combine(_folder.FullName, "model.zip");

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        _gan = Pictures.SmallModel(_ml);
        _ml.Model.Save(_gan, _gan.SampleNoise(1).Schema, Model);
        _service = await RunningService.Start("--model", Model);
    }

    [ClassCleanup]
    public static void Stop()
    {
        _service.Dispose();
        _gan.Dispose();
        _folder.Delete(recursive: true);
    }

    [TestMethod]
    public async Task An_image_is_the_one_that_Generate_makes_of_the_seed()
    {
        CheckAlike(Bytes(_gan.Generate(1, seed: 7)[0]), await Pixels("image?seed=7", 12, 16));
        CheckAlike(Bytes(_gan.Generate(1)[0]), await Pixels("image", 12, 16));
        CheckAlike(Bytes(_gan.Generate(1, seed: -7)[0]), await Pixels("image?seed=-7&label=&scale=", 12, 16));

        byte[] small = await Pixels("image?seed=7", 12, 16), large = await Pixels("image?seed=7&scale=3", 36, 48);
        for (int pixel = 0; pixel < 36 * 48; pixel++)
            CollectionAssert.AreEqual(small.Skip((pixel / 36 / 3 * 12 + pixel % 36 / 3) * 4).Take(4).ToArray(),
                large.Skip(pixel * 4).Take(4).ToArray(), $"pixel {pixel}");
    }

    [TestMethod]
    public async Task A_grid_is_that_of_the_pictures_of_the_seed()
    {
        var expected = new ImageGrid(_gan.Generate(5, seed: 3));
        CheckAlike(Decoded.Png(expected.ToPng()), await Pixels("grid?count=5&seed=3", expected.Width, expected.Height));
    }

    [TestMethod]
    public async Task Moves_go_along_the_principal_directions()
    {
        float[] noise = _gan.DrawNoise(1, seed: 4)[0];
        IReadOnlyList<float[]> directions = _gan.PrincipalDirections(2);
        float[] moved = noise.Select((number, i) => number + 1.5f * directions[0][i] - 2 * directions[1][i]).ToArray();
        CheckAlike(Bytes(_gan.Generate([moved])[0]), await Pixels("latent?seed=4&moves=1.5,-2", 12, 16));
        CheckAlike(Bytes(_gan.Generate([noise])[0]), await Pixels("latent?seed=4", 12, 16));
    }

    [TestMethod]
    [DataRow("image?seed=cat", "seed", "seed is 'cat', but must be a whole number.")]
    [DataRow("image?seed=99999999999", "seed", "seed is '99999999999', but must be a whole number.")]
    [DataRow("image?scale=0", "scale", "scale is '0', but must be a whole number from 1 to 16.")]
    [DataRow("image?label=cat", "label", "label is 'cat', but this model was trained without classes.")]
    [DataRow("grid?count=0", "count", "count is '0', but must be a whole number from 1 to 100.")]
    [DataRow("grid?count=101", "count", "count is '101', but must be a whole number from 1 to 100.")]
    [DataRow("grid?count=100&scale=16", "scale", "scale is '16', but must be a whole number from 1 to 6.")]
    [DataRow("latent?moves=1,NaN", "moves", "moves holds 'NaN', but must be numbers from -10 to 10")]
    [DataRow("latent?moves=1,2,3,4,5,6,7", "moves", "moves has 7 numbers, but there may be 6.")]
    public async Task A_wrong_parameter_is_named(string request, string parameter, string message)
    {
        using HttpResponseMessage answer = await _service.Client.GetAsync(request);
        Assert.AreEqual(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.AreEqual("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        JsonNode problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.AreEqual(parameter, (string?)problem["parameter"]);
        StringAssert.Contains((string?)problem["detail"], message);
    }

    [TestMethod]
    public async Task What_is_not_there_is_not_found()
    {
        using HttpResponseMessage answer = await _service.Client.GetAsync("images");
        Assert.AreEqual((HttpStatusCode.NotFound, "application/problem+json"),
            (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }

    [TestMethod]
    public async Task Fifty_clients_get_their_own_pictures()
    {
        byte[][] expected = Enumerable.Range(0, 10).Select(seed => Bytes(_gan.Generate(1, seed)[0])).ToArray();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async client =>
        {
            for (int i = client; i == client || clock.Elapsed < TimeSpan.FromSeconds(3); i++)
                CheckAlike(expected[i % 10], await Pixels($"image?seed={i % 10}", 12, 16));
        }));
        await Idle();
    }

    [TestMethod]
    public async Task Clients_that_are_killed_harm_nobody()
    {
        byte[] request = Encoding.ASCII.GetBytes("GET /grid?count=100&seed=1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
        for (int i = 0; i < 40; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _service.Address.Port);
            await client.GetStream().WriteAsync(request);
            await Task.Delay(i % 5);
            client.Client.Close(0);    // resets the connection
        }
        CheckAlike(Bytes(_gan.Generate(1, seed: 7)[0]), await Pixels("image?seed=7", 12, 16));
        await Idle();
        Assert.IsFalse(_service.Output.Contains("fail:") || _service.Output.Contains("crit:"), _service.Output);
    }

    [TestMethod]
    public async Task When_it_ends_those_who_wait_are_served()
    {
        using RunningService ending = await RunningService.Start("--model", Model, "--client", "512");
        const int Each = 25;
        Task<byte[]>[] asked = [.. Enumerable.Range(0, 20).Select(seed =>
            ending.Client.GetByteArrayAsync($"grid?count={Each}&seed={seed}"))];
        // Until all have come, some of whom are answered by then.
        while (asked.Count(one => one.IsCompleted) + await Waiting(ending) / Each < asked.Length)
            await Task.Delay(1);
        Assert.AreEqual(0, await ending.Terminate(), ending.Output);
        foreach (byte[] png in await Task.WhenAll(asked))
            Decoded.Png(png);
        Assert.IsFalse(ending.Output.Contains("fail:"), ending.Output);
    }

    [TestMethod]
    public async Task Labels_choose_the_class()
    {
        using DcganTransformer gan = LabelledPictures.Hasty(_ml);
        string model = Path.Combine(_folder.FullName, "labelled.zip");
        _ml.Model.Save(gan, gan.SampleNoise(1).Schema, model);
        using RunningService service = await RunningService.Start("--model", model);

        foreach (string label in gan.Classes)
            CheckAlike(Bytes(gan.Generate(1, seed: 2, label: label)[0]),
                Decoded.Png(await service.Client.GetByteArrayAsync($"image?seed=2&label={label}")));
        using HttpResponseMessage refused = await service.Client.GetAsync("image?label=cat");
        Assert.AreEqual(HttpStatusCode.BadRequest, refused.StatusCode);
        StringAssert.Contains(await refused.Content.ReadAsStringAsync(), "must be one of: bright, dark.");
        StringAssert.Contains(await service.Client.GetStringAsync("model"), "\"classes\":[\"bright\",\"dark\"]");
    }

    [TestMethod]
    public async Task A_service_that_cannot_start_says_why()
    {
        (int code, string output) = await RunningService.Fail("--model", "missing.zip");
        Assert.AreEqual(2, code);
        StringAssert.Contains(output, "web service: There is no model 'missing.zip'.");

        string junk = Path.Combine(_folder.FullName, "junk.zip");
        File.WriteAllText(junk, "junk");
        (code, output) = await RunningService.Fail("--model", junk);
        Assert.AreEqual(2, code, output);
        StringAssert.Contains(output, $"web service: '{junk}' is not a saved DcganTransformer");

        (code, output) = await RunningService.Fail("--model", Model, "--queue", "many");
        Assert.AreEqual(2, code);
        StringAssert.Contains(output, "web service: --queue takes a whole number from 1 up, not 'many'.");

        (code, output) = await RunningService.Fail("--model", Model, "--timeout", "-1");
        Assert.AreEqual(2, code);
        StringAssert.Contains(output, "web service: --timeout takes seconds, more than 0 and up to 3600, not '-1'.");
    }

    private static async Task Idle()
    {
        var clock = Stopwatch.StartNew();
        while (await Waiting(_service) is not 0 and int pictures)
        {
            Assert.IsLessThan(60, clock.Elapsed.TotalSeconds, $"{pictures} pictures wait");
            await Task.Delay(20);
        }
        Assert.AreEqual("{\"status\":\"healthy\",\"waiting\":0}", await _service.Client.GetStringAsync("health"));
    }

    // How many pictures do. A full queue is told as an error.
    private static async Task<int> Waiting(RunningService service)
    {
        using HttpResponseMessage health = await service.Client.GetAsync("health");
        return (int)JsonNode.Parse(await health.Content.ReadAsStringAsync())!["waiting"]!;
    }

    private static async Task<byte[]> Pixels(string request, int width, int height)
    {
        using HttpResponseMessage answer = await _service.Client.GetAsync(request);
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, $"{request}: {await answer.Content.ReadAsStringAsync()}");
        Assert.AreEqual("image/png", answer.Content.Headers.ContentType!.MediaType);
        byte[] png = await answer.Content.ReadAsByteArrayAsync();
        using (MLImage image = MLImage.CreateFromStream(new MemoryStream(png)))
            Assert.AreEqual((width, height), (image.Width, image.Height));
        return Decoded.Png(png);
    }
}
