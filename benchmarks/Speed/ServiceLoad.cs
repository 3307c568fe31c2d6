using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.ML.Dcgan.Tests.WebService;

namespace Microsoft.ML.Dcgan.Benchmarks.Speed;

/// <summary>
/// The web service of the samples under load, from this machine: honest clients, each with an address of its own, that ask for their
/// next picture when they have the last, and one address with many hostile ones.
/// </summary>
internal static class ServiceLoad
{
    private const int Looks = 6;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    public static double? Run(BenchmarkOptions options) => RunAsync(options).GetAwaiter().GetResult();

    private static async Task<double?> RunAsync(BenchmarkOptions options)
    {
        bool isMade = options.Model.Length == 0;
        string model = isMade ? MakeModel(options) : options.Model;
        try
        {
            using RunningService service = await RunningService.Start("--model", Path.GetFullPath(model));
            int hostile = (int)Math.Round(options.Clients * options.Hostile);
            if (isMade)
                Report.Line($"a model of {options.Size}x{options.Size}x{options.Channels}, {options.Maps} feature maps");
            Report.Line($"{options.Clients - hostile} honest clients and {hostile} hostile ones, {options.Seconds} s");
            await LoadAsync(service, options.Clients - hostile, hostile, TimeSpan.FromSeconds(options.Seconds));
        }
        finally
        {
            if (isMade)
                File.Delete(model);
        }
        return null;
    }

    private static async Task LoadAsync(RunningService service, int honest, int hostile, TimeSpan duration)
    {
        long atStart = Memory(service);
        using var end = new CancellationTokenSource(duration);
        var clock = Stopwatch.StartNew();
        Task<List<long>> memory = Task.Run(async () =>
        {
            var looks = new List<long> { atStart };
            for (int i = 0; i < Looks; i++)
            {
                await Task.Delay(duration / Looks);
                looks.Add(Memory(service));
            }
            return looks;
        });
        var results = new ConcurrentQueue<HonestClient>();
        Task<long>[] attacks = [.. Enumerable.Range(0, hostile).Select(i => Task.Run(() =>
            new HostileClient(i, service.Address.Port).Attack(end.Token)))];
        await Task.WhenAll(Enumerable.Range(0, honest).Select(i => Task.Run(async () =>
        {
            var client = new HonestClient(new IPAddress([127, 1, (byte)(i / 250), (byte)(1 + i % 250)]), service.Address, _patience);
            await client.Ask(i, honest, end.Token);
            results.Enqueue(client);
        })));
        double seconds = clock.Elapsed.TotalSeconds;
        long attacked = (await Task.WhenAll(attacks)).Sum();

        double[] times = [.. results.SelectMany(client => client.Milliseconds).Order()];
        string[] errors = [.. results.SelectMany(client => client.Errors)];
        int refused = results.Sum(client => client.Refused);
        Report.Line($"honest: {times.Length} pictures, {times.Length / seconds:0} a second");
        Report.Line($"  {errors.Length} errors; {refused} times told to come back");
        foreach (IGrouping<string, string> error in errors.GroupBy(error => error).Take(5))
            Report.Line($"  {error.Count()} times: {error.Key}");
        Report.Line($"latency: p50 {At(times, 0.5):0} ms, p95 {At(times, 0.95):0} ms, p99 {At(times, 0.99):0} ms");
        Report.Line($"hostile: {attacked} requests");
        string looks = string.Join(", ", (await memory).Select(look => FormattableString.Invariant($"{look / 1e6:0}")));
        Report.Line($"memory of the service at first, and after each {duration.TotalSeconds / Looks:0} s: {looks} MB");
        Report.Line($"processor time of the service: {service.Process.TotalProcessorTime.TotalSeconds:0} s");
        int failures = service.Output.Split('\n').Count(line => line.StartsWith("fail:") || line.StartsWith("crit:"));
        Report.Line($"{failures} failures in its log; exit code after SIGTERM: {await service.Terminate()}");
    }

    // Hardly trained: what pictures show does not change how long they take.
    private static string MakeModel(BenchmarkOptions options)
    {
        var ml = new MLContext(seed: 1);
        var random = new Random(1);
        IEnumerable<float[]> images = Enumerable.Range(0, 64).Select(_ =>
            Enumerable.Range(0, options.Channels * options.Size * options.Size).Select(_ => random.NextSingle() * 2 - 1).ToArray())
            .ToArray();
        using DcganTransformer gan = ml.Transforms.Dcgan(new DcganEstimator.Options
        {
            OutputColumnName = "Generated",
            ImageColumnName = VectorRows.Column,
            Epochs = 1,
            GeneratorFeatureMaps = options.Maps,
            DiscriminatorFeatureMaps = options.Maps,
            Seed = 1,
        }).Fit(VectorRows.View(ml, images, options.Channels, options.Size, options.Size));
        string file = Path.GetTempFileName();
        ml.Model.Save(gan, gan.SampleNoise(1).Schema, file);
        return file;
    }

    private static long Memory(RunningService service)
    {
        service.Process.Refresh();
        return service.Process.WorkingSet64;
    }

    private static double At(double[] ordered, double share) =>
        ordered.Length == 0 ? double.NaN : ordered[(int)(share * (ordered.Length - 1))];
}

/// <summary>Asks for one picture after the other.</summary>
internal sealed class HonestClient(IPAddress address, Uri service, TimeSpan patience)
{
    private static readonly byte[] _png = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    public List<double> Milliseconds { get; } = [];

    public List<string> Errors { get; } = [];

    public int Refused { get; private set; }

    public async Task Ask(int seed, int step, CancellationToken end)
    {
        using var client = new HttpClient(OwnAddress.Handler(address)) { BaseAddress = service, Timeout = patience };
        for (; !end.IsCancellationRequested; seed += step)
        {
            long start = Stopwatch.GetTimestamp();
            try
            {
                using HttpResponseMessage answer = await client.GetAsync($"image?seed={seed}", CancellationToken.None);
                byte[] png = await answer.Content.ReadAsByteArrayAsync(CancellationToken.None);
                if (answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)
                {
                    Refused++;
                    await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1), CancellationToken.None);
                }
                else if (!answer.IsSuccessStatusCode || !png.AsSpan().StartsWith(_png))
                {
                    Errors.Add($"{answer.StatusCode}");
                }
                else
                {
                    Milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
            {
                Errors.Add(failure.Message);
            }
        }
    }
}
