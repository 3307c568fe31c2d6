using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Both networks as they were when training was last healthy.</summary>
internal sealed class HealthyWeights(GanNetworks networks) : IDisposable
{
    private List<Tensor> _kept = [];

    /// <summary>The step after which they were; null before there is any.</summary>
    public long? Step { get; private set; }

    public void Keep(long step)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        if (_kept.Count == 0)
            _kept = State.Select(tensor => tensor.clone().DetachFromDisposeScope()).ToList();
        else
            Copy(_kept, State);
        Step = step;
    }

    /// <summary>Gives both networks what was kept.</summary>
    public void Restore()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Copy(State, _kept);
    }

    public void Dispose() => _kept.ForEach(tensor => tensor.Dispose());

    // In the same order each time: that in which modules were registered.
    private IEnumerable<Tensor> State => networks.Generator.state_dict().Values.Concat(networks.Discriminator.state_dict().Values);

    private static void Copy(IEnumerable<Tensor> to, IEnumerable<Tensor> from)
    {
        foreach ((Tensor target, Tensor source) in to.Zip(from))
            target.copy_(source);
    }
}
