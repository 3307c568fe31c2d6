namespace Microsoft.ML.Dcgan.Training;

/// <summary>What is read off a training in progress, after so many minibatches and images: the means since the reading before, whether all
/// weights of both networks are numbers, and how much generated images differ, over how much real ones do, null where that was not
/// measured; and the greatest such ratio before.</summary>
internal readonly record struct HealthReading(
    long Step, long Images, StepStatistics Mean, bool WeightsAreFinite, double? Diversity, double GreatestDiversity = 0)
{
    /// <summary>Whether there is anything to go on with.</summary>
    public bool IsFinite => Mean.AreFinite && WeightsAreFinite && double.IsFinite(Diversity ?? 0);
}

/// <summary>What is known of a training's health between two readings.</summary>
internal sealed record HealthState
{
    /// <summary>How many images had been trained on at the last reading.</summary>
    public long ReadAt { get; init; }

    /// <summary>How many readings in a row have shown the symptom of each check.</summary>
    public IReadOnlyList<int> Streaks { get; init; } = [];

    /// <summary>The greatest diversity of generated images so far.</summary>
    public double GreatestDiversity { get; init; }

    /// <summary>After how many minibatches training was last healthy; 0: never yet.</summary>
    public long HealthyAt { get; init; }

    /// <summary>How often training has gone back.</summary>
    public int RollBacks { get; init; }

    /// <summary>What learning rates are multiplied by since.</summary>
    public double RateScale => Math.Pow(HealthMonitor.SlowDown, RollBacks);
}

/// <summary>Knows the symptoms of one thing that can go wrong.</summary>
/// <param name="Alarm">What it is.</param>
/// <param name="LeastStreak">How many readings in a row must show symptoms before there is an alarm.</param>
/// <param name="Symptom">What was measured, what would have been healthy, and what may help; null where there is no symptom.</param>
internal sealed record HealthCheck(TrainingAlarm Alarm, int LeastStreak, Func<HealthReading, string?> Symptom)
{
    /// <summary>The least healthy <see cref="NothingToLearn">spread</see> of training images: two and a half of 256 levels.</summary>
    public const double LeastSpread = Alike * Alike;

    private const double Alike = 0.02;

    // Of the minibatches between two readings. A single bad one is not to hide many sure ones, as it would in a mean.
    private const double MostSure = 2.0 / 3;

    public static IReadOnlyList<HealthCheck> Create(AdversarialLoss loss, DcganEstimator.Options options) =>
        [Divergence(options), Overshoot(loss, options), DiscriminatorWins(loss, options), Overfitting(loss, options), Collapse()];

    /// <summary>Whether the training images differ at all: the same for them, before the first step.</summary>
    /// <param name="images">How many there are.</param>
    /// <param name="spread">The mean squared difference of the pixels, from -1 to 1, of two of them.</param>
    public static string? NothingToLearn(long images, double spread)
    {
        if (spread >= LeastSpread)
            return null;
        string alike = images == 1 ? "there is one image" : string.Create(CultureInfo.InvariantCulture,
            $"two of its {images} images differ by {Math.Sqrt(spread) * 127.5:F1} of 256 levels a pixel (root mean square), " +
            $"where {Alike * 127.5:G3} or more is healthy");
        return $"The training set has nothing to learn from: {alike}. " +
            "Check that the rows are different images, and that they are read as they should be.";
    }

    /// <summary>Weights, losses or images are no longer numbers. There is no way back from that.</summary>
    public static HealthCheck Divergence(DcganEstimator.Options options) => new(TrainingAlarm.Diverged, LeastStreak: 1, reading =>
    {
        string what = !reading.Mean.AreFinite ? "the losses" : !reading.WeightsAreFinite ? "the weights" : "generated images";
        return reading.IsFinite ? null : string.Create(CultureInfo.InvariantCulture,
            $"Training diverged: {what} are not numbers by minibatch {reading.Step} " +
            $"(discriminator's loss {reading.Mean.DiscriminatorLoss:G3}, generator's {reading.Mean.GeneratorLoss:G3}). " +
            $"Lower {LearningRateSchedule.Describe(options)}.");
    });

