using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// Weight times the mean of (gradient's norm - 1)^2, at a random point between each real image and a generated one
/// (Gulrajani et al. 2017, equation 3).
/// </summary>
internal sealed class GradientPenalty(double weight) : IPenalty
{
    public Tensor? Of(Func<Tensor, Tensor> discriminator, Tensor real, Tensor generated, TrainingMoment moment)
    {
        Tensor share = rand([real.shape[0], 1, 1, 1], generator: moment.Random).to(real.device);
        Tensor between = generated + share * (real - generated);
        return (InputGradient.Of(discriminator, between).norm(dim: 1) - 1).square().mean() * weight;
    }
}
