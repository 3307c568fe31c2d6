using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.Dcgan.Samples.WebService;

namespace Microsoft.ML.Dcgan.Tests.WebService;

/// <summary>What probes are told, and how the web service ends.</summary>
[TestClass]
public sealed class ShutdownTests
{
    private const HttpStatusCode Unready = HttpStatusCode.ServiceUnavailable;

    [TestMethod]
    public async Task It_is_not_ready_while_the_queue_is_full()
    {
        await using HostedService service = HostedService.Start("--queue", "3");
        await Expect(service, HttpStatusCode.OK, HttpStatusCode.OK);
        Task<HttpResponseMessage> all = await service.Occupy("grid?count=3");
        await Expect(service, HttpStatusCode.OK, Unready);
        using HttpResponseMessage health = await service.Client.GetAsync("health");
        Assert.AreEqual("{\"status\":\"unhealthy\",\"waiting\":3}", await health.Content.ReadAsStringAsync());
        service.Open();
        (await all).Dispose();
        await service.Idle();
        await Expect(service, HttpStatusCode.OK, HttpStatusCode.OK);
        Assert.IsEmpty(service.Log);
    }

    [TestMethod]
    public async Task Once_the_thread_that_generates_is_dead_it_is_neither_live_nor_ready()
    {
        await using HostedService service = HostedService.Start();
        Task<HttpResponseMessage> first = await service.Occupy("image?seed=1");
        Task<HttpResponseMessage> second = service.Client.GetAsync("image?seed=2");
        await service.Waits(1);
        // What fails cannot even be logged.
        (service.Fault, service.IsLogBroken) = (_ => new IOException("no space left"), true);
        service.Open();

        Assert.AreEqual(HttpStatusCode.InternalServerError, (await first).StatusCode);
        Assert.AreEqual((HttpStatusCode.ServiceUnavailable, "Ending"), Of(await HostedService.Problem(await second)));
        await Expect(service, Unready, Unready);
        using HttpResponseMessage late = await service.Client.GetAsync("image");
        Assert.AreEqual((HttpStatusCode.ServiceUnavailable, "Ending"), Of(await HostedService.Problem(late)));
        await service.Idle();
    }

    [TestMethod]
    public async Task When_it_stops_it_is_first_not_ready_then_serves_who_waits()
    {
        await using HostedService service = HostedService.Start("--client", "512");
        Task<HttpResponseMessage> first = await service.Occupy("image?seed=1");
        Task<HttpResponseMessage> second = service.Client.GetAsync("image?seed=2");
        await service.Waits(1);
        Task stopping = service.Stop();
        await service.Until(queue => queue.IsStopping);

        await Expect(service, HttpStatusCode.OK, Unready);
        using HttpResponseMessage late = await service.Client.GetAsync("image?seed=3");
        Assert.AreEqual((HttpStatusCode.ServiceUnavailable, "Ending"), Of(await HostedService.Problem(late)));
        Assert.IsNotNull(late.Headers.RetryAfter);
        Assert.IsFalse(stopping.IsCompleted);

        service.Open();
        Assert.AreEqual((HttpStatusCode.OK, HttpStatusCode.OK), ((await first).StatusCode, (await second).StatusCode));
        await stopping;
        Assert.IsEmpty(service.Log);
    }

    [TestMethod]
    public async Task Who_cannot_be_served_in_time_is_refused_and_the_model_goes_last()
    {
        await using HostedService service = HostedService.Start("--shutdown", "0.1");
        var gan = service.Services.GetRequiredService<DcganTransformer>();
        Task<HttpResponseMessage> generating = await service.Occupy("image?seed=1");
        Task<HttpResponseMessage> waiting = service.Client.GetAsync("image?seed=2");
        await service.Waits(1);
        await service.Stop();
        foreach (Task<HttpResponseMessage> one in new[] { generating, waiting })
            Assert.AreEqual((HttpStatusCode.ServiceUnavailable, "Ending"), Of(await HostedService.Problem(await one)));

        // The program ends, but its thread still generates.
        Assert.AreEqual(1, gan.Generate(1).Count);
        service.Open();
        await service.DisposeAsync();
        var clock = Stopwatch.StartNew();
        while (!IsDisposed(gan))
        {
            Assert.IsLessThan(30, clock.Elapsed.TotalSeconds, "the model is never disposed");
            await Task.Delay(5);
        }
        CollectionAssert.AreEqual(new[] { 1 }, service.Batches, "what was refused is not generated");
        Assert.IsEmpty(service.Log);
    }

    private static bool IsDisposed(DcganTransformer gan)
    {
        try
        {
            return gan.Generate(1).Count == 0;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    private static (HttpStatusCode, string) Of((HttpStatusCode Status, string Title, string Detail) problem) =>
        (problem.Status, problem.Title);

    private static async Task Expect(HostedService service, HttpStatusCode live, HttpStatusCode ready) =>
        Assert.AreEqual((live, ready), ((await service.Client.GetAsync("health/live")).StatusCode,
            (await service.Client.GetAsync("health/ready")).StatusCode));
}
