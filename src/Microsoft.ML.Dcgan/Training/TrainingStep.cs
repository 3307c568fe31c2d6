using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// One minibatch of adversarial training (Goodfellow et al. 2014, algorithm 1), and the optimisers that carry over to the
/// next.
/// </summary>
internal sealed class TrainingStep : IDisposable
{
    private readonly Networks.Generator _generator;
    private readonly Discriminator _discriminator;
    private readonly int _classes;
    private readonly DcganEstimator.Options _settings;
    private readonly Dropout[] _dropouts;
    private readonly IAdversarialLoss _loss;
    private readonly IReadOnlyList<IPenalty> _penalties;
    private readonly IReadOnlyList<IAugmentation> _augmentationsOfReal;
    private readonly IReadOnlyList<IAugmentation> _augmentationsOfGenerated;

    public TrainingStep(GanNetworks networks, DcganEstimator.Options settings)
    {
        _generator = networks.Generator;
        _discriminator = networks.Discriminator;
        _classes = networks.Shape.Classes;
        _settings = settings;
        _dropouts = [new Dropout(_generator, settings.GeneratorDropout), new Dropout(_discriminator, settings.DiscriminatorDropout)];
        _loss = AdversarialLosses.Of(settings);
        _penalties = Penalties.Of(settings);
        _augmentationsOfReal = Augmentations.OfReal(settings);
        _augmentationsOfGenerated = Augmentations.OfGenerated(settings);
        GeneratorOptimizer = new NetworkOptimizer(_generator, settings);
        DiscriminatorOptimizer = new NetworkOptimizer(_discriminator, settings);
    }

    public NetworkOptimizer GeneratorOptimizer { get; }

    public NetworkOptimizer DiscriminatorOptimizer { get; }

    /// <summary>What all learning rates are multiplied by.</summary>
    public double RateScale { get; set; } = 1;

    /// <summary>
    /// Updates both networks from real images in [-1, 1] and as many noise vectors; the generator only in each of so many
    /// steps as the discriminator takes for one of its own. With classes, both are told the labels, Int64 [n], of the real
    /// images. Returns a <see cref="StepStatistics"/> tensor, still on the device.
    /// </summary>
    public Tensor Run(Tensor images, Tensor noise, StepContext context, Tensor? labels = null)
    {
        using var scope = NewDisposeScope();
        bool isGeneratorsTurn = (context.Step + 1) % _settings.DiscriminatorSteps == 0;
        foreach (Dropout dropout in _dropouts)
            dropout.Random = context.Random;
        Tensor Logits(Tensor seen) => _discriminator.Logits(seen, labels);

        // 1. The discriminator: up on real images, down on generated ones.
        Train(_discriminator, true);
        DiscriminatorOptimizer.ZeroGrad();
        Tensor real = Seen(images, _augmentationsOfReal, context);
        Tensor realLogits = Logits(real);
        Tensor realLoss = _loss.OnReal(realLogits, context).mean();
        realLoss.backward();

        Tensor generated = Generated(ClassLabels.Append(noise, labels, _classes), isGeneratorsTurn);
        Tensor imitated = Seen(generated.detach(), _augmentationsOfGenerated, context);
        Tensor generatedLogits = Logits(imitated);
        Tensor generatedLoss = _loss.OnGenerated(generatedLogits, context).mean();
        generatedLoss.backward();
        foreach (IPenalty penalty in _penalties)
            penalty.Of(Logits, real, imitated, context)?.backward();
        DiscriminatorOptimizer.Step(RateScale * LearningRateSchedule.At(context, _settings, _settings.DiscriminatorLearningRate));

        // 2. The generator: up on the judgement of the discriminator just updated, whose own weights need no gradients.
        Tensor? judgedLogits = null, generatorLoss = null;
        if (isGeneratorsTurn)
        {
            Train(_discriminator, false);
            GeneratorOptimizer.ZeroGrad();
            judgedLogits = Logits(Seen(generated, _augmentationsOfGenerated, context));
            generatorLoss = _loss.OfGenerator(judgedLogits).mean();
            generatorLoss.backward();
            GeneratorOptimizer.Step(RateScale * LearningRateSchedule.At(context, _settings));
        }

        // 3. What happened, measured where it happened.
        return StepStatistics.Of(realLoss, generatedLoss, realLogits, generatedLogits, generatorLoss, judgedLogits, _settings)
            .MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Train(_discriminator, true);
        foreach (Dropout dropout in _dropouts)
            dropout.Dispose();
        GeneratorOptimizer.Dispose();
        DiscriminatorOptimizer.Dispose();
    }

    // Where the generator is not to learn from its images, it need not remember how it made them.
    private Tensor Generated(Tensor noise, bool toLearn)
    {
        using var _ = set_grad_enabled(toLearn);
        return _generator.call(noise);
    }

    private static Tensor Seen(Tensor images, IReadOnlyList<IAugmentation> augmentations, StepContext context) =>
        augmentations.Aggregate(images, (seen, augmentation) => augmentation.Of(seen, context));

    private static void Train(nn.Module network, bool trained)
    {
        foreach (Parameter weight in network.parameters())
            weight.requires_grad = trained;
    }
}

/// <summary>A step of a training, and what it may draw its random numbers from.</summary>
/// <param name="Step">Minibatches trained on before this one.</param>
/// <param name="Steps">Minibatches in the whole training.</param>
/// <param name="Random">On the CPU, seeded for this step: what is drawn depends on the training's seed and the step alone.</param>
internal readonly record struct StepContext(long Step, long Steps, torch.Generator Random)
{
    /// <summary>How much of the training is behind, 0 to 1.</summary>
    public double Progress => (double)Step / Steps;
}
