using System.Diagnostics.Metrics;

namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>What the service counts and measures besides ASP.NET Core's own metrics, named as OpenTelemetry names things.</summary>
internal sealed class ServiceMetrics
{
    public const string MeterName = "Microsoft.ML.Dcgan.WebService";
    private const string Image = "{image}";
    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Histogram<int> _batchSize;
    private readonly Counter<long> _images, _refused;

    public ServiceMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterName);
        _duration = _meter.CreateHistogram("dcgan.generation.duration", "s", "Time that a minibatch took to generate.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
        _batchSize = _meter.CreateHistogram("dcgan.generation.batch.size", Image, "Pictures in a minibatch.", tags: null,
            new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128] });
        _images = _meter.CreateCounter<long>("dcgan.generation.images", Image, "Pictures that were generated.");
        _refused = _meter.CreateCounter<long>("dcgan.generation.refused", "{request}", "Requests for pictures that were not taken.");
    }

    public void ObserveQueue(Func<int> length) => _meter.CreateObservableUpDownCounter("dcgan.generation.queue.length", length, Image,
        "Pictures that wait, are being generated, or are being put into a file.");

    /// <param name="images">Pictures in the minibatch.</param>
    /// <param name="elapsed">What it took.</param>
    /// <param name="failure">Why it failed, if it did.</param>
    public void Generated(int images, TimeSpan elapsed, Exception? failure)
    {
        _batchSize.Record(images);
        if (failure == null)
        {
            _images.Add(images);
            _duration.Record(elapsed.TotalSeconds);
        }
        else
        {
            _duration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("error.type", failure.GetType().FullName));
        }
    }

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("dcgan.refusal.reason", reason));
}
