namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>Pictures that somebody waits for. Their places in the queue are taken until it is disposed.</summary>
internal sealed class Order : IDisposable
{
    // What waits for pictures must not go on in the thread that generates them.
    private readonly TaskCompletionSource<Order> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _cancelled, _refused;
    private readonly IDisposable _places;

    /// <param name="noise">A vector for each picture.</param>
    /// <param name="label">Their class, if the model has classes.</param>
    /// <param name="places">Their places in the queue.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    /// <param name="end">The service ends.</param>
    public Order(IReadOnlyList<float[]> noise, string? label, IDisposable places, CancellationToken cancellation, CancellationToken end)
    {
        (Noise, Label, _places) = (noise, label, places);
        _cancelled = cancellation.UnsafeRegister((_, token) => _outcome.TrySetCanceled(token), null);
        _refused = end.UnsafeRegister(_ => _outcome.TrySetException(new RefusedException(Refusal.Stopping)), null);
    }

    public IReadOnlyList<float[]> Noise { get; }

    public string? Label { get; }

    /// <summary>Once the outcome is there.</summary>
    public GeneratedImage[] Pictures { get; private set; } = [];

    /// <summary>This order with its pictures; it is then for who waited to dispose. Otherwise why there are none.</summary>
    public Task<Order> Outcome => _outcome.Task;

    public void Deliver(GeneratedImage[] pictures)
    {
        Pictures = pictures;
        if (!_outcome.TrySetResult(this))
            Dispose();
    }

    public void Fail(Exception failure)
    {
        _outcome.TrySetException(new GenerationException(failure));
        Dispose();
    }

    public void Dispose()
    {
        _cancelled.Dispose();
        _refused.Dispose();
        _places.Dispose();
    }
}

/// <summary>Pictures could not be generated.</summary>
internal sealed class GenerationException(Exception reason) : Exception("The pictures could not be generated.", reason);
