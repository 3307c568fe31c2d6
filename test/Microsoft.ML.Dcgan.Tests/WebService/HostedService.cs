using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.ML.Dcgan.Samples.WebService;

namespace Microsoft.ML.Dcgan.Tests.WebService;

/// <summary>The web service of the samples in this process, on a port of its own, with a generator that waits for the test.</summary>
internal sealed class HostedService : WebApplicationFactory<ServiceOptions>, ILoggerProvider
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly Lazy<byte[]> _smallModel = new(() =>
    {
        using DcganTransformer gan = Pictures.SmallModel(new MLContext(seed: 1));
        return ModelFile.Saved(gan, gan.SampleNoise(1));
    });

    private readonly string[] _arguments;
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private readonly SemaphoreSlim _entered = new(0);
    private HttpClient? _client;

    private HostedService(string[] arguments)
    {
        _arguments = arguments;
        UseKestrel();
    }

    public Uri Address => ClientOptions.BaseAddress;

    public HttpClient Client => _client ??=
        new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Address, Timeout = _patience };

    /// <summary>How many pictures it generated at a time.</summary>
    public ConcurrentQueue<int> Batches { get; } = [];

    /// <summary>What it logged, from warnings up.</summary>
    public ConcurrentQueue<(LogLevel Level, string Text, Exception? Reason)> Log { get; } = [];

    /// <summary>What goes wrong with some noise, if anything does.</summary>
    public Func<IReadOnlyList<float[]>, Exception?>? Fault { get; set; }

    /// <summary>Whether what is logged fails to be logged, too.</summary>
    public bool IsLogBroken { get; set; }

    /// <param name="arguments">As on its command line, without --model.</param>
    public static HostedService Start(params string[] arguments) => Start(_smallModel.Value, arguments);

    /// <param name="model">A saved model, in place of a small one without classes.</param>
    /// <param name="arguments">As on its command line, without --model.</param>
    public static HostedService Start(byte[] model, params string[] arguments)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, model);
            var service = new HostedService([.. arguments, "--model", path]);
            service.StartServer();
            return service;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>From now on nothing is generated.</summary>
    public void Close() => _open.Reset();

    public void Open() => _open.Set();

    /// <summary>Asks for pictures, and waits until their generation has begun.</summary>
    public async Task<Task<HttpResponseMessage>> Occupy(string request)
    {
        Close();
        while (_entered.Wait(0))
        {
            // Generated before.
        }
        Task<bool> entered = _entered.WaitAsync(_patience);
        while (true)
        {
            Task<HttpResponseMessage> answer = Client.GetAsync(request);
            if (await Task.WhenAny(entered, answer) == entered)
            {
                Assert.IsTrue(await entered, "it does not generate");
                return answer;
            }
            // On a busy machine a short --timeout may be over before they are begun.
            using HttpResponseMessage late = await answer;
            Assert.AreEqual("Too slow", (await Problem(late)).Title);
        }
    }

    /// <summary>Waits until so many requests are in the queue, behind those that are being generated.</summary>
    public Task Waits(int requests) => Until(queue => queue.Pending == requests);

    /// <summary>Waits until all places are free.</summary>
    public Task Idle() => Until(queue => queue.Waiting == 0);

    public async Task Until(Func<GenerationQueue, bool> reached)
    {
        var queue = Services.GetRequiredService<GenerationQueue>();
        using var patience = new CancellationTokenSource(_patience);
        while (!reached(queue))
            await Task.Delay(5, patience.Token);
    }

    /// <summary>An answer's status, title and detail, which have to be a problem+json.</summary>
    public static async Task<(HttpStatusCode Status, string Title, string Detail)> Problem(HttpResponseMessage answer)
    {
        Assert.AreEqual("application/problem+json", answer.Content.Headers.ContentType?.MediaType, $"{answer}");
        JsonNode problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return (answer.StatusCode, (string)problem["title"]!, (string?)problem["detail"] ?? "");
    }

    /// <summary>Ends it as a signal does: the program then disposes what it made.</summary>
    public async Task Stop()
    {
        var lifetime = Services.GetRequiredService<IHostApplicationLifetime>();
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration _ = lifetime.ApplicationStopped.Register(stopped.SetResult);
        lifetime.StopApplication();
        await stopped.Task.WaitAsync(_patience);
    }

    public override async ValueTask DisposeAsync()
    {
        Open();
        _client?.Dispose();
        await base.DisposeAsync();
        _open.Dispose();
        _entered.Dispose();
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => new Logger(this);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(Environments.Production);
        // Not by UseKestrel(port), which comes too late where the program, in a thread of its own, has started by then.
        builder.UseUrls("http://127.0.0.1:0");
        for (int i = 0; i < _arguments.Length; i += 2)
            builder.UseSetting(ServiceOptions.Switches.TryGetValue(_arguments[i], out string? name) ? name : _arguments[i][2..], _arguments[i + 1]);
        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(this));
        builder.ConfigureTestServices(services => services.AddSingleton<PictureGenerator>(container =>
        {
            PictureGenerator generate = PictureService.Generator(container.GetRequiredService<DcganTransformer>());
            return (noise, labels) =>
            {
                _entered.Release();
                _open.Wait();
                Batches.Enqueue(noise.Count);
                return Fault?.Invoke(noise) is { } fault ? throw fault : generate(noise, labels);
            };
        }));
    }

    private sealed class Logger(HostedService service) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            service.Log.Enqueue((logLevel, formatter(state, exception), exception));
            if (service.IsLogBroken)
                throw new IOException("no space left");
        }
    }
}
