using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>What is added to the discriminator's loss to keep it smooth.</summary>
internal interface IPenalty
{
    /// <summary>A scalar to minimise, or null where this step has none.</summary>
    /// <param name="discriminator">Images, as the discriminator is shown them, to logits.</param>
    /// <param name="real">Real images as they were shown.</param>
    /// <param name="generated">As many generated ones as they were shown, without their history.</param>
    /// <param name="context">When this is.</param>
    Tensor? Compute(Func<Tensor, Tensor> discriminator, Tensor real, Tensor generated, StepContext context);
}

/// <summary>From the options to the penalties.</summary>
internal static class Penalties
{
    public static IReadOnlyList<IPenalty> Create(DcganEstimator.Options settings)
    {
        var penalties = new List<IPenalty>();
        if (settings.R1Penalty > 0)
            penalties.Add(new R1Penalty(settings.R1Penalty, settings.R1Interval));
        if (settings.GradientPenalty > 0)
            penalties.Add(new GradientPenalty(settings.GradientPenalty));
        return penalties;
    }
}

/// <summary>
/// R1: weight/2 times the mean squared gradient of the logits of real images (Mescheder et al. 2018, equation 9). Computed
/// in one of so many steps, it counts as many times there (lazy regularisation: Karras et al. 2020, section 3.1).
/// </summary>
internal sealed class R1Penalty(double weight, int interval) : IPenalty
{
    public Tensor? Compute(Func<Tensor, Tensor> discriminator, Tensor real, Tensor generated, StepContext context) =>
        context.Step % interval == 0
            ? InputGradient.Compute(discriminator, real).square().sum(1).mean() * (weight / 2 * interval)
            : null;
}

/// <summary>
/// Weight times the mean of (gradient's norm - 1)^2, at a random point between each real image and a generated one
/// (Gulrajani et al. 2017, equation 3).
/// </summary>
internal sealed class GradientPenalty(double weight) : IPenalty
{
    public Tensor? Compute(Func<Tensor, Tensor> discriminator, Tensor real, Tensor generated, StepContext context)
    {
        Tensor share = rand([real.shape[0], 1, 1, 1], generator: context.Random).to(real.device);
        Tensor between = generated + share * (real - generated);
        return (InputGradient.Compute(discriminator, between).norm(dim: 1) - 1).square().mean() * weight;
    }
}

/// <summary>How steep a discriminator is.</summary>
internal static class InputGradient
{
    /// <summary>
    /// Each image's gradient of its logit, [n, pixels], differentiable in the discriminator's weights. An image's logit must
    /// depend on no other image.
    /// </summary>
    public static Tensor Compute(Func<Tensor, Tensor> discriminator, Tensor images)
    {
        Tensor points = images.detach().requires_grad_();
        Tensor logits = discriminator(points);
        return autograd.grad([logits.sum()], [points], retain_graph: true, create_graph: true)[0].flatten(1);
    }
}
