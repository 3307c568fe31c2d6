using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// Checks a training in progress: at intervals, and whenever its losses are no longer numbers, it checks for symptoms of
/// what can go wrong, raises an alarm where they last, and decides what becomes of the training.
/// </summary>
internal sealed class HealthMonitor : IDisposable
{
    // What learning rates are multiplied by when training goes back, and how often it may.
    private const double SlowDown = 0.25;
    private const int MostRollBacks = 8;

    private readonly GanNetworks _networks;
    private readonly TrainingState _state;
    private readonly DcganEstimator.Options _settings;
    private readonly Action<TrainingEvent>? _alarmed;
    private readonly HealthCheck[] _checks;
    private readonly ImageDiversity? _diversity;

    /// <param name="networks">What is trained.</param>
    /// <param name="state">How far.</param>
    /// <param name="images">What it is trained on.</param>
    /// <param name="settings">The training's.</param>
    /// <param name="random">The training's.</param>
    /// <param name="alarmed">Is told of each alarm at once.</param>
    public HealthMonitor(GanNetworks networks, TrainingState state, Dataset images, DcganEstimator.Options settings,
        SeededRandom random, Action<TrainingEvent>? alarmed)
    {
        _networks = networks;
        _state = state;
        _settings = settings;
        _alarmed = alarmed;
        _checks =
        [
            new DivergenceCheck(settings), new OvershootCheck(state.Step.Loss, settings),
            new DiscriminatorWinsCheck(state.Step.Loss, settings), new CollapseCheck(),
        ];
        if (_settings.HealthInterval > 0)
            _diversity = new ImageDiversity(images, networks.Shape, random.At(RandomPurpose.Health), networks.Device);
    }

    /// <summary>Whether training is to end.</summary>
    public bool HasStopped { get; private set; }

    /// <summary>Checks the training images, before the first step.</summary>
    /// <param name="images">How many there are.</param>
    /// <exception cref="InvalidOperationException">There is nothing to begin with.</exception>
    public void CheckImages(long images)
    {
        if (_diversity is { } diversity && TrainingSetCheck.Symptom(images, diversity.OfReal) is string symptom)
            Raise(TrainingAlarm.NothingToLearn, symptom, HealthReading.Before);
    }

    /// <param name="images">How many have been trained on.</param>
    public bool IsDue(long images) => _settings.HealthInterval > 0 && images - _state.Health.ReadAt >= _settings.HealthInterval;

    /// <summary>Checks the training after a step. Returns the diversity of generated images, or null where there is no telling.</summary>
    /// <param name="images">How many have been trained on.</param>
    /// <exception cref="InvalidOperationException">There is nothing to go on with.</exception>
    public double? Check(long images)
    {
        HealthState before = _state.Health;
        double? diversity = _diversity is { OfReal: >= TrainingSetCheck.LeastSpread } ? _diversity.Of(_networks.Generator) : null;
        StepStatistics mean = StepStatistics.Mean(_state.MeasuredSinceReading);
        var reading = new HealthReading(_state.Done, images, mean, WeightsAreFinite(), diversity, before.GreatestDiversity);
        _state.MeasuredSinceReading.zero_();

        string?[] symptoms = _checks.Select(check => check.Symptom(reading)).ToArray();
        int[] streaks = symptoms.Select((symptom, i) => symptom == null ? 0 : before.Streaks.ElementAtOrDefault(i) + 1).ToArray();
        double? found = diversity is double measured && double.IsFinite(measured) ? measured : null;
        double greatest = Math.Max(before.GreatestDiversity, found ?? 0);
        _state.Health = before with { ReadAt = images, Streaks = streaks, GreatestDiversity = greatest };

        if (symptoms.All(symptom => symptom == null))
            _state.Healthy?.Take();
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
        DcganHealthPolicy action = alarm == TrainingAlarm.NothingToLearn && _settings.HealthPolicy == DcganHealthPolicy.RollBack
            ? DcganHealthPolicy.Warn
            : _settings.HealthPolicy;
        var raised = new TrainingEvent { Alarm = alarm, Step = reading.Step, Images = reading.Images, Action = action, Message = symptom };
        _state.Note(raised);
        _alarmed?.Invoke(raised);
        switch (action)
        {
            case DcganHealthPolicy.Stop when _state is { Healthy: { } healthy, LastHealthy.Done: > 0 }:
                healthy.Restore();
                HasStopped = true;
                break;
            case DcganHealthPolicy.RollBack when _state.Health.RollBacks < MostRollBacks:
                RollBack();
                break;
            case DcganHealthPolicy.RollBack:
                throw new InvalidOperationException($"{symptom} Going back {MostRollBacks} times, " +
                    $"with learning rates at last {Math.Pow(SlowDown, MostRollBacks):G2} of what they were, did not help.");
            case DcganHealthPolicy.Warn when reading.IsFinite:
                break;
            default:
                throw new InvalidOperationException(symptom);
        }
        return action;
    }

    // To the first weights, where training was never healthy.
    private void RollBack()
    {
        _state.Healthy!.Restore();
        _state.Step.RateScale *= SlowDown;
        _state.Health = _state.Health with { Streaks = [], RollBacks = _state.Health.RollBacks + 1 };
    }

    private bool WeightsAreFinite()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Tensor sums = stack([_state.Step.GeneratorOptimizer.Weights.All.sum(), _state.Step.DiscriminatorOptimizer.Weights.All.sum()]);
        return sums.cpu().data<float>().All(float.IsFinite);
    }
}

/// <summary>
/// How much a generator's images differ from one another: the mean squared difference of the pixels of two images, over that
/// of two training images. The same noise and the same training images each time.
/// </summary>
internal sealed class ImageDiversity : IDisposable
{
    private const long RealImages = 256;
    private const long GeneratedImages = 64;

    private readonly Tensor _noise;

    /// <param name="images">The training set.</param>
    /// <param name="shape">What the generator takes.</param>
    /// <param name="random">Chooses training images, and the noise.</param>
    /// <param name="device">Where to generate.</param>
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
    public double Of(Networks.Generator generator)
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
