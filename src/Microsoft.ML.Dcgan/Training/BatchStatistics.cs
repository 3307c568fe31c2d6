using Microsoft.ML.Dcgan.Networks;
using TorchSharp.Modules;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>The statistics that a generator's batch normalisation has in use: of many minibatches through the weights as they are
/// ("standing statistics": Brock, Donahue and Simonyan 2019, appendix C). Running ones are of weights that have changed since, and an
/// average's are of no weights at all.</summary>
internal static class BatchStatistics
{
    private const int MinibatchCount = 50;
    private const long BatchSize = 64;

    /// <summary>Gives the generator those of its weights, and leaves it in evaluation mode. Classes are as frequent as in
    /// <paramref name="images"/>.</summary>
    public static void Estimate(GanNetworks networks, Dataset images, torch.Generator random)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        BatchNorm2d[] normalizations = [.. networks.Generator.modules().OfType<BatchNorm2d>()];
        double?[] momenta = [.. normalizations.Select(normalization => normalization.momentum)];
        // In evaluation mode but for these: nothing is dropped out. Without a momentum, all minibatches count alike.
        networks.Generator.eval();
        foreach (BatchNorm2d normalization in normalizations)
        {
            normalization.reset_running_stats();
            normalization.momentum = null;
            normalization.train();
        }
        Tensor? all = images.Labels is { } labels ? tensor(labels.ToArray()) : null;
        for (int i = 0; i < MinibatchCount; i++)
        {
            using var minibatch = NewDisposeScope();
            Tensor noise = networks.Shape.DrawNoise(BatchSize, random);
            Tensor? chosen = all?.index_select(0, randint(0, images.Count, [BatchSize], ScalarType.Int64, generator: random));
            networks.Generator.call(networks.Shape.WithLabels(noise, chosen).to(networks.Device));
        }
        foreach ((BatchNorm2d normalization, double? momentum) in normalizations.Zip(momenta))
        {
            normalization.momentum = momentum;
            normalization.eval();
        }
    }
}
