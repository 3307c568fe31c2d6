using Schema = Microsoft.ML.Dcgan.OptionsSchema<Microsoft.ML.Dcgan.DcganEstimator.Options>;

namespace Microsoft.ML.Dcgan;

public sealed partial class DcganEstimator
{
    // Defaults that method parameters have, too.
    internal static class Defaults
    {
        public const string OutputColumnName = "Generated";
        public const string NoiseColumnName = "Noise";
        public const string ImageColumnName = "Image";
        public const int Epochs = 25;
        public const int BatchSize = 32;
        public const int NoiseSize = 100;
        public const int FeatureMaps = 64;
        public const int GenerationBatchSize = 64;
    }

    // Of an image's height and width, in pixels.
    internal static class Limits
    {
        public const int SmallestSide = 8;
        public const int LargestSide = 4096;
    }

    // The rules between options; those of each are its attributes.
    public sealed partial record Options
    {
        private const long LeastEvaluationInterval = 20_000;
        private const int UsualPatience = 5;

        /// <summary>The paper's settings to the letter (section 4, figure 1; feature maps as in its authors' code), where the defaults are
        /// others by now: see docs/training.md. Columns, epochs and all else are still to be set.</summary>
        public static Options Paper() => new()
        {
            LearningRate = 0.0002,
            LearningRateSchedule = DcganSchedule.Constant,
            Beta1 = 0.5,
            Loss = DcganLoss.NonSaturating,
            R1Penalty = 0,
            R2Penalty = 0,
            AverageHalfLife = 0,
            Augmentation = DcganAugmentation.None,
            BatchSize = 128,
            GeneratorFeatureMaps = 128,
            DiscriminatorFeatureMaps = 128,
            KernelSize = 5,
            NoiseDistribution = DcganNoise.Uniform,
        };

        /// <summary>A copy of them.</summary>
        /// <exception cref="ArgumentOutOfRangeException">One is out of its range, or does not go with another.</exception>
        internal Options Validated()
        {
            Options copy = Schema.Validated(this);
            copy.CheckTogether();
            return copy;
        }

        /// <summary>The same, with evaluations that say when a training ends whose length is left open.</summary>
        internal Options WithEnd(long images) => Epochs > 0 ? this : this with
        {
            EvaluationInterval = EvaluationInterval > 0 ? EvaluationInterval : Math.Max(images, LeastEvaluationInterval),
            EvaluationPatience = EvaluationPatience > 0 ? EvaluationPatience : UsualPatience,
        };

        /// <summary>Those that files hold, and the defaults of the others.</summary>
        internal Options Stored() => Schema.Copy(this, field => field.IsStored);

        // What is fine by itself, but not together.
        private void CheckTogether()
        {
            Differ(nameof(OutputColumnName), nameof(NoiseColumnName), "the images must not hide their own noise");
            foreach (string other in new[] { nameof(OutputColumnName), nameof(NoiseColumnName), nameof(ImageColumnName) })
                Differ(nameof(LabelColumnName), other, "they are different columns");

            bool isBatch = DiscriminatorNormalization == DcganNormalization.Batch;
            Require(GradientPenalty == 0 || !isBatch, nameof(GradientPenalty), "0 where DiscriminatorNormalization is Batch, " +
                "which makes images depend on each other; choose Spectral or None");
            Require(GradientPenalty == 0 || !MinibatchDeviation, nameof(GradientPenalty),
                "0 with MinibatchDeviation, which makes images depend on each other");
            Require(EvaluationPatience == 0 || EvaluationInterval > 0 || Epochs == 0, nameof(EvaluationPatience),
                "0 where there is no EvaluationInterval");
            const string open = "where Epochs is 0, which leaves the length of the training open";
            Require(Epochs > 0 || LearningRateWarmUp == 0, nameof(LearningRateWarmUp), $"0 {open}");
            Require(Epochs > 0 || InstanceNoise == 0, nameof(InstanceNoise), $"0 {open}");
            Require(Epochs > 0 || LearningRateDecayStart > 0, nameof(LearningRateDecayStart), $"above 0 {open}");
            Require(!Resume || CheckpointFolder != null, nameof(Resume), "false where there is no CheckpointFolder to go on from");
            Require(Replicas == 1 || Distribution == DcganDistribution.None, nameof(Replicas),
                "1 where Distribution is Mpi, which has a replica in each process");
            Require(SampleInterval > 0 || Samples == null, nameof(SampleInterval),
                "above 0 where Samples is to be called, such as 5,000 images");
        }

        /// <inheritdoc cref="OptionsSchema{T}.Require"/>
        internal void Require(bool holds, string name, string expected) => Schema.Require(holds, this, name, expected);

        private void Differ(string name, string other, string why)
        {
            if (Schema.Find(name).Get(this) is { } column && column.Equals(Schema.Find(other).Get(this)))
            {
                throw new ArgumentOutOfRangeException(name,
                    $"{name} and {other} are both '{column}', but {why}. Name one of them differently.");
            }
        }
    }
}

/// <summary>A training that goes on from a checkpoint may have another value of this option than before.</summary>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class FreeOnResumeAttribute : Attribute;
