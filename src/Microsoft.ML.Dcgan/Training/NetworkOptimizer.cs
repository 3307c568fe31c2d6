using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Adam (Kingma and Ba 2015) over all weights of a network.</summary>
internal sealed class NetworkOptimizer : IDisposable
{
    private readonly FlatWeights _weights;
    private readonly Adam _adam;

    public NetworkOptimizer(nn.Module network, TrainingSettings settings)
    {
        _weights = new FlatWeights(network);
        _adam = optim.Adam(_weights.Pieces, settings.LearningRate, settings.Beta1, settings.Beta2);
    }

    public FlatWeights Weights => _weights;

    /// <summary>What Adam remembers, piece by piece: the means of the gradients and of their squares, and how many steps they are of.</summary>
    public IEnumerable<Adam.State> Moments => _adam.state_dict().State.Cast<Adam.State>();

    /// <summary>Sets all gradients to 0.</summary>
    public void ForgetGradients() => _weights.ForgetGradients();

    /// <summary>Moves the weights by their gradients.</summary>
    public void Step(double learningRate)
    {
        foreach (optim.ILearningRateController group in _adam.ParamGroups)
            group.LearningRate = learningRate;
        _adam.step();
    }

    public void Dispose()
    {
        _adam.Dispose();
        _weights.Dispose();
    }
}
