using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// A loss whose discriminator is told labels that are not quite sure: real images count as generated ones to a small part
/// (one-sided label smoothing: Salimans et al. 2016, section 3.4), and a few images have each other's label. With the
/// logarithms this is the cross-entropy with these labels.
/// </summary>
/// <param name="loss">What an image of either label adds.</param>
/// <param name="realLabel">The label of real images, of which 1 - label is how much they count as generated.</param>
/// <param name="noise">The share of images under the wrong label.</param>
internal sealed class SmoothedLabels(IAdversarialLoss loss, double realLabel, double noise) : IAdversarialLoss
{
    private const double GeneratedLabel = 0;

    public Tensor OnReal(Tensor logits, TrainingMoment moment) => Labelled(logits, realLabel, GeneratedLabel, moment);

    public Tensor OnGenerated(Tensor logits, TrainingMoment moment) => Labelled(logits, GeneratedLabel, realLabel, moment);

    public Tensor OfGenerator(Tensor logits) => loss.OfGenerator(logits);

    private Tensor Labelled(Tensor logits, double label, double wrongLabel, TrainingMoment moment)
    {
        Tensor isWrong = rand(logits.shape, generator: moment.Random).lt(noise).to(logits.device);
        Tensor labels = isWrong.to(logits.dtype) * (wrongLabel - label) + label;
        return labels * loss.OnReal(logits, moment) + (1 - labels) * loss.OnGenerated(logits, moment);
    }
}
