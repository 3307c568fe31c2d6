using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.ML.Dcgan.Tests.WebService;

namespace Microsoft.ML.Dcgan.Benchmarks.Speed;

/// <summary>The web service of the samples under load: clients on the same machine, each asking for its next picture when it has the last.</summary>
internal static class WebLoad
{
    private const int Alone = 10;
    private static readonly TimeSpan _warmup = TimeSpan.FromSeconds(5);

    public static double? Run(BenchmarkOptions options) => RunAsync(options).GetAwaiter().GetResult();

    private static async Task<double?> RunAsync(BenchmarkOptions options)
    {
        if (!File.Exists(options.Model))
            throw new FormatException($"there is no model '{options.Model}': make it with samples/Demo and its --fashion-mnist, or name one with --model");
        using RunningService service = await RunningService.Start("--model", Path.GetFullPath(options.Model));
        Report.Line($"{options.Model}, {options.Clients} clients, {options.Seconds} s");
        await Load(service, options.Clients, _warmup);
        foreach ((int clients, int duration) in new[] { (1, Math.Min(options.Seconds, Alone)), (options.Clients, options.Seconds) })
        {
            (double[] milliseconds, int failures, double seconds) = await Load(service, clients, TimeSpan.FromSeconds(duration));
            Array.Sort(milliseconds);
            Report.Line($"clients {clients}: {milliseconds.Length} pictures, {failures} failures, {milliseconds.Length / seconds:0} pictures/s; p50 {At(milliseconds, 0.5):0.0} ms, p99 {At(milliseconds, 0.99):0.0} ms, longest {milliseconds[^1]:0.0} ms");
        }
        service.Process.Refresh();
        Report.Line($"the service's memory: {service.Process.WorkingSet64 / 1e6:0} MB; it took {service.Process.TotalProcessorTime.TotalSeconds:0} s of processor time");
        return null;
    }

    private static async Task<(double[] Milliseconds, int Failures, double Seconds)> Load(RunningService service, int clients,
        TimeSpan duration)
    {
        var all = new ConcurrentQueue<double>();
        int failures = 0;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            for (int seed = client; clock.Elapsed < duration; seed += clients)
            {
                TimeSpan start = clock.Elapsed;
                try
                {
                    using HttpResponseMessage answer = await service.Client.GetAsync($"image?seed={seed}");
                    byte[] png = await answer.Content.ReadAsByteArrayAsync();
                    if (!answer.IsSuccessStatusCode || png.Length < 8 || png[1] != 'P')
                        Interlocked.Increment(ref failures);
                }
                catch (HttpRequestException)
                {
                    Interlocked.Increment(ref failures);
                }
                all.Enqueue((clock.Elapsed - start).TotalMilliseconds);
            }
        })));
        return ([.. all], failures, clock.Elapsed.TotalSeconds);
    }

    private static double At(double[] ordered, double share) => ordered[(int)(share * (ordered.Length - 1))];
}
