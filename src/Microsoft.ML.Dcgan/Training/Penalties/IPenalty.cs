using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>What is added to the discriminator's loss to keep it smooth.</summary>
internal interface IPenalty
{
    /// <summary>A scalar to minimise, or null where this step has none.</summary>
    /// <param name="discriminator">Images, as the discriminator is shown them, to logits.</param>
    /// <param name="real">Real images as they were shown.</param>
    /// <param name="generated">As many generated ones as they were shown, without their history.</param>
    /// <param name="moment">When this is.</param>
    Tensor? Of(Func<Tensor, Tensor> discriminator, Tensor real, Tensor generated, TrainingMoment moment);
}
