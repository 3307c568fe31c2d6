using Microsoft.ML.Dcgan.Networks;
using Microsoft.ML.Dcgan.Storage;
using Microsoft.ML.Dcgan.Training;

namespace Microsoft.ML.Dcgan;

public sealed partial class DcganEstimator
{
    // The way back from what a model file holds.
    public sealed partial class Options
    {
        /// <summary>The options that ask for these networks, all else by default.</summary>
        internal static Options Of(NetworkShape network) => new()
        {
            OutputColumnName = "Generated",
            ImageHeight = network.Height,
            ImageWidth = network.Width,
            Channels = network.Channels,
            NoiseSize = network.NoiseSize,
            GeneratorFeatureMaps = network.GeneratorFeatureMaps,
            DiscriminatorFeatureMaps = network.DiscriminatorFeatureMaps,
            KernelSize = network.KernelSize,
            NoiseDistribution = network.NoiseDistribution,
            Upsampling = network.Upsampling,
            DiscriminatorNormalization = network.DiscriminatorNormalization,
        };

        /// <summary>The options that give a model of this description, as far as it tells.</summary>
        internal static Options Of(ModelDescription model)
        {
            Options options = Of(model.Network);
            options.Train(model.Options);
            if (model.Options.Evaluation is { } evaluation)
                options.Evaluate(evaluation);
            if (model.Options.Checkpoints is { } checkpoints)
                options.Keep(checkpoints);
            if (model.Options.Samples is { } samples)
                (options.SampleInterval, options.SampleCount) = (samples.Interval, samples.Count);
            if (model.Generation is { } generation)
                options.Generate(generation);
            return options;
        }

        private void Train(TrainingSettings settings)
        {
            Epochs = settings.Epochs;
            BatchSize = settings.BatchSize;
            LearningRate = settings.LearningRate;
            Beta1 = settings.Beta1;
            Beta2 = settings.Beta2;
            Seed = settings.Seed;
            ProgressInterval = settings.ProgressInterval;
            Precision = settings.Precision;
            Loss = settings.Loss;
            DiscriminatorLearningRate = settings.DiscriminatorLearningRate;
            LearningRateSchedule = settings.LearningRateSchedule;
            LearningRateDecayStart = settings.LearningRateDecayStart;
            DiscriminatorSteps = settings.DiscriminatorSteps;
            AverageHalfLife = settings.AverageHalfLife;
            AverageRampUp = settings.AverageRampUp;
            R1Penalty = settings.R1Penalty;
            R1Interval = settings.R1Interval;
            GradientPenalty = settings.GradientPenalty;
            RealLabel = settings.RealLabel;
            LabelNoise = settings.LabelNoise;
            InstanceNoise = settings.InstanceNoise;
            InstanceNoiseDecay = settings.InstanceNoiseDecay;
            GeneratorDropout = settings.GeneratorDropout;
            DiscriminatorDropout = settings.DiscriminatorDropout;
            Augmentation = settings.Augmentation;
            Mirror = settings.Mirror;
            BadImages = settings.BadImages;
            HealthInterval = settings.Health?.Interval ?? 0;
            HealthPolicy = settings.Health?.Policy ?? DcganHealthPolicy.Warn;
        }

        private void Evaluate(EvaluationSettings evaluation)
        {
            EvaluationInterval = evaluation.Interval;
            EvaluationSamples = evaluation.Samples;
            EvaluationPatience = evaluation.Patience;
        }

        private void Keep(CheckpointSettings checkpoints)
        {
            CheckpointFolder = checkpoints.Folder;
            CheckpointInterval = checkpoints.Interval;
            CheckpointMinutes = checkpoints.Minutes;
            CheckpointsKept = checkpoints.Kept;
            Resume = checkpoints.Resume;
        }

        private void Generate(GenerationDescription generation)
        {
            OutputColumnName = generation.OutputColumnName;
            NoiseColumnName = generation.NoiseColumnName;
            GenerationSeed = generation.Seed;
            GenerationBatchSize = generation.BatchSize;
            LabelColumnName = generation.Labels?.ColumnName;
        }
    }
}
