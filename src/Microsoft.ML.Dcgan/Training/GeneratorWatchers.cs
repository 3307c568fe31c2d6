using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Says how far from real what a generator makes is.</summary>
internal interface IGeneratorEvaluation
{
    /// <summary>The less, the better. The generator is in evaluation mode.</summary>
    double Distance(GanNetworks networks);
}

/// <summary>Shows what a generator makes while it trains.</summary>
internal interface IGeneratorViewing
{
    /// <summary>Looks at the generator, which is in evaluation mode. Nothing that training depends on changes by it.</summary>
    /// <param name="networks">As they are.</param>
    /// <param name="images">How many have been trained on.</param>
    /// <param name="step">DataLoader trained on; 0: before the first.</param>
    /// <param name="epoch">The epoch in progress, from 1.</param>
    void Look(GanNetworks networks, long images, long step, int epoch);
}
