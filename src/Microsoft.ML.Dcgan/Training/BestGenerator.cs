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
    private readonly KeptTensors _tensors;
    private BestFacts _facts = new(null, null, 0, 0);

    public BestGenerator(GanNetworks networks, IGeneratorEvaluation evaluation, EvaluationSettings settings)
    {
        using var scope = NewDisposeScope();
        _networks = networks;
        _evaluation = evaluation;
        _settings = settings;
        _tensors = new KeptTensors(networks.Generator.state_dict().Select(entry => (entry.Key, entry.Value)));
    }

    /// <summary>The distance of the best one; null before the first evaluation.</summary>
    public double? Distance => _facts.Distance;

    /// <summary>The step after which it was the best.</summary>
    public long? Step => _facts.Step;

    /// <summary>Whether as many evaluations as the user's patience allows brought nothing better.</summary>
    public bool HasStalled => _settings.Patience > 0 && _facts.EvaluationsSince >= _settings.Patience;

    /// <summary>All that the next evaluation depends on, but the tensors.</summary>
    public BestFacts Facts
    {
        get => _facts;
        set => _facts = value;
    }

    /// <summary>The best one's weights and statistics.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State => _tensors.State;

    /// <param name="images">How many have been trained on.</param>
    public bool IsDue(long images) => images - _facts.EvaluatedAt >= _settings.Interval;

    /// <summary>Measures the generator as it is now, and keeps it if it is the best.</summary>
    public double Evaluate(long step, long images)
    {
        _networks.Generator.eval();
        double distance = _evaluation.Distance(_networks);
        _networks.Generator.train();

        _facts = _facts with { EvaluatedAt = images, EvaluationsSince = _facts.EvaluationsSince + 1 };
        if (Distance is not double best || distance < best)
        {
            _tensors.Keep();
            _facts = new(distance, step, images, 0);
        }
        return distance;
    }

    /// <summary>Gives the generator the weights of the best one, if any was evaluated.</summary>
    public void Restore()
    {
        if (Distance != null)
            _tensors.Restore();
    }

    public void Dispose() => _tensors.Dispose();
}

/// <summary>How evaluations stand.</summary>
/// <param name="Distance">The best generator's.</param>
/// <param name="Step">After which it was the best.</param>
/// <param name="EvaluatedAt">How many images had been trained on at the last evaluation.</param>
/// <param name="EvaluationsSince">How many evaluations after the best one.</param>
internal sealed record BestFacts(double? Distance, long? Step, long EvaluatedAt, int EvaluationsSince);
