using System;
using System.Collections.Generic;
using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// Evaluates a generator at intervals while it trains, keeps a copy of the best one, and says when it has long not become
/// better. GANs do not improve steadily, nor do their losses say how good their images are.
/// </summary>
internal sealed class BestGenerator : IDisposable
{
    private readonly GanNetworks _networks;
    private readonly IGeneratorEvaluation _evaluation;
    private readonly EvaluationSettings _settings;
    private readonly Dictionary<string, Tensor> _kept = [];
    private long _evaluatedAt;
    private int _evaluationsSince;

    public BestGenerator(GanNetworks networks, IGeneratorEvaluation evaluation, EvaluationSettings settings)
    {
        _networks = networks;
        _evaluation = evaluation;
        _settings = settings;
    }

    /// <summary>The distance of the best one; null before the first evaluation.</summary>
    public double? Distance { get; private set; }

    /// <summary>The step after which it was the best.</summary>
    public long? Step { get; private set; }

    /// <summary>Whether as many evaluations as the user's patience allows brought nothing better.</summary>
    public bool HasStalled => _settings.Patience > 0 && _evaluationsSince >= _settings.Patience;

    /// <param name="images">How many have been trained on.</param>
    public bool IsDue(long images) => images - _evaluatedAt >= _settings.Interval;

    /// <summary>Measures the generator as it is now, and keeps it if it is the best.</summary>
    public double Evaluate(long step, long images)
    {
        _networks.Generator.eval();
        double distance = _evaluation.Distance(_networks);
        _networks.Generator.train();

        _evaluatedAt = images;
        _evaluationsSince++;
        if (Distance is not double best || distance < best)
        {
            Keep();
            (Distance, Step, _evaluationsSince) = (distance, step, 0);
        }
        return distance;
    }

    /// <summary>Gives the generator the weights of the best one, if any was evaluated.</summary>
    public void Restore()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach ((string name, Tensor tensor) in _networks.Generator.state_dict())
        {
            if (_kept.TryGetValue(name, out Tensor? best))
                tensor.copy_(best);
        }
    }

    public void Dispose()
    {
        foreach (Tensor tensor in _kept.Values)
            tensor.Dispose();
    }

    private void Keep()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach ((string name, Tensor tensor) in _networks.Generator.state_dict())
        {
            if (_kept.TryGetValue(name, out Tensor? kept))
                kept.copy_(tensor);
            else
                _kept[name] = tensor.clone().DetachFromDisposeScope();
        }
    }
}
