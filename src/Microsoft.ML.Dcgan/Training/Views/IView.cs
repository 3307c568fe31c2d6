using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// What becomes of every image, real or generated, before the discriminator sees it. Gradients flow through it to the
/// generator.
/// </summary>
internal interface IView
{
    /// <summary>Images [n, channels, height, width] to as many of the same size, on their device.</summary>
    Tensor Of(Tensor images, TrainingMoment moment);
}
