using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.Dcgan.Samples.WebService;

namespace Microsoft.ML.Dcgan.Tests.WebService;

/// <summary>What the web service does not take, which is no failure.</summary>
[TestClass]
public sealed class RefusalTests
{
    [TestMethod]
    public async Task A_full_queue_says_when_to_come_back()
    {
        await using HostedService service = HostedService.Start("--queue", "5", "--client", "5");
        Task<HttpResponseMessage> first = await service.Occupy("grid?count=3");
        using HttpResponseMessage full = await From("127.0.0.2", service, "grid?count=3");
        Assert.AreEqual((HttpStatusCode.ServiceUnavailable, "Busy",
            "Too many pictures are waiting to be generated. Try again in a second."), await HostedService.Problem(full));
        Assert.AreEqual(TimeSpan.FromSeconds(1), full.Headers.RetryAfter!.Delta);

        Task<HttpResponseMessage> second = From("127.0.0.2", service, "grid?count=2");
        await service.Waits(1);
        service.Open();
        Assert.AreEqual((HttpStatusCode.OK, HttpStatusCode.OK), ((await first).StatusCode, (await second).StatusCode));
        await service.Idle();
        Assert.IsEmpty(service.Log);
    }

    [TestMethod]
    public async Task What_would_never_be_taken_is_a_wrong_parameter()
    {
        await using HostedService service = HostedService.Start("--queue", "3");
        using HttpResponseMessage answer = await service.Client.GetAsync("grid?count=4");
        Assert.AreEqual((HttpStatusCode.BadRequest, "The parameter 'count' is wrong.",
            "count is '4', but must be a whole number from 1 to 3."), await HostedService.Problem(answer));
        Assert.AreEqual(HttpStatusCode.OK, (await service.Client.GetAsync("grid")).StatusCode);
    }

    [TestMethod]
    public async Task One_client_leaves_room_for_others()
    {
        await using HostedService service = HostedService.Start("--queue", "8", "--client", "4");
        Task<HttpResponseMessage> large = await service.Occupy("grid?count=4");
        using HttpResponseMessage more = await service.Client.GetAsync("image");
        Assert.AreEqual((HttpStatusCode.TooManyRequests, "Too many at once",
            "Too many pictures are asked for from this address at once. Wait for those first."), await HostedService.Problem(more));
        Assert.AreEqual(TimeSpan.FromSeconds(1), more.Headers.RetryAfter!.Delta);

        Task<HttpResponseMessage> other = From("127.0.0.2", service, "grid?count=4");
        await service.Waits(1);
        service.Open();
        Assert.AreEqual((HttpStatusCode.OK, HttpStatusCode.OK), ((await large).StatusCode, (await other).StatusCode));
        Assert.AreEqual(HttpStatusCode.OK, (await service.Client.GetAsync("image")).StatusCode);
    }

    [TestMethod]
    public async Task Who_waits_too_long_is_told_so()
    {
        await using HostedService service = HostedService.Start("--timeout", "0.2");
        Task<HttpResponseMessage> generating = await service.Occupy("grid?count=3");
        Task<HttpResponseMessage> waiting = service.Client.GetAsync("image");
        foreach (Task<HttpResponseMessage> answer in new[] { generating, waiting })
        {
            using HttpResponseMessage late = await answer;
            Assert.AreEqual((HttpStatusCode.ServiceUnavailable, "Too slow",
                "The pictures were not there in time. Try again, with fewer of them."), await HostedService.Problem(late));
            Assert.IsNotNull(late.Headers.RetryAfter);
        }

        // Their places are free when the thread has seen that nobody waits: what was never begun is never generated.
        service.Open();
        await service.Idle();
        CollectionAssert.AreEqual(new[] { 3 }, service.Batches);
        // Without a request, which might be too late.
        var queue = service.Services.GetRequiredService<GenerationQueue>();
        using Order order = await queue.Generate([new float[6]], label: null, CancellationToken.None);
        Assert.HasCount(1, order.Pictures);
        Assert.IsEmpty(service.Log);
    }

    // Asked from an address of its own.
    private static async Task<HttpResponseMessage> From(string address, HostedService service, string request)
    {
        using var client = new HttpClient(OwnAddress.Handler(IPAddress.Parse(address))) { BaseAddress = service.Address };
        return await client.GetAsync(request);
    }
}
