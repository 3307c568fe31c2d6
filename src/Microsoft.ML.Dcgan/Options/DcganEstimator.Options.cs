using System.Text.Json.Serialization;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan;

public sealed partial class DcganEstimator
{
    internal static partial class Defaults
    {
        public const string NoiseColumnName = "Noise";
        public const string ImageColumnName = "Image";
        public const int Epochs = 25;
        public const int BatchSize = 32;
        public const int NoiseSize = 100;
        public const int FeatureMaps = 64;
        public const int KernelSize = 4;
        public const double LearningRate = 1e-3;
        public const double Beta1 = 0.5;
        public const double Beta2 = 0.999;
        public const int ProgressInterval = 50;
        public const int GenerationBatchSize = 64;
        public const int EvaluationSamples = 5_000;
    }

    /// <summary>
    /// The options of a <see cref="DcganEstimator"/>. "The paper" is Radford, Metz and Chintala 2015, "Unsupervised
    /// Representation Learning with Deep Convolutional Generative Adversarial Networks".
    /// </summary>
    public sealed partial record Options
    {
        /// <summary>The column of generated images that the transformer adds. Required.</summary>
        [JsonIgnore]
        public string OutputColumnName = "";

        /// <summary>
        /// The column of noise vectors that the transformer reads: vectors of <see cref="float"/> of size
        /// <see cref="NoiseSize"/>, distributed as <see cref="NoiseDistribution"/> says. Default "Noise". Where the data has no such column, the transformer draws
        /// its own noise from <see cref="GenerationSeed"/>.
        /// </summary>
        [JsonIgnore]
        public string NoiseColumnName = Defaults.NoiseColumnName;

        /// <summary>
        /// The column of images to train on. Default "Image". Either images, all of one size, or known-size vectors of
        /// <see cref="float"/> with pixels in [-1, 1], planes first.
        /// </summary>
        [JsonIgnore]
        public string ImageColumnName = Defaults.ImageColumnName;

        /// <summary>
        /// A column of keys, as <c>MapValueToKey</c> makes them, that says which class each training image is of: the
        /// generator then makes pictures of the class that it is asked for (Mirza and Osindero 2014), and the discriminator
        /// judges whether a picture is a real one of its class (Miyato and Koyama 2018). At most 10,000 classes. The
        /// transformer reads a column of this name beside the noise. Default null: no classes.
        /// </summary>
        [JsonIgnore]
        public string? LabelColumnName;

        /// <summary>
        /// The images' height in pixels, 8 to 4096. Default null: what the column's type says; or, for images of no stated
        /// size, what the first has; or, for a flat vector, the side of the square that it fills.
        /// </summary>
        [JsonIgnore]
        public int? ImageHeight;

        /// <summary>The images' width in pixels, 8 to 4096. Default null, as for <see cref="ImageHeight"/>.</summary>
        [JsonIgnore]
        public int? ImageWidth;

        /// <summary>
        /// 1 for grey images, 3 for red, green and blue. Default null: what a vector column's type or size says, and 3 for a
        /// column of images.
        /// </summary>
        [JsonIgnore]
        public int? Channels;

        /// <summary>Numbers in a noise vector, 1 to 10,000. Default 100 (the paper, section 4).</summary>
        [JsonIgnore]
        public int NoiseSize = Defaults.NoiseSize;

        /// <summary>
        /// Feature maps of the generator's last hidden layer, 1 to 1024; each layer before has twice as many, to at most 8
        /// times. Default 64 (PyTorch's DCGAN example; the paper's figure 1 has 128).
        /// </summary>
        [JsonIgnore]
        public int GeneratorFeatureMaps = Defaults.FeatureMaps;

        /// <summary>
        /// Feature maps of the discriminator's first layer, 1 to 1024; each layer after has twice as many, to at most 8
        /// times. Default 64 (PyTorch's DCGAN example).
        /// </summary>
        [JsonIgnore]
        public int DiscriminatorFeatureMaps = Defaults.FeatureMaps;

        /// <summary>
        /// Side of the convolutions' kernels, 4 or 5. Default 4, which covers all pixels evenly (Odena, Dumoulin and Olah
        /// 2016); 5 is the paper's (figure 1).
        /// </summary>
        [JsonIgnore]
        public int KernelSize = Defaults.KernelSize;

