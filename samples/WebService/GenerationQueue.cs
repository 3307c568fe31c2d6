using System.Diagnostics;
using System.Threading.Channels;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>Makes a picture of each noise vector, of the classes named if the model has classes.</summary>
internal delegate IReadOnlyList<GeneratedImage> PictureGenerator(IReadOnlyList<float[]> noise, IReadOnlyList<string?> labels);

/// <summary>
/// Requests for pictures that wait at the same moment are generated in one minibatch, by a thread of its own. A minibatch of
/// 32 takes much less time than 32 pictures one by one, and many threads generating at once would only be in each other's way.
/// </summary>
internal sealed partial class GenerationQueue(PictureGenerator generate, ServiceOptions options, ServiceMetrics metrics,
    ILogger<GenerationQueue> log) : IHostedLifecycleService, IAsyncDisposable
{
    private readonly Channel<Order> _orders = Channel.CreateUnbounded<Order>();
    private readonly ConcurrencyLimiter _places = new(new() { PermitLimit = options.QueueLength, QueueLimit = 0 });
    private readonly CancellationTokenSource _end = new();
    private Task _working = Task.CompletedTask;
    private volatile bool _isStopping;

    /// <summary>Pictures that wait, are being generated, or are being put into a file.</summary>
    public int Waiting => options.QueueLength - (int)_places.GetStatistics()!.CurrentAvailablePermits;

    /// <summary>Requests that no minibatch has taken yet.</summary>
    public int Pending => _orders.Reader.Count;

    public bool IsFull => Waiting >= options.QueueLength;

    public bool IsStopping => _isStopping;

    /// <summary>Whether nothing will be generated any more, although nobody stopped it.</summary>
    public bool IsBroken => _end.IsCancellationRequested && !_isStopping;

    /// <summary>Generates pictures.</summary>
    /// <returns>The pictures, which take their places in the queue until they are disposed.</returns>
    /// <exception cref="RefusedException">Too many wait already, or the service ends.</exception>
    /// <exception cref="GenerationException">They could not be generated.</exception>
    /// <exception cref="OperationCanceledException">The caller does not want them any more.</exception>
    public Task<Order> Generate(IReadOnlyList<float[]> noise, string? label, CancellationToken cancellation)
    {
        RateLimitLease places = _places.AttemptAcquire(noise.Count);
        if (!places.IsAcquired)
            throw new RefusedException(Refusal.QueueFull);
        var order = new Order(noise, label, places, cancellation, _end.Token);
        if (!_orders.Writer.TryWrite(order))
        {
            order.Dispose();
            throw new RefusedException(Refusal.Stopping);
        }
        return order.Outcome;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.ObserveQueue(() => Waiting);
        _working = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Takes no more, and waits for those that wait, so long as is allowed; then the rest is refused. The server still listens
    /// meanwhile: probes see that the service is not ready, and requests are refused with an answer.
    /// </summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        _orders.Writer.TryComplete();
        await _working.WaitAsync(options.Shutdown, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _end.CancelAsync();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The container does it twice: it made this queue once, and handed it out as a hosted service once more.
    public async ValueTask DisposeAsync()
    {
        // Nobody stops a service that could not start.
        _orders.Writer.TryComplete();
        await _end.CancelAsync();
        // The model is disposed next, and must not be in use then.
        await _working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Work()
    {
        try
        {
            ChannelReader<Order> reader = _orders.Reader;
            while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                var batch = new List<Order>();
                for (int count = 0; count < options.BatchSize && reader.TryRead(out Order? order); count += order.Noise.Count)
                    batch.Add(order);
                Complete(batch);
            }
        }
        finally
        {
            // Whatever ended it, nobody is to wait in vain.
            _orders.Writer.TryComplete();
            _end.Cancel();
            while (_orders.Reader.TryRead(out Order? order))
                order.Dispose();
        }
    }

    private void Complete(List<Order> orders)
    {
        if (TryGenerate(orders) is not { } reason)
            return;
        // What is wrong with one must not be the others' loss, and fewer at once may fit into memory.
        int failures = 0;
        foreach (Order order in orders)
        {
            if ((orders.Count == 1 ? reason : TryGenerate([order])) is not { } own)
                continue;
            (failures, reason) = (failures + 1, own);
            order.Fail(own);
        }
        if (failures > 0)
            LogFailure(reason, failures, orders.Count);
        else
            LogRecovery(reason, orders.Count);
    }

    private Exception? TryGenerate(List<Order> batch)
    {
        ILookup<bool, Order> byCompletion = batch.ToLookup(order => order.Outcome.IsCompleted);
        // Nobody waits for them any more.
        foreach (Order order in byCompletion[true])
            order.Dispose();
        Order[] orders = [.. byCompletion[false]];
        if (orders.Length == 0)
            return null;
        float[][] noise = [.. orders.SelectMany(order => order.Noise)];
        string?[] labels = [.. orders.SelectMany(order => Enumerable.Repeat(order.Label, order.Noise.Count))];
        long start = Stopwatch.GetTimestamp();
        Exception? failure = null;
        try
        {
            IReadOnlyList<GeneratedImage> pictures = generate(noise, labels);
            int first = 0;
            foreach (Order order in orders)
            {
                order.Deliver(pictures.Skip(first).Take(order.Noise.Count).ToArray());
                first += order.Noise.Count;
            }
        }
        catch (Exception reason)
        {
            failure = reason;
        }
        metrics.Generated(noise.Length, Stopwatch.GetElapsedTime(start), failure);
        return failure;
    }

    [LoggerMessage(LogLevel.Error, "{Failures} of {Requests} requests in a minibatch failed.")]
    private partial void LogFailure(Exception reason, int failures, int requests);

    [LoggerMessage(LogLevel.Warning, "A minibatch of {Requests} requests failed, but none of them by itself.")]
    private partial void LogRecovery(Exception reason, int requests);
}
