using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>One minibatch of adversarial training (Goodfellow et al. 2014, algorithm 1), and the optimisers that carry over to the
/// next.</summary>
internal sealed class TrainingStep(GanNetworks networks, DcganEstimator.Options options, ReplicaExchange? replicas = null) : IDisposable
{
    private readonly Discriminator _discriminator = networks.Discriminator;
    private readonly WeightGradients _generatorGradients = new(networks.Generator);
    private readonly WeightGradients _discriminatorGradients = new(networks.Discriminator, replicas?.SumsEarly == true);
    private readonly IReadOnlyList<Penalty> _penalties = Penalties.Create(options);
    private readonly IReadOnlyList<Augmentation> _augmentationsOfReal = Augmentations.ForReal(options);
    private readonly IReadOnlyList<Augmentation> _augmentationsOfGenerated = Augmentations.ForGenerated(options);

    private readonly Synchronization? _synchronization = replicas?.Synchronization;

    public AdversarialLoss Loss { get; } = AdversarialLoss.Create(options);

    public NetworkOptimizer GeneratorOptimizer { get; } = new(networks.Generator, options);

    public NetworkOptimizer DiscriminatorOptimizer { get; } = new(networks.Discriminator, options);

    /// <summary>Updates both networks from real images in [-1, 1] and as many noise vectors; the generator only in each of so many steps as
    /// the discriminator takes for one of its own. With classes, both are told the labels, Int64 [n], of the real images. Returns a
    /// <see cref="StepStatistics"/> tensor, still on the device.</summary>
    public Tensor Run(Tensor images, Tensor noise, StepContext context, Tensor? labels = null)
    {
        using var scope = NewDisposeScope();
        bool isGeneratorsTurn = (context.Step + 1) % options.DiscriminatorSteps == 0;
        Begin(context);
        Tensor Logits(Tensor shown) => _discriminator.Logits(shown, labels);

        // 1. The logits of real and of generated images.
        GanNetworks.SetTrainable(_discriminator, true);
        _discriminatorGradients.Begin();
        _generatorGradients.Begin();
        Tensor real = Augment(images, _augmentationsOfReal, context);
        Tensor realLogits = Logits(real);
        Tensor? realLabels = Loss.DrawLabels(realLogits, areReal: true, context);
        Tensor generated;
        // Where the generator is not to learn from its images, it need not remember how it made them.
        using (set_grad_enabled(isGeneratorsTurn))
            generated = networks.Generator.call(networks.Shape.WithLabels(noise, labels));
        Tensor imitated = Augment(generated.detach(), _augmentationsOfGenerated, context);
        Tensor generatedLogits = Logits(imitated);
        Tensor? generatedLabels = Loss.DrawLabels(generatedLogits, areReal: false, context);

        // 2. The discriminator learns to tell them apart.
        DiscriminatorOptimizer.Weights.ZeroGrad();
        Tensor realLeaf = realLogits.detach().requires_grad_(), generatedLeaf = generatedLogits.detach().requires_grad_();
        Tensor loss = Loss.Discriminator(realLeaf, generatedLeaf, realLabels, generatedLabels);
        IList<Tensor> slopes = autograd.grad([Weigh(loss)], [realLeaf, generatedLeaf]);
        _discriminatorGradients.Backward([realLogits, generatedLogits], slopes,
            from => replicas!.BeginSum(DiscriminatorOptimizer.Weights, from));
        foreach (Penalty penalty in _penalties)
        {
            if (penalty(Logits, real, imitated, context) is { } addition)
                Weigh(addition).backward();
        }
        replicas?.SumGradients(DiscriminatorOptimizer.Weights);
        DiscriminatorOptimizer.Step(LearningRateSchedule.At(context, options, options.DiscriminatorLearningRate));

        // 3. The generator learns to deceive the discriminator as it is now, whose own weights need no gradients.
        Tensor? logitsAfter = null, realAfter = null, generatorLoss = null;
        if (isGeneratorsTurn)
        {
            GanNetworks.SetTrainable(_discriminator, false);
            GeneratorOptimizer.Weights.ZeroGrad();
            realAfter = Loss.ComparesWithReal ? Logits(real) : null;
            logitsAfter = Logits(Augment(generated, _augmentationsOfGenerated, context));
            generatorLoss = Loss.Generator(logitsAfter, realAfter);
            _generatorGradients.Backward([Weigh(generatorLoss)], [ones_like(generatorLoss)]);
            replicas?.SumGradients(GeneratorOptimizer.Weights);
            GeneratorOptimizer.Step(LearningRateSchedule.At(context, options));
        }

        // 4. What happened, measured where it happened.
        using var _ = no_grad();
        Tensor measures = StepStatistics.Measure(Loss.Bounds, loss, Loss.Score(realLogits, generatedLogits),
            Loss.Score(generatedLogits, realLogits), generatorLoss, logitsAfter is null ? null : Loss.Score(logitsAfter, realAfter));
        Synchronize(null);
        return (replicas?.AverageMeasures(measures) ?? measures).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        GanNetworks.SetTrainable(_discriminator, true);
        Synchronize(null);
        SetDropout(null, default);
        _generatorGradients.Dispose();
        _discriminatorGradients.Dispose();
        GeneratorOptimizer.Dispose();
        DiscriminatorOptimizer.Dispose();
    }

    private Tensor Weigh(Tensor loss) => replicas?.Weigh(loss) ?? loss;

    private static Tensor Augment(Tensor images, IReadOnlyList<Augmentation> augmentations, StepContext context) =>
        augmentations.Aggregate(images, (shown, augmentation) => augmentation(shown, context));

    private void Begin(StepContext context)
    {
        SetDropout(context.Random, context.Share);
        Synchronize(_synchronization);
    }

    private void SetDropout(torch.Generator? random, MinibatchShare share)
    {
        Dropout.Set(networks.Generator, options.GeneratorDropout, random, share);
        Dropout.Set(networks.Discriminator, options.DiscriminatorDropout, random, share);
    }

    // For a step at a time: evaluations between steps are the root's alone.
    private void Synchronize(Synchronization? synchronization)
    {
        if (_synchronization == null)
            return;
        Synchronization.Set(networks.Generator, synchronization);
        Synchronization.Set(networks.Discriminator, synchronization);
    }
}

/// <summary>A step of a training, and what it may draw its random numbers from.</summary>
/// <param name="Step">Minibatches trained on before this one.</param>
/// <param name="Steps">Minibatches in the whole training; null where that is not known yet: it counts as not yet begun.</param>
/// <param name="Random">On the CPU, seeded for this step: what is drawn depends on the training's seed and the step alone.</param>
internal readonly record struct StepContext(long Step, long? Steps, torch.Generator Random)
{
    /// <summary>What learning rates are multiplied by, beside their schedule.</summary>
    public double RateScale { get; init; } = 1;

    /// <summary>Of the images, how many are augmented, 0 to 1.</summary>
    public double AugmentationShare { get; init; } = 1;

    /// <summary>Which of the minibatch's images it has; by default all.</summary>
    public MinibatchShare Share { get; init; }

    /// <inheritdoc cref="MinibatchShare.Draw"/>
    public Tensor Draw(long count, Func<long, Tensor> draw) => Share.Draw(count, draw);

    /// <summary>How much of the training is behind, 0 to 1.</summary>
    public double Progress => (double?)Step / Steps ?? 0;
}