        /// <summary>
        /// How noise vectors are distributed, in training and where the transformer draws them. Default
        /// <see cref="DcganNoise.Normal"/> (PyTorch's DCGAN example); the paper's is uniform.
        /// </summary>
        [JsonIgnore]
        public DcganNoise NoiseDistribution = DcganNoise.Normal;

        /// <summary>How the generator's layers make images larger. Default <see cref="DcganUpsampling.TransposedConvolution"/> (the paper, section 3).</summary>
        [JsonIgnore]
        public DcganUpsampling Upsampling = DcganUpsampling.TransposedConvolution;

        /// <summary>What keeps the discriminator's layers in bounds. Default <see cref="DcganNormalization.Batch"/> (the paper, section 3).</summary>
        [JsonIgnore]
        public DcganNormalization DiscriminatorNormalization = DcganNormalization.Batch;

        /// <summary>How often each image is trained on, 1 or more. Default 25.</summary>
        [FreeOnResume]
        public int Epochs = Defaults.Epochs;

        /// <summary>
        /// Images in a minibatch, 1 or more. Default 32, with which far fewer images make pictures good than with the paper's
        /// 128 (docs/training.md). DataLoader are always full: what an epoch leaves over opens the next one's first. Where
        /// there are fewer images than this, all of them are the minibatch.
        /// </summary>
        public int BatchSize = Defaults.BatchSize;

        /// <summary>Adam's learning rate for both networks, above 0 and at most 1. Default 0.001, with which pictures become good much sooner than with the paper's 0.0002 (docs/training.md).</summary>
        public double LearningRate = Defaults.LearningRate;

        /// <summary>Adam's decay of the mean gradient, 0 to less than 1. Default 0.5 (the paper, section 4).</summary>
        public double Beta1 = Defaults.Beta1;

        /// <summary>Adam's decay of the mean squared gradient, 0 to less than 1. Default 0.999 (Kingma and Ba 2015).</summary>
        public double Beta2 = Defaults.Beta2;

        /// <summary>
        /// Seeds the weights, the order of images and the noise of training. Default null: the seed of the MLContext or,
        /// without one, a random one, which <see cref="TrainingSummary.Seed"/> tells. On the CPU, the same seed and number of
        /// threads give the same weights to the bit.
        /// </summary>
        public int? Seed;

        /// <summary>
        /// Where to train and generate. Default <see cref="DcganDevice.Auto"/>. <c>MLContext.GpuDeviceId</c> says which GPU;
        /// where that one is missing and <c>MLContext.FallbackToCpu</c> is false, fitting fails.
        /// </summary>
        [JsonIgnore]
        public DcganDevice Device = DcganDevice.Auto;

        /// <summary>
        /// A folder for a temporary file with the training images, a byte a value. Default null: they are held in memory,
        /// and only if that would take more than half of it, in a file in the system's folder for temporary files.
        /// </summary>
        [JsonIgnore]
        public string? CacheFolder;

        /// <summary>
        /// What convolutions compute in, in training and in generating. Default <see cref="DcganPrecision.Auto"/>: what the
        /// processor or GPU has instructions for decides. <see cref="TrainingSummary.Precision"/> tells the result, which is
        /// saved with the model: once loaded it computes in the same, or in float32 with a warning where bfloat16 has no
        /// hardware. Weights are saved in 32 bits whichever it is. <see cref="DcganPrecision.Float32"/> gives the same pictures
        /// on all machines, but for rounding.
        /// </summary>
        [FreeOnResume]
        public DcganPrecision Precision = DcganPrecision.Auto;

        /// <summary>DataLoader between two reports of progress, 1 or more. Default 50. The last one is always reported.</summary>
        [FreeOnResume]
        public int ProgressInterval = Defaults.ProgressInterval;

        /// <summary>
        /// Called with each report of progress, on the thread that trains. Default null. The same numbers go to ML.NET's log
        /// and progress channel. An exception that it throws ends the training.
        /// </summary>
        [JsonIgnore]
        public Action<TrainingProgress>? Progress;

