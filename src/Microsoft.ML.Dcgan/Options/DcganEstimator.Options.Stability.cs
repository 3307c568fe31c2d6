namespace Microsoft.ML.Dcgan;

public sealed partial class DcganEstimator
{
    internal static partial class Defaults
    {
        public const double LearningRateDecayStart = 0.5;
        public const int DiscriminatorSteps = 1;
        public const long AverageHalfLife = 0;
        public const double AverageRampUp = 0.05;
        public const int R1Interval = 16;
        public const double RealLabel = 1;
        public const double InstanceNoiseDecay = 1;
    }

    public sealed partial record Options
    {
        /// <summary>What the two networks minimise. Default <see cref="DcganLoss.NonSaturating"/> (the paper, by way of Goodfellow et al. 2014).</summary>
        public DcganLoss Loss = DcganLoss.NonSaturating;

        /// <summary>
        /// Adam's learning rate for the discriminator, above 0 and at most 1. Default null: <see cref="LearningRate"/>, which is
        /// then for both. Two time scales: Heusel et al. 2017.
        /// </summary>
        public double? DiscriminatorLearningRate;

        /// <summary>How learning rates change while training. Default <see cref="DcganSchedule.Constant"/> (the paper).</summary>
        public DcganSchedule LearningRateSchedule = DcganSchedule.Constant;

        /// <summary>
        /// Where in the training learning rates begin to fall, 0 (at its start) to less than 1 (at its end). Default 0.5. Without
        /// effect where <see cref="LearningRateSchedule"/> is constant.
        /// </summary>
        public double LearningRateDecayStart = Defaults.LearningRateDecayStart;

        /// <summary>
        /// Steps of the discriminator, each on a minibatch of its own, for one of the generator, 1 to 100. Default 1 (the
        /// paper); Gulrajani et al. 2017 take 5 with the Wasserstein loss.
        /// </summary>
        public int DiscriminatorSteps = Defaults.DiscriminatorSteps;

        /// <summary>
        /// Half-life, in images trained on, of the generator's averaged weights, 0 and up. The average is what is evaluated and
        /// what the transformer generates with (Yazici et al. 2019; Karras et al. 2018, section 3). Default 0: the last weights.
        /// </summary>
        public long AverageHalfLife = Defaults.AverageHalfLife;

        /// <summary>
        /// The half-life is at most this share of the images trained on so far, so that early weights are soon forgotten; 0 to 1.
        /// Default 0.05 (Karras et al. 2020, in their code). 0: no such limit.
        /// </summary>
        public double AverageRampUp = Defaults.AverageRampUp;

        /// <summary>
        /// Weight of the R1 penalty, half the squared gradient of D's logit of real images, 0 and up. Default 0: none. Mescheder
        /// et al. 2018, section 4.1, take 10. It needs <see cref="DiscriminatorNormalization"/> other than batch normalisation,
        /// which makes an image's logit depend on others.
        /// </summary>
        public double R1Penalty;

        /// <summary>
        /// Steps between two that compute the R1 penalty, which then counts as many times, 1 to 1,000. Default 16 (lazy
        /// regularisation: Karras et al. 2020, section 3.1).
        /// </summary>
        public int R1Interval = Defaults.R1Interval;

        /// <summary>
        /// Weight of the penalty on D's gradient between real and generated images, where its norm is not 1, 0 and up. Default
        /// 0: none. Gulrajani et al. 2017, section 4, take 10. It needs <see cref="DiscriminatorNormalization"/> other than batch normalisation.
        /// </summary>
        public double GradientPenalty;

        /// <summary>
        /// How sure the discriminator is asked to be of real images, above 0.5 to 1. Default 1; Salimans et al. 2016, section 3.4, take
        /// 0.9 (one-sided label smoothing). For the losses <see cref="DcganLoss.NonSaturating"/>, <see cref="DcganLoss.Minimax"/> and <see cref="DcganLoss.LeastSquares"/>.
        /// </summary>
        public double RealLabel = Defaults.RealLabel;

        /// <summary>
        /// The share of images, real and generated, that are shown to the discriminator under the wrong label, 0 to less than
        /// 0.5. Default 0 (noisy labels: Salimans et al. 2016 discuss them; practice of the field). For the same losses as <see cref="RealLabel"/>.
        /// </summary>
        public double LabelNoise;

        /// <summary>
        /// Standard deviation of the normal noise that is added to every image that the discriminator sees, 0 to 10, where pixels
        /// are in [-1, 1]. Default 0 (instance noise: Sønderby et al. 2017, section 2; Arjovsky and Bottou 2017, section 3).
        /// </summary>
        public double InstanceNoise;

