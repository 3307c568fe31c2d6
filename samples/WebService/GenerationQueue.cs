using System.Threading.Channels;
using Microsoft.Extensions.Hosting;

namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>
/// Requests for pictures that wait at the same moment are generated in one minibatch, by a thread of its own. A minibatch of
/// 32 takes much less time than 32 pictures one by one, and many threads generating at once would only be in each other's way.
/// </summary>
internal sealed class GenerationQueue(DcganTransformer gan, ServiceOptions options) : IHostedService
{
    private readonly Channel<Order> _orders = Channel.CreateUnbounded<Order>(new UnboundedChannelOptions { SingleReader = true });
    private Task _working = Task.CompletedTask;
    private int _waiting;

    /// <summary>Pictures that wait, or are being generated.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Generates pictures.</summary>
    /// <exception cref="BusyException">Too many wait already.</exception>
    /// <exception cref="OperationCanceledException">The caller does not want them any more.</exception>
    public Task<GeneratedImage[]> Generate(IReadOnlyList<float[]> noise, string? label, CancellationToken cancellation)
    {
        var order = new Order(noise, label, cancellation);
        if (Interlocked.Add(ref _waiting, noise.Count) > options.QueueLength || !_orders.Writer.TryWrite(order))
        {
            Interlocked.Add(ref _waiting, -noise.Count);
            throw new BusyException();
        }
        return order.Pictures;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _working = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    /// <summary>Takes no more, and waits until those that wait are done.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _orders.Writer.TryComplete();
        return _working.WaitAsync(cancellationToken);
    }

    private void Work()
    {
        ChannelReader<Order> reader = _orders.Reader;
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            var batch = new List<Order>();
            for (int count = 0; count < options.BatchSize && reader.TryRead(out Order? order); count += order.Noise.Count)
                batch.Add(order);

            // Whose client is gone need not be generated.
            Complete(batch.Where(order => !order.IsCancelled()).ToArray());
            Interlocked.Add(ref _waiting, -batch.Sum(order => order.Noise.Count));
        }
    }

    private void Complete(Order[] orders)
    {
        try
        {
            float[][] noise = orders.SelectMany(order => order.Noise).ToArray();
            IReadOnlyList<GeneratedImage> pictures = gan.Classes.Count == 0
                ? gan.Generate(noise)
                : gan.Generate(noise, orders.SelectMany(order => Enumerable.Repeat(order.Label!, order.Noise.Count)).ToArray());
            int first = 0;
            foreach (Order order in orders)
            {
                order.Deliver(pictures.Skip(first).Take(order.Noise.Count).ToArray());
                first += order.Noise.Count;
            }
        }
        catch (Exception failure)
        {
            foreach (Order order in orders)
                order.Fail(failure);
        }
    }

    private sealed class Order(IReadOnlyList<float[]> noise, string? label, CancellationToken cancellation)
    {
        // What waits for pictures must not go on in the thread that generates them.
        private readonly TaskCompletionSource<GeneratedImage[]> _pictures = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<float[]> Noise => noise;

        public string? Label => label;

        public Task<GeneratedImage[]> Pictures => _pictures.Task;

        public bool IsCancelled() => cancellation.IsCancellationRequested && _pictures.TrySetCanceled(cancellation);

        public void Deliver(GeneratedImage[] pictures) => _pictures.TrySetResult(pictures);

        public void Fail(Exception failure) => _pictures.TrySetException(failure);
    }
}

/// <summary>Too many pictures wait already.</summary>
internal sealed class BusyException : Exception;
