namespace Microsoft.ML.Dcgan.Tests.Pipelines;

[TestClass]
public sealed class StabilityOptionsTests
{
    [TestMethod]
    [DataRow("Loss", (DcganLoss)9)]
    [DataRow("DiscriminatorLearningRate", 0.0)]
    [DataRow("DiscriminatorLearningRate", 1.5)]
    [DataRow("DiscriminatorLearningRate", double.NaN)]
    [DataRow("LearningRateSchedule", (DcganSchedule)9)]
    [DataRow("LearningRateDecayStart", -0.1)]
    [DataRow("LearningRateDecayStart", 1.0)]
    [DataRow("LearningRateWarmUp", -0.1)]
    [DataRow("LearningRateWarmUp", 1.0)]
    [DataRow("DiscriminatorSteps", 0)]
    [DataRow("DiscriminatorSteps", 101)]
    [DataRow("R1Penalty", -1.0)]
    [DataRow("R1Penalty", double.PositiveInfinity)]
    [DataRow("R2Penalty", -1.0)]
    [DataRow("R1Interval", 0)]
    [DataRow("R1Interval", 1001)]
    [DataRow("GradientPenalty", -1.0)]
    [DataRow("GradientPenalty", double.NaN)]
    [DataRow("RealLabel", 0.5)]
    [DataRow("RealLabel", 1.1)]
    [DataRow("LabelNoise", -0.1)]
    [DataRow("LabelNoise", 0.5)]
    [DataRow("InstanceNoise", -0.1)]
    [DataRow("InstanceNoise", 11.0)]
    [DataRow("InstanceNoiseDecay", 0.0)]
    [DataRow("InstanceNoiseDecay", 1.1)]
    [DataRow("Augmentation", (DcganAugmentation)(1 << 30))]
    public void Nonsense_is_refused_by_name(string option, object value)
    {
        string message = Refused(option, options => typeof(DcganEstimator.Options).GetField(option)!.SetValue(options, value));
        StringAssert.Contains(message, FormattableString.Invariant($"{option} is {value}, but it must be"));
    }

    [TestMethod]
    public void The_gradient_penalty_needs_images_judged_one_by_one() =>
        StringAssert.Contains(Refused("GradientPenalty", options => options.GradientPenalty = 10), "choose Spectral or None");

    [TestMethod]
    public void The_gradient_penalty_needs_a_discriminator_that_looks_at_one_image() =>
        StringAssert.Contains(Refused("GradientPenalty", options => (options.GradientPenalty, options.DiscriminatorNormalization,
            options.MinibatchDeviation) = (10, DcganNormalization.None, true)), "0 with MinibatchDeviation");

    [TestMethod]
    [DataRow("LearningRateWarmUp", 0.1, "0 where Epochs is 0")]
    [DataRow("InstanceNoise", 0.1, "0 where Epochs is 0")]
    [DataRow("LearningRateDecayStart", 0.0, "above 0 where Epochs is 0")]
    public void A_share_of_a_training_needs_its_length(string option, double value, string expected) =>
        StringAssert.Contains(Refused(option, options =>
        {
            options.Epochs = 0;
            typeof(DcganEstimator.Options).GetField(option)!.SetValue(options, value);
        }), expected);

    [TestMethod]
    public void The_Wasserstein_loss_needs_a_bounded_slope() =>
        StringAssert.Contains(Refused("Loss", options => options.Loss = DcganLoss.Wasserstein), "neither a GradientPenalty nor Spectral");

    [TestMethod]
    [DataRow(DcganLoss.Hinge)]
    [DataRow(DcganLoss.Wasserstein)]
    [DataRow(DcganLoss.Relativistic)]
    public void Labels_need_a_loss_that_has_them(DcganLoss loss)
    {
        StringAssert.Contains(Refused("RealLabel", options => Set(options).RealLabel = 0.9),
            $"1 with the {loss} loss, which knows no labels");
        StringAssert.Contains(Refused("LabelNoise", options => Set(options).LabelNoise = 0.1),
            $"0 with the {loss} loss, which knows no labels");

        DcganEstimator.Options Set(DcganEstimator.Options options)
        {
            options.Loss = loss;
            options.DiscriminatorNormalization = DcganNormalization.Spectral;
            return options;
        }
    }

    private static string Refused(string option, Action<DcganEstimator.Options> change)
    {
        DcganEstimator.Options options = Pictures.SmallOptions();
        change(options);
        var failure = Assert.Throws<ArgumentOutOfRangeException>(() => new MLContext(seed: 1).Transforms.Dcgan(options));
        Assert.AreEqual(option, failure.ParamName);
        return failure.Message;
    }
}