        /// <summary>
        /// Images trained on between two evaluations of the generator, 0 or more. Default 0: none. An evaluation measures the
        /// Fréchet distance (Heusel et al. 2017) of generated images to training images; it goes to
        /// <see cref="TrainingProgress.FrechetDistance"/>, and the best generator is the one that <see cref="Fit(IDataView)"/> returns. The
        /// last step is always evaluated.
        /// </summary>
        public long EvaluationInterval;

        /// <summary>
        /// Images generated for an evaluation, and at most as many training images, 2 or more. Default 5,000. Distances of
        /// different numbers of samples cannot be compared (Binkowski et al. 2018, section 4).
        /// </summary>
        public int EvaluationSamples = Defaults.EvaluationSamples;

        /// <summary>
        /// What evaluations look at: a transformer, such as a <see cref="DcganFeaturizer"/>, that reads the column
        /// <see cref="ImageColumnName"/>, here of images, and adds a known-size vector of <see cref="float"/>, the last of
        /// which is taken. Default null: the features of a discriminator with random weights, which needs no other data
        /// and has no taste of its own (Naeem et al. 2020, section 4). Its user disposes it.
        /// </summary>
        [JsonIgnore]
        public ITransformer? EvaluationFeatures;

        /// <summary>
        /// How many evaluations in a row may bring nothing better before training ends, 0 or more. Default 0: it goes on to
        /// its end. <see cref="TrainingSummary.Stalled"/> tells.
        /// </summary>
        public int EvaluationPatience;

        /// <summary>
        /// Stops training early. Cancelled while training, <see cref="Fit(IDataView)"/> ends after the minibatch in progress and
        /// returns the model as far as it got, with <see cref="TrainingSummary.Cancelled"/> set: hours of training are not
        /// thrown away. Cancelled before the first minibatch, there is nothing to return, and it throws
        /// <see cref="OperationCanceledException"/>.
        /// </summary>
        [JsonIgnore]
        public CancellationToken CancellationToken;

        /// <summary>
        /// Seeds the noise that the transformer draws where the data has no noise column. Default 0. A row's noise depends on
        /// this seed and the row's id alone.
        /// </summary>
        [JsonIgnore]
        public int GenerationSeed;

        /// <summary>Images that the transformer generates at once, 1 to 10,000. Default 64.</summary>
        [JsonIgnore]
        public int GenerationBatchSize = Defaults.GenerationBatchSize;

