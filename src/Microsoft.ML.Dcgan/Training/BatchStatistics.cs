using Microsoft.ML.Dcgan.Networks;

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
        using var scope = new NoGradScope();
        BatchNormalization[] normalizations = [.. networks.Generator.modules().OfType<BatchNormalization>()];
        // In evaluation mode but for these: nothing is dropped out.
        networks.Generator.eval();
        foreach (BatchNormalization normalization in normalizations)
        {
            normalization.Restart();
            normalization.train();
        }
        Tensor? all = images.Labels is { } labels ? tensor(labels.ToArray()) : null;
        for (int i = 0; i < MinibatchCount; i++)
        {
            using var minibatch = NewDisposeScope();
            Tensor noise = networks.Shape.DrawNoise(BatchSize, random);
            Tensor? chosen = all?.index_select(0, randint(0, images.Count, [BatchSize], ScalarType.Int64, generator: random));
            // All minibatches count alike, and what was there before them nothing.
            foreach (BatchNormalization normalization in normalizations)
                normalization.Momentum = 1.0 / (i + 1);
            networks.Generator.call(networks.Shape.WithLabels(noise, chosen).to(networks.Device));
        }
        foreach (BatchNormalization normalization in normalizations)
        {
            normalization.Momentum = BatchNormalization.UsualMomentum;
            normalization.eval();
        }
    }
}