    /// <summary>The discriminator does worse than guessing, which its last layer alone could do: such steps overshoot their aim.</summary>
    public static HealthCheck Overshoot(AdversarialLoss loss, DcganEstimator.Options options)
    {
        // One that has learnt nothing yet does a little worse than guessing, too; and a few images can outweigh all that it tells apart.
        const double WorseThanGuessing = -0.25, TellsApart = 0.2;
        // The first steps of all, which Adam takes at their full length, often overshoot, and are made good by those after them.
        const int LeastSteps = 20;

        return new(TrainingAlarm.Diverged, LeastStreak: 1, reading =>
            reading.Step >= LeastSteps && loss.Bounds?.Certainty(reading.Mean.DiscriminatorLoss) < WorseThanGuessing
            && reading.Mean.RealScore - reading.Mean.GeneratedScoreBefore <= TellsApart
                ? string.Create(CultureInfo.InvariantCulture,
                    $"Training diverges: the discriminator does worse than if it guessed " +
                    $"(loss {reading.Mean.DiscriminatorLoss:G3}, D(x) {reading.Mean.RealScore:F3}, " +
                    $"D(G(z)) {reading.Mean.GeneratedScoreBefore:F3}; " +
                    $"better than that is healthy). Its steps are too large: lower {LearningRateSchedule.Describe(options)}.")
                : null);
    }

    private static bool Wins(HealthReading reading) => reading.Mean.SureShare > MostSure;

    /// <summary>The discriminator tells nearly all images apart, reading after reading: the generator no longer gets anywhere.</summary>
    public static HealthCheck DiscriminatorWins(AdversarialLoss loss, DcganEstimator.Options options)
    {
        string advice = options.DiscriminatorSteps > 1 ? "Fewer DiscriminatorSteps may help."
            : options.DiscriminatorLearningRate > options.LearningRate ? "A lower DiscriminatorLearningRate may help."
            : $"A lower DiscriminatorLearningRate, fewer DiscriminatorFeatureMaps{(loss.HasLabels ? ", RealLabel 0.9" : "")} " +
                $"or InstanceNoise may help{(options.Augmentation == DcganAugmentation.None ? "; with few images, Augmentation" : "")}.";
        return new(TrainingAlarm.DiscriminatorWins, LeastStreak: 2, reading => Wins(reading)
            ? string.Create(CultureInfo.InvariantCulture,
                $"The discriminator wins: in {reading.Mean.SureShare:P0} of the minibatches " +
                $"it is more than {StepStatistics.TooSure:P0} sure " +
                $"(D(x) {reading.Mean.RealScore:F3}, D(G(z)) {reading.Mean.GeneratedScoreBefore:F3}, " +
                $"loss {reading.Mean.DiscriminatorLoss:G3}), where less than {MostSure:P0} is healthy, " +
                $"and the generator learns little from it. {advice}")
            : null);
    }

    /// <summary>The discriminator stays far ahead: it learns the training images by heart, and the generator's get no better.</summary>
    public static HealthCheck Overfitting(AdversarialLoss loss, DcganEstimator.Options options)
    {
        // Where D(x) is 0.97 and D(G(z)) 0.03; at 0.93 trainings still got better. Of many readings in a row, since a new generator is
        // easily told from the data.
        const double Most = 0.95;
        const int LeastStreak = 6;

        string advice = options.Augmentation == DcganAugmentation.None ? "Augmentation" : "More images";
        return new(TrainingAlarm.DiscriminatorOverfits, LeastStreak, reading =>
            !Wins(reading) && loss.Bounds?.Certainty(reading.Mean.DiscriminatorLoss) is double certainty and > Most
                ? string.Create(CultureInfo.InvariantCulture,
                    $"The discriminator overfits: for {LeastStreak} checks it has been {Most:P0} sure or more, now {certainty:P0} " +
                    $"(D(x) {reading.Mean.RealScore:F3}, D(G(z)) {reading.Mean.GeneratedScoreBefore:F3}), where less is healthy. " +
                    $"It comes to know the training images by heart, and what is generated gets no better. {advice}, " +
                    $"R1Penalty and R2Penalty, or fewer Epochs may help.")
                : null);
    }

    /// <summary>Generated images hardly differ from one another, though real ones do.</summary>
    public static HealthCheck Collapse()
    {
        // Healthy trainings of Fashion-MNIST: see docs/health-and-checkpoints.md.
        const double TooAlike = 0.1;

        // A new generator makes the same grey of any noise, and then images more and more different.
        const long WarmUp = 10_000;

        return new(TrainingAlarm.Collapsed, LeastStreak: 2, reading =>
            reading.Diversity < TooAlike && reading.Diversity <= reading.GreatestDiversity && reading.Images >= WarmUp
                ? string.Create(CultureInfo.InvariantCulture,
                    $"The generator collapsed: its images differ {reading.Diversity:P1} as much as training images do " +
                    $"(mean squared difference), where {TooAlike:P0} or more is healthy. ") +
                    "A lower LearningRate or DiscriminatorLearningRate, or another Seed, may help; or other losses and penalties."
                : null);
    }
}
