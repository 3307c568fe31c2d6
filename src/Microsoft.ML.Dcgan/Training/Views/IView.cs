using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>What becomes of an image before the discriminator sees it. Gradients flow through it to the generator.</summary>
internal interface IView
{
    /// <summary>
    /// Images [n, channels, height, width] to as many of the same size, on their device and with their strides, so that they
    /// stay <see cref="Networks.ChannelsLast"/>.
    /// </summary>
    Tensor Of(Tensor images, TrainingMoment moment);
}
