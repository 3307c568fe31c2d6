using Microsoft.ML.Dcgan.Distributed;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Checks a training in progress: at intervals, and whenever its losses are no longer numbers, it checks for symptoms of what can
/// go wrong, raises an alarm where they last, and decides what becomes of the training.</summary>
internal sealed class HealthMonitor(GanNetworks networks, TrainingState state, Dataset images, DcganEstimator.Options options,
    SeededRandom random, Action<TrainingEvent>? alarmed, Communicator? ranks = null) : IDisposable
{
    /// <summary>What learning rates are multiplied by when training goes back.</summary>
    public const double SlowDown = 0.25;

    private const int MostRollBacks = 8;

    // They all see the same, and do the same.
    private readonly Communicator _ranks = ranks ?? Communicator.Alone;

    private readonly IReadOnlyList<HealthCheck> _checks = HealthCheck.Create(state.Step.Loss, options);

    private readonly ImageDiversity? _diversity = options.HealthInterval > 0
        ? new ImageDiversity(images, networks.Shape, random.At(RandomPurpose.Health), networks.Device)
        : null;

    /// <summary>Whether training is to end.</summary>
    public bool HasStopped { get; private set; }

    public bool IsDue => options.HealthInterval > 0 && state.Images - state.Resumable.Health.ReadAt >= options.HealthInterval;

    /// <summary>Checks the training images, before the first step.</summary>
    /// <exception cref="InvalidOperationException">There is nothing to begin with.</exception>
    public void CheckImages()
    {
        if (_diversity is { } diversity && HealthCheck.NothingToLearn(images.Count, diversity.OfReal) is string symptom)
            Raise(TrainingAlarm.NothingToLearn, symptom, canGoOn: true);
    }

    /// <summary>Checks the training after a step. Returns the diversity of generated images, or null where there is no telling.</summary>
    /// <exception cref="InvalidOperationException">There is nothing to go on with.</exception>
    public double? Check()
    {
        HealthState before = state.Resumable.Health;
        double? diversity = _diversity is { OfReal: >= HealthCheck.LeastSpread }
            ? _ranks.FromRoot(() => _diversity.Measure(networks.Generator))
            : null;
        StepStatistics mean = StepStatistics.Mean(state.MeasuredSinceReading);
        var reading = new HealthReading(state.Done, state.Images, mean, WeightsAreFinite(), diversity, before.GreatestDiversity);
        state.MeasuredSinceReading.zero_();

        string?[] symptoms = _checks.Select(check => check.Symptom(reading)).ToArray();
        int[] streaks = symptoms.Select((symptom, i) => symptom == null ? 0 : before.Streaks.ElementAtOrDefault(i) + 1).ToArray();
        double? found = diversity is double measured && double.IsFinite(measured) ? measured : null;
        bool isHealthy = symptoms.All(symptom => symptom == null);
        if (isHealthy)
            state.Healthy?.Keep();
        state.Resumable.Health = before with
        {
            ReadAt = state.Images,
            Streaks = streaks,
            GreatestDiversity = Math.Max(before.GreatestDiversity, found ?? 0),
            HealthyAt = isHealthy ? state.Done : before.HealthyAt,
        };

        for (int i = 0; i < _checks.Count; i++)
        {
            // What it was is gone where training has gone back.
            if (streaks[i] == _checks[i].LeastStreak && Raise(_checks[i].Alarm, symptoms[i]!, reading.IsFinite) != DcganHealthPolicy.Warn)
                break;
        }
        return found;
    }

    public void Dispose() => _diversity?.Dispose();

    private DcganHealthPolicy Raise(TrainingAlarm alarm, string symptom, bool canGoOn)
    {
        HealthState health = state.Resumable.Health;
        DcganHealthPolicy action = options.HealthPolicy switch
        {
            // No going back makes images differ.
            DcganHealthPolicy.RollBack when alarm == TrainingAlarm.NothingToLearn => DcganHealthPolicy.Warn,
            // Where going back has not helped, what was healthy is what there is.
            DcganHealthPolicy.RollBack when health is { RollBacks: MostRollBacks, HealthyAt: > 0 } => DcganHealthPolicy.Stop,
            var asked => asked,
        };
        state.Note(alarm, action, symptom, alarmed);
        switch (action)
        {
            case DcganHealthPolicy.Stop when state.Healthy != null && health.HealthyAt > 0:
                state.Healthy.Restore();
                HasStopped = true;
                break;
            case DcganHealthPolicy.RollBack when health.RollBacks == MostRollBacks:
                throw Communicator.OfAll(new InvalidOperationException($"{symptom} Going back {MostRollBacks} times, " +
                    $"with learning rates at last {health.RateScale:G2} of what they were, did not help."));
            case DcganHealthPolicy.RollBack when state.Healthy != null:
                // To the first weights, where training was never healthy. The count of minibatches goes on.
                state.Healthy.Restore();
                state.Resumable.Health = health with { Streaks = [], RollBacks = health.RollBacks + 1 };
                break;
            case DcganHealthPolicy.Warn when canGoOn:
                break;
            default:
                throw Communicator.OfAll(new InvalidOperationException(symptom));
        }
        return action;
    }

    private bool WeightsAreFinite()
    {
        using var scope = new NoGradScope();
        Tensor sums = stack([state.Step.GeneratorOptimizer.Weights.All.sum(), state.Step.DiscriminatorOptimizer.Weights.All.sum()]);
        return sums.cpu().data<float>().All(float.IsFinite);
    }
}

/// <summary>How much a generator's images differ from one another: the mean squared difference of the pixels of two images, over that of
/// two training images. The same noise and the same training images each time.</summary>
internal sealed class ImageDiversity : IDisposable
{
    private const long RealImages = 256;
    private const long GeneratedImages = 64;

    private readonly Tensor _noise;

    public ImageDiversity(Dataset images, NetworkShape shape, TorchSharp.torch.Generator random, Device device)
    {
        using var scope = new NoGradScope();
        Tensor noise = shape.DrawNoise(GeneratedImages, random);
        Tensor chosen = randperm(images.Count, ScalarType.Int64, generator: random).narrow(0, 0, Math.Min(RealImages, images.Count));

        // Of the same classes as the real ones, again from the first where there are too few.
        Tensor? labels = images.Labels is not { } all
            ? null
            : tensor(all.ToArray()).index_select(0, chosen).repeat(GeneratedImages).narrow(0, 0, GeneratedImages);
        _noise = shape.WithLabels(noise, labels).to(device).DetachFromDisposeScope();
        OfReal = Spread(ImageBytes.Normalize(images.Gather(chosen), device));
    }

    /// <summary>The mean squared difference of the pixels, from -1 to 1, of two training images; 0 where there is but one.</summary>
    public double OfReal { get; }

    /// <summary>The ratio: 1 where generated images differ as training images do.</summary>
    public double Measure(Networks.Generator generator)
    {
        using var scope = new NoGradScope();
        generator.eval();
        Tensor images = generator.call(_noise);
        generator.train();
        return Spread(images) / OfReal;
    }

    public void Dispose() => _noise.Dispose();

    // The mean over all pairs is twice the unbiased variance.
    private static double Spread(Tensor images)
    {
        long count = images.shape[0];
        return count < 2 ? 0 : (images - images.mean([0], keepdim: true)).Square().mean().item<float>() * 2 * count / (count - 1);
    }
}
