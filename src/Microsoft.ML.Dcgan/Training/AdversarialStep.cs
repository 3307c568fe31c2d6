using System;
using Microsoft.ML.Dcgan.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>
/// One minibatch of adversarial training (Goodfellow et al. 2014, algorithm 1, one discriminator step a generator step),
/// and the optimisers that carry over to the next.
/// </summary>
internal sealed class AdversarialStep : IDisposable
{
    private readonly Networks.Generator _generator;
    private readonly Discriminator _discriminator;
    private readonly FlatWeights _generatorWeights;
    private readonly FlatWeights _discriminatorWeights;
    private readonly Adam _generatorOptimizer;
    private readonly Adam _discriminatorOptimizer;

    public AdversarialStep(GanNetworks networks, TrainingSettings settings)
    {
        _generator = networks.Generator;
        _discriminator = networks.Discriminator;
        _generatorWeights = new FlatWeights(_generator);
        _discriminatorWeights = new FlatWeights(_discriminator);
        _generatorOptimizer = Optimizer(_generatorWeights);
        _discriminatorOptimizer = Optimizer(_discriminatorWeights);

        Adam Optimizer(FlatWeights weights) =>
            optim.Adam(weights.Pieces, settings.LearningRate, settings.Beta1, settings.Beta2);
    }

    /// <summary>
    /// Updates both networks from real images in [-1, 1] and as many noise vectors. Returns a <see cref="StepMeasures"/>
    /// tensor, still on the device.
    /// </summary>
    public Tensor Run(Tensor images, Tensor noise)
    {
        using var scope = NewDisposeScope();

        // 1. The discriminator: up on real images, down on generated ones.
        Train(_discriminator, true);
        _discriminatorWeights.ForgetGradients();
        Tensor realLogits = _discriminator.call(images);
        Tensor realLoss = NonSaturatingLoss.DiscriminatorOnReal(realLogits);
        realLoss.backward();

        Tensor generated = _generator.call(noise);
        Tensor generatedLogits = _discriminator.call(generated.detach());
        Tensor generatedLoss = NonSaturatingLoss.DiscriminatorOnGenerated(generatedLogits);
        generatedLoss.backward();
        _discriminatorOptimizer.step();

        // 2. The generator: up on the judgement of the discriminator just updated, whose own weights need no gradients.
        Train(_discriminator, false);
        _generatorWeights.ForgetGradients();
        Tensor judgedLogits = _discriminator.call(generated);
        Tensor generatorLoss = NonSaturatingLoss.Generator(judgedLogits);
        generatorLoss.backward();
        _generatorOptimizer.step();

        // 3. What happened, measured where it happened.
        return StepMeasures.Of(realLoss, generatedLoss, generatorLoss, realLogits, generatedLogits, judgedLogits)
            .MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Train(_discriminator, true);
        _generatorOptimizer.Dispose();
        _discriminatorOptimizer.Dispose();
        _generatorWeights.Dispose();
        _discriminatorWeights.Dispose();
    }

    private static void Train(nn.Module network, bool trained)
    {
        foreach (Parameter weight in network.parameters())
            weight.requires_grad = trained;
    }
}
