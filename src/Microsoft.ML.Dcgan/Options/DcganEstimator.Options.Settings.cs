using Microsoft.ML.Dcgan.Data;
using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan;

public sealed partial class DcganEstimator
{
    public sealed partial class Options
    {
        /// <summary>The networks for images of this format.</summary>
        internal NetworkShape Shape(ImageFormat format) => new(format.Height, format.Width, format.Channels,
            NoiseSize, GeneratorFeatureMaps, DiscriminatorFeatureMaps, KernelSize)
        {
            NoiseDistribution = NoiseDistribution,
            Upsampling = Upsampling,
            DiscriminatorNormalization = DiscriminatorNormalization,
        };

        /// <summary>What the training loop is told.</summary>
        internal TrainingSettings Settings(int seed) => new(Epochs, BatchSize, LearningRate, Beta1, Beta2, seed, ProgressInterval, Precision,
            EvaluationInterval > 0 ? new EvaluationSettings(EvaluationInterval, EvaluationSamples, EvaluationPatience) : null)
        {
            Loss = Loss,
            DiscriminatorLearningRate = DiscriminatorLearningRate,
            LearningRateSchedule = LearningRateSchedule,
            LearningRateDecayStart = LearningRateDecayStart,
            DiscriminatorSteps = DiscriminatorSteps,
            AverageHalfLife = AverageHalfLife,
            AverageRampUp = AverageRampUp,
            R1Penalty = R1Penalty,
            R1Interval = R1Interval,
            GradientPenalty = GradientPenalty,
            RealLabel = RealLabel,
            LabelNoise = LabelNoise,
            InstanceNoise = InstanceNoise,
            InstanceNoiseDecay = InstanceNoiseDecay,
            GeneratorDropout = GeneratorDropout,
            DiscriminatorDropout = DiscriminatorDropout,
            Augmentation = Augmentation,
            Mirror = Mirror,
            BadImages = BadImages,
            Health = new HealthSettings(HealthInterval, HealthPolicy),
            Checkpoints = Checkpoints,
            Samples = SampleSettings,
        };
    }
}
