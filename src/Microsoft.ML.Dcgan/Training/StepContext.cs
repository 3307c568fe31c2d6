using TorchSharp;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>A step of a training, and what it may draw its random numbers from.</summary>
/// <param name="Step">Minibatches trained on before this one.</param>
/// <param name="Steps">Minibatches in the whole training.</param>
/// <param name="Random">On the CPU, seeded for this step: what is drawn depends on the training's seed and the step alone.</param>
internal readonly record struct StepContext(long Step, long Steps, torch.Generator Random)
{
    /// <summary>How much of the training is behind, 0 to 1.</summary>
    public double Progress => (double)Step / Steps;
}
