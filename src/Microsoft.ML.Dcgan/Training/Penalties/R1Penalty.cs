using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// R1: weight/2 times the mean squared gradient of the logits of real images (Mescheder et al. 2018, equation 9). Computed
/// in one of so many steps, it counts as many times there (lazy regularisation: Karras et al. 2020, section 3.1).
/// </summary>
internal sealed class R1Penalty(double weight, int interval) : IPenalty
{
    public Tensor? Of(Func<Tensor, Tensor> discriminator, Tensor real, Tensor generated, TrainingMoment moment) =>
        moment.Step % interval == 0
            ? InputGradient.Of(discriminator, real).square().sum(1).mean() * (weight / 2 * interval)
            : null;
}
