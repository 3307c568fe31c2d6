using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.ML.Dcgan.Samples.WebService;

namespace Microsoft.ML.Dcgan.Tests.WebService;

/// <summary>The web service of the samples in this process, with a generator that waits for the test.</summary>
internal sealed class HostedService : IAsyncDisposable, ILoggerProvider
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private readonly WebApplication _service;
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private readonly SemaphoreSlim _entered = new(0);

    private HostedService(string[] arguments)
    {
        WebApplicationBuilder builder = PictureService.CreateBuilder([.. arguments, "--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders().AddProvider(this);
        DcganTransformer gan = Pictures.SmallModel(new MLContext(seed: 1));
        _service = PictureService.Build(builder, ServiceOptions.From(builder.Configuration), gan, _ => (noise, labels) =>
        {
            _entered.Release();
            _open.Wait();
            Batches.Enqueue(noise.Count);
            return Fault?.Invoke(noise) is { } fault ? throw fault : gan.Generate(noise);
        });
    }

    public Uri Address => new(_service.Urls.First());

    public HttpClient Client { get; private set; } = null!;

    public IServiceProvider Services => _service.Services;

    /// <summary>How many pictures it generated at a time.</summary>
    public ConcurrentQueue<int> Batches { get; } = [];

    /// <summary>What it logged, from warnings up.</summary>
    public ConcurrentQueue<(LogLevel Level, string Text, Exception? Reason)> Log { get; } = [];

    /// <summary>What goes wrong with some noise, if anything does.</summary>
    public Func<IReadOnlyList<float[]>, Exception?>? Fault { get; set; }

    /// <summary>Whether what is logged fails to be logged, too.</summary>
    public bool IsLogBroken { get; set; }

    public static async Task<HostedService> Start(params string[] arguments)
    {
        var service = new HostedService(arguments);
        await service._service.StartAsync();
        service.Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = service.Address, Timeout = _patience };
        return service;
    }

    /// <summary>From now on nothing is generated.</summary>
    public void Close() => _open.Reset();

    public void Open() => _open.Set();

    /// <summary>Asks for pictures, and waits until their generation has begun.</summary>
    public async Task<Task<HttpResponseMessage>> Occupy(string request)
    {
        Close();
        Task<HttpResponseMessage> answer = Client.GetAsync(request);
        Assert.IsTrue(await _entered.WaitAsync(_patience), "it does not generate");
        return answer;
    }

    /// <summary>Waits until so many pictures wait.</summary>
    public async Task Waits(int pictures)
    {
        var queue = Services.GetRequiredService<GenerationQueue>();
        using var patience = new CancellationTokenSource(_patience);
        while (queue.Waiting != pictures)
            await Task.Delay(5, patience.Token);
    }

    /// <summary>An answer's status, title and detail, which have to be a problem+json.</summary>
    public static async Task<(HttpStatusCode Status, string Title, string Detail)> Problem(HttpResponseMessage answer)
    {
        Assert.AreEqual("application/problem+json", answer.Content.Headers.ContentType?.MediaType, $"{answer}");
        JsonNode problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return (answer.StatusCode, (string)problem["title"]!, (string?)problem["detail"] ?? "");
    }

    public Task Stop() => _service.StopAsync();

    /// <summary>As its process does before it ends.</summary>
    public Task Dispose() => _service.DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        Open();
        Client?.Dispose();
        await Dispose();
        _open.Dispose();
        _entered.Dispose();
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => new Logger(this);

    void IDisposable.Dispose()
    {
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