        internal Options Validated()
        {
            Options copy = (Options)MemberwiseClone();
            RequireName(nameof(OutputColumnName), copy.OutputColumnName, "\"Generated\"");
            RequireName(nameof(NoiseColumnName), copy.NoiseColumnName, $"\"{Defaults.NoiseColumnName}\"");
            RequireName(nameof(ImageColumnName), copy.ImageColumnName, $"\"{Defaults.ImageColumnName}\"");
            if (copy.OutputColumnName == copy.NoiseColumnName)
            {
                throw new ArgumentOutOfRangeException(nameof(OutputColumnName),
                    $"OutputColumnName and NoiseColumnName are both '{OutputColumnName}', but the images must not hide their own noise. Name one of them differently.");
            }

            if (copy.LabelColumnName != null)
                RequireLabels(copy);
            RequireSide(nameof(ImageHeight), copy.ImageHeight);
            RequireSide(nameof(ImageWidth), copy.ImageWidth);
            Require(nameof(Channels), copy.Channels, copy.Channels is null or 1 or 3, "1 (grey) or 3 (red, green, blue)", "null, to take it from the column");
            Require(nameof(NoiseSize), copy.NoiseSize, copy.NoiseSize is >= 1 and <= 10_000, "from 1 to 10,000", Defaults.NoiseSize);
            Require(nameof(GeneratorFeatureMaps), copy.GeneratorFeatureMaps, copy.GeneratorFeatureMaps is >= 1 and <= 1024, "from 1 to 1024", Defaults.FeatureMaps);
            Require(nameof(DiscriminatorFeatureMaps), copy.DiscriminatorFeatureMaps, copy.DiscriminatorFeatureMaps is >= 1 and <= 1024, "from 1 to 1024", Defaults.FeatureMaps);
            Require(nameof(KernelSize), copy.KernelSize, copy.KernelSize is 4 or 5, "4 or 5", Defaults.KernelSize);
            Require(nameof(NoiseDistribution), copy.NoiseDistribution, Enum.IsDefined(copy.NoiseDistribution), "Normal or Uniform", DcganNoise.Normal);
            Require(nameof(Upsampling), copy.Upsampling, Enum.IsDefined(copy.Upsampling), "TransposedConvolution or ResizeConvolution", DcganUpsampling.TransposedConvolution);
            Require(nameof(DiscriminatorNormalization), copy.DiscriminatorNormalization, Enum.IsDefined(copy.DiscriminatorNormalization), "Batch, Spectral or None", DcganNormalization.Batch);
            Require(nameof(Epochs), copy.Epochs, copy.Epochs >= 1, "1 or more", Defaults.Epochs);
            Require(nameof(BatchSize), copy.BatchSize, copy.BatchSize >= 1, "1 or more", Defaults.BatchSize);
            Require(nameof(LearningRate), copy.LearningRate, copy.LearningRate is > 0 and <= 1, "above 0 and at most 1", Defaults.LearningRate);
            Require(nameof(Beta1), copy.Beta1, copy.Beta1 is >= 0 and < 1, "at least 0 and below 1", Defaults.Beta1);
            Require(nameof(Beta2), copy.Beta2, copy.Beta2 is >= 0 and < 1, "at least 0 and below 1", Defaults.Beta2);
            Require(nameof(Device), copy.Device, Enum.IsDefined(copy.Device), "Auto, Cpu or Cuda", DcganDevice.Auto);
            Require(nameof(Precision), copy.Precision, Enum.IsDefined(copy.Precision), "Auto, Float32 or BFloat16", DcganPrecision.Auto);
            Require(nameof(ProgressInterval), copy.ProgressInterval, copy.ProgressInterval >= 1, "1 or more", Defaults.ProgressInterval);
            Require(nameof(EvaluationInterval), copy.EvaluationInterval, copy.EvaluationInterval >= 0, "0 or more", 0);
            Require(nameof(EvaluationSamples), copy.EvaluationSamples, copy.EvaluationSamples >= 2, "2 or more", Defaults.EvaluationSamples);
            Require(nameof(EvaluationPatience), copy.EvaluationPatience, copy.EvaluationPatience >= 0, "0 or more", 0);
            Require(nameof(EvaluationPatience), copy.EvaluationPatience, copy.EvaluationPatience == 0 || copy.EvaluationInterval > 0, "0 where there is no EvaluationInterval", 0);
            copy.CheckStability();
            copy.CheckSafety();
            copy.CheckSamples();
            Require(nameof(GenerationBatchSize), copy.GenerationBatchSize, copy.GenerationBatchSize is >= 1 and <= 10_000, "from 1 to 10,000", Defaults.GenerationBatchSize);
            return copy;
        }

        internal static void RequireName(string option, string? value, string example)
        {
            if (string.IsNullOrWhiteSpace(value))
                throw new ArgumentOutOfRangeException(option, $"{option} is empty, but a column name is expected, such as {example}.");
        }

        private static void RequireLabels(Options options)
        {
            RequireName(nameof(LabelColumnName), options.LabelColumnName, "\"Label\", or null for no classes");
            string? other = options.LabelColumnName == options.OutputColumnName ? nameof(OutputColumnName)
                : options.LabelColumnName == options.NoiseColumnName ? nameof(NoiseColumnName)
                : options.LabelColumnName == options.ImageColumnName ? nameof(ImageColumnName)
                : null;
            if (other != null)
                throw new ArgumentOutOfRangeException(nameof(LabelColumnName), $"LabelColumnName and {other} are both '{options.LabelColumnName}', but they are different columns. Name one of them differently.");
        }

        private static void RequireSide(string option, int? value) =>
            Require(option, value, value is null or (>= NetworkShape.SmallestSide and <= NetworkShape.LargestSide),
                $"from {NetworkShape.SmallestSide} to {NetworkShape.LargestSide} pixels", "null, to take it from the column");

        internal static void Require(string option, object? value, bool valid, string range, object standard)
        {
            if (!valid)
                throw new ArgumentOutOfRangeException(option, FormattableString.Invariant($"{option} is {value}, but it must be {range}. The default is {standard}."));
        }
    }
}
