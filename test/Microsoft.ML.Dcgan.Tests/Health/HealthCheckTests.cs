using Microsoft.ML.Dcgan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Health;

[TestClass]
public sealed class HealthCheckTests
{
    private static readonly StepStatistics _ordinary = new(DiscriminatorLoss: 0.6, RealScore: 0.8, GeneratedScoreBefore: 0.2,
        GeneratorLoss: 1.9, GeneratedScoreAfter: 0.15, SureShare: 0.02);

    [TestMethod]
    public void An_ordinary_training_has_no_symptoms()
    {
        IReadOnlyList<HealthCheck> checks = HealthCheck.Create(Loss(), Settings());
        Assert.HasCount(5, checks);
        foreach (HealthCheck check in checks)
            Assert.IsNull(check.Symptom(Reading(_ordinary, diversity: 0.8)), check.Alarm.ToString());
    }

    [TestMethod]
    public void A_single_bad_step_does_not_hide_a_hundred_sure_ones()
    {
        using var scope = NewDisposeScope();
        float[] losses = [.. Enumerable.Repeat(0.001f, 99), 20f];
        Assert.IsLessThan(0.9, Loss().Bounds!.Value.Certainty(losses.Average()));
        Assert.AreEqual(0.99, Measure(Loss(), losses).SureShare, 1e-6);
    }

    [TestMethod]
    public void Too_sure_is_2_percent_of_guessing()
    {
        using var scope = NewDisposeScope();
        Assert.AreEqual(1, Measure(Loss(), 0.98f * 0.02f * 2 * MathF.Log(2)).SureShare);
        Assert.AreEqual(0, Measure(Loss(), 1.02f * 0.02f * 2 * MathF.Log(2)).SureShare);
    }

    [TestMethod]
    public void A_critic_is_never_too_sure()
    {
        using var scope = NewDisposeScope();
        Assert.AreEqual(0, Measure(Critic(), -1e9f).SureShare);
    }

    [TestMethod]
    public void Losses_weights_and_images_that_are_no_numbers_are_divergence()
    {
        HealthCheck check = HealthCheck.Divergence(Settings());
        StringAssert.StartsWith(check.Symptom(Reading(_ordinary with { GeneratorLoss = double.NaN }, 0.8)),
            "Training diverged: the losses are not numbers by minibatch 100 (discriminator's loss 0.6, generator's NaN). Lower LearningRate, which is 0.0002.");
        StringAssert.Contains(check.Symptom(Reading(_ordinary, 0.8) with { WeightsAreFinite = false }), "the weights are not numbers");
        StringAssert.Contains(check.Symptom(Reading(_ordinary, double.PositiveInfinity)), "generated images are not numbers");
        StringAssert.Contains(HealthCheck.Divergence(Settings() with { DiscriminatorLearningRate = 0.004 })
            .Symptom(Reading(_ordinary, double.NaN)),
            "or DiscriminatorLearningRate, which is 0.004");
    }

    [TestMethod]
    public void Doing_worse_than_guessing_is_overshooting()
    {
        HealthCheck check = HealthCheck.Overshoot(Loss(), Settings());
        Assert.IsNull(check.Symptom(Reading(_ordinary with { DiscriminatorLoss = 1.39 }, 0.8)));
        Assert.IsNull(check.Symptom(Reading(_ordinary with { DiscriminatorLoss = 1.5 }, 0.8)), "As one that has learnt nothing.");
        Assert.IsNull(check.Symptom(Reading(_ordinary with { DiscriminatorLoss = 6 }, 0.8) with { Step = 19 }),
            "So few steps say nothing.");
        Assert.IsNull(check.Symptom(Reading(_ordinary with { DiscriminatorLoss = 1.79, RealScore = 0.63, GeneratedScoreBefore = 0.37 }, 0.8)),
            "It tells most images apart, whatever it loses by a few.");
        StringAssert.StartsWith(check.Symptom(
            Reading(_ordinary with { DiscriminatorLoss = 1.79, RealScore = 0.6, GeneratedScoreBefore = 0.4 }, 0.8)),
            "Training diverges: the discriminator does worse than if it guessed (loss 1.79, D(x) 0.600, D(G(z)) 0.400; better than that is healthy). Its steps are too large: lower LearningRate, which is 0.0002.");
        Assert.IsNull(HealthCheck.Overshoot(Critic(), Settings()).Symptom(Reading(_ordinary with { DiscriminatorLoss = 100 }, 0.8)));
    }

