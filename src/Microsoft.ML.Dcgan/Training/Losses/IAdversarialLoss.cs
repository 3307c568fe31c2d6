using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>What both networks minimise, from the discriminator's logits [n]: a number an image, [n], whose mean counts.</summary>
internal interface IAdversarialLoss
{
    /// <summary>The discriminator's, of real images.</summary>
    Tensor OnReal(Tensor logits, TrainingMoment moment);

    /// <summary>The discriminator's, of generated images.</summary>
    Tensor OnGenerated(Tensor logits, TrainingMoment moment);

    /// <summary>The generator's, of its images.</summary>
    Tensor OfGenerator(Tensor logits);
}
