using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Says how far from real what a generator makes is.</summary>
internal interface IGeneratorEvaluation
{
    /// <summary>The less, the better. The generator is in evaluation mode.</summary>
    double Distance(GanNetworks networks);
}