        /// <summary>
        /// The share of the training over which <see cref="InstanceNoise"/> falls to 0 in a straight line, above 0 to 1. Default 1: all of it.
        /// </summary>
        public double InstanceNoiseDecay = Defaults.InstanceNoiseDecay;

        /// <summary>The share of features that are dropped in the generator's hidden layers while training, 0 to less than 1. Default 0 (Isola et al. 2017, section 3.2.1, drop half).</summary>
        public double GeneratorDropout;

        /// <summary>The share of features that are dropped in the discriminator's hidden layers while training, 0 to less than 1. Default 0.</summary>
        public double DiscriminatorDropout;

        /// <summary>
        /// What is done at random to every image that the discriminator sees, for training sets of a few thousand images or
        /// fewer. Default <see cref="DcganAugmentation.None"/> (Zhao et al. 2020).
        /// </summary>
        public DcganAugmentation Augmentation = DcganAugmentation.None;

        /// <summary>Whether real images are shown mirrored left to right half of the time. Default false. Not for pictures of text.</summary>
        public bool Mirror;

        private void CheckStability()
        {
            Require(nameof(Loss), Loss, Enum.IsDefined(Loss), $"one of {string.Join(", ", Enum.GetNames<DcganLoss>())}", DcganLoss.NonSaturating);
            Require(nameof(DiscriminatorLearningRate), DiscriminatorLearningRate, DiscriminatorLearningRate is null or (> 0 and <= 1), "above 0 and at most 1", "null, for LearningRate");
            Require(nameof(LearningRateSchedule), LearningRateSchedule, Enum.IsDefined(LearningRateSchedule), "Constant, Linear or Cosine", DcganSchedule.Constant);
            Require(nameof(LearningRateDecayStart), LearningRateDecayStart, LearningRateDecayStart is >= 0 and < 1, "at least 0 and below 1", Defaults.LearningRateDecayStart);
            Require(nameof(DiscriminatorSteps), DiscriminatorSteps, DiscriminatorSteps is >= 1 and <= 100, "from 1 to 100", Defaults.DiscriminatorSteps);
            Require(nameof(AverageHalfLife), AverageHalfLife, AverageHalfLife >= 0, "0 or more images", Defaults.AverageHalfLife);
            Require(nameof(AverageRampUp), AverageRampUp, AverageRampUp is >= 0 and <= 1, "from 0 to 1", Defaults.AverageRampUp);
            Require(nameof(R1Penalty), R1Penalty, R1Penalty >= 0 && double.IsFinite(R1Penalty), "0 or more", 0);
            Require(nameof(R1Interval), R1Interval, R1Interval is >= 1 and <= 1000, "from 1 to 1,000 steps", Defaults.R1Interval);
            Require(nameof(GradientPenalty), GradientPenalty, GradientPenalty >= 0 && double.IsFinite(GradientPenalty), "0 or more", 0);
            Require(nameof(RealLabel), RealLabel, RealLabel is > 0.5 and <= 1, "above 0.5 and at most 1", Defaults.RealLabel);
            Require(nameof(LabelNoise), LabelNoise, LabelNoise is >= 0 and < 0.5, "at least 0 and below 0.5", 0);
            Require(nameof(InstanceNoise), InstanceNoise, InstanceNoise is >= 0 and <= 10, "from 0 to 10", 0);
            Require(nameof(InstanceNoiseDecay), InstanceNoiseDecay, InstanceNoiseDecay is > 0 and <= 1, "above 0 and at most 1", Defaults.InstanceNoiseDecay);
            Require(nameof(GeneratorDropout), GeneratorDropout, GeneratorDropout is >= 0 and < 1, "at least 0 and below 1", 0);
            Require(nameof(DiscriminatorDropout), DiscriminatorDropout, DiscriminatorDropout is >= 0 and < 1, "at least 0 and below 1", 0);
            Require(nameof(Augmentation), Augmentation, (Augmentation & ~DcganAugmentation.All) == 0, "None, Translation, Cutout, Color or several of them", DcganAugmentation.None);
            CheckFit();
        }

        // What is fine by itself, but not together.
        private void CheckFit()
        {
            bool batch = DiscriminatorNormalization == DcganNormalization.Batch;
            Require(nameof(GradientPenalty), GradientPenalty, GradientPenalty == 0 || !batch, "0 where DiscriminatorNormalization is Batch, which makes images depend on each other; choose Spectral or None", 0);
            Require(nameof(R1Penalty), R1Penalty, R1Penalty == 0 || !batch, "0 where DiscriminatorNormalization is Batch, which makes images depend on each other; choose Spectral or None", 0);
        }
    }
}
