using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// Looks after a training in progress: at intervals, and whenever its losses are no longer numbers, it looks for symptoms of
/// what can go wrong, raises an alarm where they last, and decides what becomes of the training.
/// </summary>
internal sealed class HealthMonitor : IDisposable
{
    private readonly GanNetworks _networks;
    private readonly AdversarialStep _step;
    private readonly HealthSettings _settings;
    private readonly Action<TrainingEvent>? _alarmed;
    private readonly IHealthCheck[] _checks;
    private readonly int[] _looksWithSymptom;
    private readonly List<TrainingEvent> _events = [];
    private readonly HealthyWeights _healthy;
    private readonly ImageDiversity? _diversity;
    private readonly Tensor _measured;
    private long _lookedAt;

    /// <param name="networks">What is trained.</param>
    /// <param name="step">What trains it.</param>
    /// <param name="images">What it is trained on.</param>
    /// <param name="settings">The training's.</param>
    /// <param name="random">The training's.</param>
    /// <param name="alarmed">Is told of each alarm at once.</param>
    public HealthMonitor(GanNetworks networks, AdversarialStep step, TrainingImages images, TrainingSettings settings,
        TrainingRandom random, Action<TrainingEvent>? alarmed)
    {
        _networks = networks;
        _step = step;
        _settings = settings.Health;
        _alarmed = alarmed;
        _checks = [new DivergenceCheck(settings), new OvershootCheck(settings), new DiscriminatorWinsCheck(settings), new CollapseCheck()];
        _looksWithSymptom = new int[_checks.Length];
        _healthy = new HealthyWeights(networks);
        _measured = zeros(StepMeasures.Count, device: networks.Device).DetachFromDisposeScope();
        if (_settings.Interval > 0)
            _diversity = new ImageDiversity(images, networks.Shape.NoiseSize, random.At(RandomPurpose.Health), networks.Device);
    }

    /// <summary>All alarms, in order.</summary>
    public IReadOnlyList<TrainingEvent> Events => _events;

    /// <summary>Whether training is to end.</summary>
    public bool HasStopped { get; private set; }

    /// <summary>The step that the weights come from that were given back when training was stopped; null if it was not.</summary>
    public long? RestoredStep { get; private set; }

    /// <summary>Looks at the training images, before the first step.</summary>
    /// <param name="images">How many there are.</param>
    /// <exception cref="InvalidOperationException">There is nothing to begin with.</exception>
    public void LookAtImages(long images)
    {
        if (_diversity is { } diversity && TrainingSetCheck.Symptom(images, diversity.OfReal) is string symptom)
            Raise(TrainingAlarm.NothingToLearn, symptom, HealthReading.Before);
    }

    /// <summary>Takes a step's measures, still on the device.</summary>
    public void Add(Tensor measures) => _measured.add_(measures);

    /// <param name="images">How many have been trained on.</param>
    public bool IsDue(long images) => _settings.Interval > 0 && images - _lookedAt >= _settings.Interval;

    /// <summary>Looks at the training after a step. Returns the diversity of what the generator makes, or null where there is no telling.</summary>
    /// <exception cref="InvalidOperationException">There is nothing to go on with.</exception>
    public double? Look(long step, long images)
    {
        double? diversity = _diversity is { OfReal: >= TrainingSetCheck.LeastSpread } ? _diversity.Of(_networks.Generator) : null;
        var reading = new HealthReading(step, images, StepMeasures.Mean(_measured), WeightsAreFinite(), diversity);
        _measured.zero_();
        _lookedAt = images;

        bool isHealthy = true;
        for (int i = 0; i < _checks.Length && !HasStopped; i++)
        {
            string? symptom = _checks[i].Symptom(reading);
            isHealthy &= symptom == null;
            _looksWithSymptom[i] = symptom == null ? 0 : _looksWithSymptom[i] + 1;
            if (symptom != null && _looksWithSymptom[i] == _checks[i].Looks)
                Raise(_checks[i].Alarm, symptom, reading);
        }
        if (isHealthy && _settings.Policy == DcganHealthPolicy.Stop)
            _healthy.Keep(step);
        return diversity is double found && double.IsFinite(found) ? found : null;
    }

    public void Dispose()
    {
        _healthy.Dispose();
        _diversity?.Dispose();
        _measured.Dispose();
    }

    private void Raise(TrainingAlarm alarm, string symptom, HealthReading reading)
    {
        var raised = new TrainingEvent { Alarm = alarm, Step = reading.Step, Images = reading.Images, Action = Reaction, Message = symptom };
        _events.Add(raised);
        _alarmed?.Invoke(raised);
        if (raised.Action == DcganHealthPolicy.Stop && _healthy.Step is long healthy)
        {
            _healthy.Restore();
            (HasStopped, RestoredStep) = (true, healthy);
        }
        else if (raised.Action == DcganHealthPolicy.Stop || !reading.IsFinite)
        {
            throw new InvalidOperationException(symptom);
        }
    }

    // The one place that decides what becomes of the training. Rolling back is not done yet: it stops.
    private DcganHealthPolicy Reaction => _settings.Policy == DcganHealthPolicy.RollBack ? DcganHealthPolicy.Stop : _settings.Policy;

    private bool WeightsAreFinite()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Tensor sums = stack([_step.GeneratorOptimizer.Weights.All.sum(), _step.DiscriminatorOptimizer.Weights.All.sum()]);
        return sums.cpu().data<float>().All(float.IsFinite);
    }
}
