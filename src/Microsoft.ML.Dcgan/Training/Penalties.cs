namespace Microsoft.ML.Dcgan.Training;

/// <summary>What is added to the discriminator's loss to keep it smooth: a scalar to minimise, or null where this step has none.</summary>
/// <param name="discriminator">Images, as the discriminator is shown them, to logits.</param>
/// <param name="real">Real images as they were shown.</param>
/// <param name="generated">As many generated ones as they were shown, without their history.</param>
/// <param name="context">When this is.</param>
internal delegate Tensor? Penalty(Func<Tensor, Tensor> discriminator, Tensor real, Tensor generated, StepContext context);

internal static class Penalties
{
    public static IReadOnlyList<Penalty> Create(DcganEstimator.Options options)
    {
        var penalties = new List<Penalty>();
        if (options.R1Penalty > 0)
            penalties.Add(Slope(options.R1Penalty, options.R1Interval, (real, _) => real));
        if (options.R2Penalty > 0)
            penalties.Add(Slope(options.R2Penalty, options.R1Interval, (_, generated) => generated));
        if (options.GradientPenalty > 0)
            penalties.Add(Gradient(options.GradientPenalty));
        return penalties;
    }

    // Weight/2 times the mean squared gradient of the logits of real images, R1, or of generated ones, R2 (Mescheder et al. 2018,
    // equations 9 and 10). Computed in one of so many steps, it counts as many times there (lazy regularisation: Karras et al. 2020,
    // section 3.1).
    private static Penalty Slope(double weight, int interval, Func<Tensor, Tensor, Tensor> choose) =>
        (discriminator, real, generated, context) => context.Step % interval == 0
            ? InputGradient(discriminator, choose(real, generated)).Square().sum(1).mean() * Number(weight / 2 * interval)
            : null;

    // Weight times the mean of (gradient's norm - 1)^2, at a random point between each real image and a generated one (Gulrajani et
    // al. 2017, equation 3).
    private static Penalty Gradient(double weight) => (discriminator, real, generated, context) =>
    {
        Tensor share = context.Draw(real.shape[0], all => rand([all, 1, 1, 1], WeightType, generator: context.Random)).to(real.device);
        Tensor between = generated.Plus(share * (real - generated));
        return (InputGradient(discriminator, between).norm(dim: 1) - Number(1)).Square().mean() * Number(weight);
    };

    // Each image's gradient of its logit, [n, pixels], differentiable in the discriminator's weights. Where batch normalisation makes
    // logits depend on other images, too, it is that of all logits together.
    private static Tensor InputGradient(Func<Tensor, Tensor> discriminator, Tensor images)
    {
        Tensor points = images.detach().requires_grad_();
        Tensor logits = discriminator(points);
        return autograd.grad([logits.sum()], [points], retain_graph: true, create_graph: true)[0].flatten(1);
    }
}
