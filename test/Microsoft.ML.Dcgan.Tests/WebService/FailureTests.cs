using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.ML.Dcgan.Samples.WebService;
using static Microsoft.ML.Dcgan.Tests.GeneratedPictures;

namespace Microsoft.ML.Dcgan.Tests.WebService;

/// <summary>Pictures that the web service took, and then could not generate.</summary>
[TestClass]
public sealed class FailureTests
{
    private const string Secret = "tried to allocate 4 GB for /secret/model";

    [TestMethod]
    public async Task A_failure_is_logged_once_and_tells_the_client_nothing_of_the_inside()
    {
        await using HostedService service = HostedService.Start();
        service.Fault = _ => new OutOfMemoryException(Secret);
        Task<HttpResponseMessage>[] waiting = await Behind(service, "image?seed=1", "image?seed=2", "grid?count=4");
        foreach (Task<HttpResponseMessage> one in waiting)
        {
            using HttpResponseMessage failed = await one;
            Assert.AreEqual((HttpStatusCode.InternalServerError, "The pictures could not be generated."),
                (failed.StatusCode, (await HostedService.Problem(failed)).Detail));
            Assert.IsNull(failed.Headers.RetryAfter);
            string text = await failed.Content.ReadAsStringAsync();
            Assert.IsFalse(text.Contains("secret") || text.Contains("Memory") || text.Contains(" at "), text);
        }
        service.Fault = null;
        Assert.AreEqual(HttpStatusCode.OK, (await service.Client.GetAsync("image")).StatusCode);
        await service.Stop();
        // That of the request before them, and theirs.
        string[] logged = [.. service.Log.Select(entry => $"{entry.Level}: {entry.Text} {entry.Reason!.Message}")];
        CollectionAssert.AreEqual(new[]
        {
            $"Error: 1 of 1 requests in a minibatch failed. {Secret}",
            $"Error: 3 of 3 requests in a minibatch failed. {Secret}",
        }, logged);
    }

    [TestMethod]
    public async Task One_bad_request_in_a_minibatch_does_not_fail_the_others()
    {
        using DcganTransformer gan = Pictures.SmallModel(new MLContext(seed: 1));
        float bad = gan.DrawNoise(1, seed: 2)[0][0];
        await using HostedService service = HostedService.Start();
        service.Fault = noise => noise.Any(vector => vector[0] == bad) ? new ArgumentException("bad noise") : null;
        Task<HttpResponseMessage>[] waiting = await Behind(service, "image?seed=1", "image?seed=2", "image?seed=3");

        Assert.AreEqual(HttpStatusCode.InternalServerError, (await waiting[1]).StatusCode);
        foreach (int seed in new[] { 1, 3 })
            CheckAlike(Bytes(gan.Generate(1, seed)[0]), Decoded.Png(await (await waiting[seed - 1]).Content.ReadAsByteArrayAsync()));
        await service.Stop();
        CollectionAssert.AreEqual(new[] { 1, 3, 1, 1, 1 }, service.Batches);
        Assert.AreEqual((LogLevel.Error, "1 of 3 requests in a minibatch failed."),
            service.Log.Select(entry => (entry.Level, entry.Text)).Single());
    }

    [TestMethod]
    public async Task What_fails_together_and_not_alone_is_served()
    {
        await using HostedService service = HostedService.Start();
        service.Fault = noise => noise.Count > 2 ? new OutOfMemoryException() : null;
        foreach (Task<HttpResponseMessage> one in await Behind(service, "image?seed=1", "image?seed=2", "image?seed=3"))
            Assert.AreEqual(HttpStatusCode.OK, (await one).StatusCode);
        await service.Stop();
        Assert.AreEqual((LogLevel.Warning, "A minibatch of 3 requests failed, but none of them by itself."),
            service.Log.Select(entry => (entry.Level, entry.Text)).Single());
    }

    [TestMethod]
    public async Task A_client_that_goes_away_is_neither_refused_nor_failed()
    {
        await using HostedService service = HostedService.Start();
        Task<HttpResponseMessage> first = await service.Occupy("image");
        using var cancellation = new CancellationTokenSource();
        Task leaving = service.Services.GetRequiredService<GenerationQueue>().Generate([[1f], [2f]], null, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => leaving);
        service.Open();
        Assert.AreEqual(HttpStatusCode.OK, (await first).StatusCode);
        await service.Stop();
        CollectionAssert.AreEqual(new[] { 1 }, service.Batches);
        Assert.IsEmpty(service.Log);
    }

    // Requests that wait together, behind one that is being generated.
    private static async Task<Task<HttpResponseMessage>[]> Behind(HostedService service, params string[] requests)
    {
        Task<HttpResponseMessage> first = await service.Occupy("image?seed=9");
        var waiting = new List<Task<HttpResponseMessage>>();
        foreach (string request in requests)
        {
            waiting.Add(service.Client.GetAsync(request));
            await service.Waits(waiting.Count);
        }
        service.Open();
        (await first).Dispose();
        return [.. waiting];
    }
}
