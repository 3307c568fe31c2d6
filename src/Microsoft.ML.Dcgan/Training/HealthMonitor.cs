using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Checks a training in progress: at intervals, and whenever its losses are no longer numbers, it checks for symptoms of what can
/// go wrong, raises an alarm where they last, and decides what becomes of the training.</summary>
internal sealed class HealthMonitor(GanNetworks networks, TrainingState state, Dataset images, DcganEstimator.Options options,
    SeededRandom random, Action<TrainingEvent>? alarmed) : IDisposable
{
    // What learning rates are multiplied by when training goes back, and how often it may.
    private const double SlowDown = 0.25;
    private const int MostRollBacks = 8;

    private readonly HealthCheck[] _checks =
    [
        new DivergenceCheck(options), new OvershootCheck(state.Step.Loss, options),
        new DiscriminatorWinsCheck(state.Step.Loss, options), new CollapseCheck(),
    ];

    private readonly ImageDiversity? _diversity = options.HealthInterval > 0
        ? new ImageDiversity(images, networks.Shape, random.At(RandomPurpose.Health), networks.Device)
        : null;

    /// <summary>Whether training is to end.</summary>
    public bool HasStopped { get; private set; }

    /// <summary>Checks the training images, before the first step.</summary>
    /// <exception cref="InvalidOperationException">There is nothing to begin with.</exception>
    public void CheckImages()
    {
        if (_diversity is { } diversity && TrainingSetCheck.Symptom(images.Count, diversity.OfReal) is string symptom)
            Raise(TrainingAlarm.NothingToLearn, symptom, HealthReading.Before);
    }

    /// <param name="done">How many images have been trained on.</param>
    public bool IsDue(long done) => options.HealthInterval > 0 && done - state.Health.ReadAt >= options.HealthInterval;

    /// <summary>Checks the training after a step. Returns the diversity of generated images, or null where there is no telling.</summary>
    /// <param name="done">How many images have been trained on.</param>
    /// <exception cref="InvalidOperationException">There is nothing to go on with.</exception>
    public double? Check(long done)
    {
        HealthState before = state.Health;
        double? diversity = _diversity is { OfReal: >= TrainingSetCheck.LeastSpread } ? _diversity.Measure(networks.Generator) : null;
        StepStatistics mean = StepStatistics.Mean(state.MeasuredSinceReading);
        var reading = new HealthReading(state.Done, done, mean, WeightsAreFinite(), diversity, before.GreatestDiversity);
        state.MeasuredSinceReading.zero_();

        string?[] symptoms = _checks.Select(check => check.Symptom(reading)).ToArray();
        int[] streaks = symptoms.Select((symptom, i) => symptom == null ? 0 : before.Streaks.ElementAtOrDefault(i) + 1).ToArray();
        double? found = diversity is double measured && double.IsFinite(measured) ? measured : null;
        double greatest = Math.Max(before.GreatestDiversity, found ?? 0);
        state.Health = before with { ReadAt = done, Streaks = streaks, GreatestDiversity = greatest };

        if (symptoms.All(symptom => symptom == null))
            state.KeepHealthy();
        for (int i = 0; i < _checks.Length; i++)
        {
            // What it was is gone where training has gone back.
            if (streaks[i] == _checks[i].LeastStreak && Raise(_checks[i].Alarm, symptoms[i]!, reading) != DcganHealthPolicy.Warn)
                break;
        }
        return found;
    }

    public void Dispose() => _diversity?.Dispose();

    private DcganHealthPolicy Raise(TrainingAlarm alarm, string symptom, HealthReading reading)
    {
        // No going back makes images differ.
        DcganHealthPolicy action = alarm == TrainingAlarm.NothingToLearn && options.HealthPolicy == DcganHealthPolicy.RollBack
            ? DcganHealthPolicy.Warn
            : options.HealthPolicy;
        var raised = new TrainingEvent { Alarm = alarm, Step = reading.Step, Images = reading.Images, Action = action, Message = symptom };
        state.Note(raised);
        alarmed?.Invoke(raised);
        switch (action)
        {
            case DcganHealthPolicy.Stop when state is { Healthy: not null, LastHealthy.Done: > 0 }:
                state.RestoreHealthy();
                HasStopped = true;
                break;
            case DcganHealthPolicy.RollBack when state.Health.RollBacks == MostRollBacks:
                throw new InvalidOperationException($"{symptom} Going back {MostRollBacks} times, " +
                    $"with learning rates at last {Math.Pow(SlowDown, MostRollBacks):G2} of what they were, did not help.");
            case DcganHealthPolicy.RollBack when state.Healthy != null:
                // To the first weights, where training was never healthy.
                state.RestoreHealthy();
                state.Step.RateScale *= SlowDown;
                state.Health = state.Health with { Streaks = [], RollBacks = state.Health.RollBacks + 1 };
                break;
            case DcganHealthPolicy.Warn when reading.IsFinite:
                break;
            default:
                throw new InvalidOperationException(symptom);
        }
        return action;
    }

    private bool WeightsAreFinite()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
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
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Tensor noise = TrainingNoise.Draw(shape, GeneratedImages, random);
        Tensor chosen = randperm(images.Count, ScalarType.Int64, generator: random).narrow(0, 0, Math.Min(RealImages, images.Count));
        _noise = ClassLabels.Append(noise, LabelsOf(images, chosen), shape.Classes).to(device).DetachFromDisposeScope();
        OfReal = Spread(ImageBytes.Normalize(images.Gather(chosen), device));
    }

    /// <summary>The mean squared difference of the pixels, from -1 to 1, of two training images; 0 where there is but one.</summary>
    public double OfReal { get; }

    /// <summary>The ratio: 1 where generated images differ as training images do.</summary>
    public double Measure(Networks.Generator generator)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        generator.eval();
        Tensor images = generator.call(_noise);
        generator.train();
        return Spread(images) / OfReal;
    }

    public void Dispose() => _noise.Dispose();

    // Of the same classes as the real ones, again from the first where there are too few.
    private static Tensor? LabelsOf(Dataset images, Tensor chosen)
    {
        if (images.Labels is not { } labels)
            return null;
        long[] indices = chosen.data<long>().ToArray();
        return tensor(Enumerable.Range(0, (int)GeneratedImages).Select(i => labels[(int)indices[i % indices.Length]]).ToArray());
    }

    // The mean over all pairs is twice the unbiased variance.
    private static double Spread(Tensor images)
    {
        long count = images.shape[0];
        return count < 2 ? 0 : (images - images.mean([0], keepdim: true)).square().mean().item<float>() * 2 * count / (count - 1);
    }
}
