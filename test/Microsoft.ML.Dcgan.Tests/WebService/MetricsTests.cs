using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.Dcgan.Samples.WebService;

namespace Microsoft.ML.Dcgan.Tests.WebService;

/// <summary>What the web service measures, as a listener such as dotnet-counters gets it.</summary>
[TestClass]
public sealed class MetricsTests
{
    [TestMethod]
    public async Task Minibatches_pictures_and_what_waits_are_measured()
    {
        await using HostedService service = HostedService.Start();
        using var metrics = new Listener(service);
        Task<HttpResponseMessage> first = await service.Occupy("grid?count=3");
        Task<HttpResponseMessage>[] behind = [service.Client.GetAsync("image?seed=1"), service.Client.GetAsync("image?seed=2")];
        await service.Waits(2);
        CollectionAssert.AreEqual(new[] { "5 {image}" }, metrics.Of("dcgan.generation.queue.length"));
        service.Open();
        await Task.WhenAll([first, .. behind]);
        await service.Idle();
        CollectionAssert.AreEqual(new[] { "0 {image}" }, metrics.Of("dcgan.generation.queue.length"));

        // Stopped, so that all is measured.
        await service.Stop();
        CollectionAssert.AreEqual(new[] { "3 {image}", "2 {image}" }, metrics.Of("dcgan.generation.batch.size"));
        CollectionAssert.AreEqual(new[] { "3 {image}", "2 {image}" }, metrics.Of("dcgan.generation.images"));
        string[] durations = metrics.Of("dcgan.generation.duration");
        Assert.HasCount(2, durations);
        Assert.IsTrue(durations.All(text => text.EndsWith(" s", StringComparison.Ordinal) && text[0] != '-'), string.Join(", ", durations));
        Assert.IsEmpty(metrics.Of("dcgan.generation.refused"));
        Assert.HasCount(3, metrics.Of("http.server.request.duration"));
    }

    [TestMethod]
    public async Task A_failure_is_told_by_its_type_and_is_no_picture()
    {
        await using HostedService service = HostedService.Start();
        using var metrics = new Listener(service);
        service.Fault = _ => new OutOfMemoryException();
        (await service.Client.GetAsync("image")).Dispose();
        await service.Stop();
        StringAssert.EndsWith(metrics.Of("dcgan.generation.duration").Single(), " s error.type=System.OutOfMemoryException");
        Assert.IsEmpty(metrics.Of("dcgan.generation.images"));
        Assert.IsEmpty(metrics.Of("dcgan.generation.refused"));
    }

    [TestMethod]
    public async Task What_is_refused_is_counted_by_reason()
    {
        await using HostedService service = HostedService.Start("--queue", "6", "--client", "4"),
            hasty = HostedService.Start("--timeout", "0.2");
        using Listener metrics = new(service), late = new(hasty);
        (await service.Client.GetAsync("image?seed=cat")).Dispose();
        Task<HttpResponseMessage> first = await service.Occupy("grid?count=4");
        (await service.Client.GetAsync("image")).Dispose();
        using (var other = new HttpClient(OwnAddress.Handler(System.Net.IPAddress.Parse("127.0.0.2"))) { BaseAddress = service.Address })
            (await other.GetAsync("grid?count=3")).Dispose();
        service.Open();
        (await first).Dispose();
        hasty.Close();
        (await hasty.Client.GetAsync("image")).Dispose();
        CollectionAssert.AreEqual(new[] { "parameter", "client_limit", "queue_full", "timeout" }
            .Select(reason => $"1 {{request}} dcgan.refusal.reason={reason}").ToArray(),
            metrics.Of("dcgan.generation.refused").Concat(late.Of("dcgan.generation.refused")).ToArray());
    }

    // Of this service alone: others may run in this process.
    private sealed class Listener : IDisposable
    {
        private readonly ConcurrentQueue<(string Name, string Text)> _measured = [];
        private readonly MeterListener _listener = new();

        public Listener(HostedService service)
        {
            var factory = service.Services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == factory)
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
            _listener.Start();
        }

        /// <summary>What was measured since it was last asked, or is now.</summary>
        public string[] Of(string name)
        {
            string[] before = [.. _measured.Where(entry => entry.Name == name).Select(entry => entry.Text)];
            if (before.Length > 0 && !name.EndsWith("length", StringComparison.Ordinal))
                return before;
            _listener.RecordObservableInstruments();
            return [.. _measured.Where(entry => entry.Name == name).Select(entry => entry.Text).Skip(before.Length)];
        }

        public void Dispose() => _listener.Dispose();

        private void Note(Instrument instrument, IFormattable value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string own = string.Concat(tags.ToArray().Where(tag => instrument.Meter.Name == ServiceMetrics.MeterName)
                .Select(tag => $" {tag.Key}={tag.Value}"));
            _measured.Enqueue((instrument.Name, FormattableString.Invariant($"{value} {instrument.Unit}{own}")));
        }
    }
}