    [TestMethod]
    public void Winning_is_to_be_surer_than_labels_allow_doubt()
    {
        HealthCheck check = HealthCheck.DiscriminatorWins(Loss(), Settings());

        StringAssert.StartsWith(check.Symptom(
            Reading(_ordinary with { DiscriminatorLoss = 0.0263, SureShare = 0.7, RealScore = 0.99, GeneratedScoreBefore = 0.013 }, 0.8)),
            "The discriminator wins: in 70 % of the minibatches it is more than 98 % sure (D(x) 0.990, D(G(z)) 0.013, loss 0.0263), where less than 67 % is healthy");
        Assert.IsNull(check.Symptom(Reading(_ordinary with { DiscriminatorLoss = 0.0291, SureShare = 0.66 }, 0.8)));
        StringAssert.Contains(HealthCheck.DiscriminatorWins(Loss(), Settings() with { DiscriminatorSteps = 5 })
            .Symptom(Reading(_ordinary with { DiscriminatorLoss = 0, SureShare = 1 }, 0.8)), "Fewer DiscriminatorSteps may help.");
    }

    [TestMethod]
    public void Overfitting_is_to_be_far_ahead_for_long()
    {
        HealthCheck check = HealthCheck.Overfitting(Loss(), Settings());
        Assert.AreEqual(6, check.LeastStreak);
        StringAssert.StartsWith(check.Symptom(
            Reading(_ordinary with { DiscriminatorLoss = 0.0555, RealScore = 0.975, GeneratedScoreBefore = 0.03 }, 0.8)),
            "The discriminator overfits: for 6 checks it has been 95 % sure or more, now 96 % (D(x) 0.975, D(G(z)) 0.030), where less is healthy.");
        Assert.IsNull(check.Symptom(Reading(_ordinary with { DiscriminatorLoss = 0.083 }, 0.8)), "94 % sure");
        Assert.IsNull(check.Symptom(Reading(_ordinary with { DiscriminatorLoss = 0.01, SureShare = 0.9 }, 0.8)), "That is winning.");
        Assert.IsNull(HealthCheck.Overfitting(Critic(), Settings()).Symptom(Reading(_ordinary with { DiscriminatorLoss = -9 }, 0.8)));
        StringAssert.Contains(HealthCheck.Overfitting(Loss(), Settings() with { Augmentation = DcganAugmentation.None })
            .Symptom(Reading(_ordinary with { DiscriminatorLoss = 0.05 }, 0.8)), " Augmentation, R1Penalty and R2Penalty");
    }

    [TestMethod]
    public void Collapse_is_little_diversity_that_does_not_grow()
    {
        HealthCheck check = HealthCheck.Collapse();
        (long Images, double Diversity, bool HasSymptom)[] readings =
        [
            (9_998, 0.02, false), (9_999, 0.01, false), (10_000, 0.02, true), (11_000, 0.03, false), (12_000, 0.03, true),
                (13_000, 0.04, false),
            (14_000, 0.5, false), (15_000, 0.3, false), (16_000, 0.11, false), (17_000, 0.09, true), (18_000, 0.095, true),
        ];
        double greatest = 0;
        foreach ((long images, double diversity, bool hasSymptom) in readings)
        {
            Assert.AreEqual(hasSymptom, check.Symptom(Reading(_ordinary, diversity, images) with { GreatestDiversity = greatest }) != null,
                $"after {images} images");
            greatest = Math.Max(greatest, diversity);
        }
        StringAssert.StartsWith(check.Symptom(Reading(_ordinary, 0.034) with { GreatestDiversity = 0.5 }),
            "The generator collapsed: its images differ 3.4 % as much as training images do (mean squared difference), where 10 % or more is healthy.");
    }

    [TestMethod]
    public void A_training_set_of_one_image_teaches_nothing()
    {
        Assert.IsNull(HealthCheck.NothingToLearn(1000, 0.3));
        StringAssert.Contains(HealthCheck.NothingToLearn(1, 0), "there is one image");

        // A difference of 0.01 is one of 127.5 levels and a quarter more.
        StringAssert.Contains(HealthCheck.NothingToLearn(1000, 1e-4),
            "two of its 1000 images differ by 1.3 of 256 levels a pixel (root mean square), where 2.55 or more is healthy");
    }

    private static HealthReading Reading(StepStatistics measures, double? diversity, long images = 50_000) =>
        new(100, images, measures, true, diversity);

    private static DcganEstimator.Options Settings() => LoopOptions.Create(64);

    private static AdversarialLoss Loss() => AdversarialLoss.Create(Settings());

    private static AdversarialLoss Critic() =>
        AdversarialLoss.Create(Settings() with { Loss = DcganLoss.Wasserstein, DiscriminatorNormalization = DcganNormalization.Spectral });

    // Of steps of these losses of the discriminator.
    private static StepStatistics Measure(AdversarialLoss loss, params float[] losses) => StepStatistics.Mean(losses
        .Select(value => StepStatistics.Measure(loss.Bounds, tensor(value), ones(1), zeros(1), null, null))
            .Aggregate((sum, step) => sum + step));
}
