namespace Microsoft.ML.Dcgan;

/// <summary>
/// How training stood at one moment. Losses and scores are means over the steps since the report before.
/// </summary>
public sealed record TrainingProgress
{
    /// <summary>The epoch in progress, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>How many epochs were asked for.</summary>
    public required int Epochs { get; init; }

    /// <summary>Minibatches trained on so far, from 1.</summary>
    public required long Step { get; init; }

    /// <summary>Minibatches in the whole training.</summary>
    public required long Steps { get; init; }

    /// <summary>Images trained on so far; 0 in a model that was saved before this was counted.</summary>
    public long Images { get; init; }

    /// <summary>
    /// The discriminator's loss, without penalties. By default -log D(x) - log(1 - D(G(z))), natural logarithms; 1.386 if it
    /// only guesses.
    /// </summary>
    public required double DiscriminatorLoss { get; init; }

    /// <summary>The generator's loss, by default -log D(G(z)), after the discriminator's update.</summary>
    public required double GeneratorLoss { get; init; }

    /// <summary>D(x): the probability, 0 to 1, that the discriminator gives real images of being real.</summary>
    public required double RealScore { get; init; }

    /// <summary>D(G(z)) before the discriminator's update: the probability, 0 to 1, that it gives generated images of being real.</summary>
    public required double GeneratedScoreBefore { get; init; }

    /// <summary>D(G(z)) after the discriminator's update, of the same images.</summary>
    public required double GeneratedScoreAfter { get; init; }

    /// <summary>
    /// The Fréchet distance of generated images to the training images, after this step, if it was measured (see
    /// <see cref="DcganEstimator.Options.EvaluationInterval"/>): 0 or more, the less the better.
    /// </summary>
    public double? FrechetDistance { get; init; }

    /// <summary>
    /// How much generated images differ from one another: the mean squared difference of the pixels of two of them, over that
    /// of two training images, after this step, if it was measured (see <see cref="DcganEstimator.Options.HealthInterval"/>).
    /// 0: all alike; 1: as training images do. Some of the diversity always goes missing, and early in training most does.
    /// </summary>
    public double? Diversity { get; init; }

    /// <summary>Real images trained on a second, since the report before.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Time since training began; reading the images is not part of it.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Time that the steps left take at the pace so far.</summary>
    public required TimeSpan TimeLeft { get; init; }
}
