using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Dcgan;

public sealed partial class DcganEstimator
{
    /// <summary>A <see cref="DcganEstimator"/>'s options. "The paper" is Radford, Metz and Chintala 2015, arXiv:1511.06434.</summary>
    // An option is a field: its attributes say what it is, its unit (DataType), its range, and what null means; JsonIgnore, that
    // model files hold it elsewhere or not at all; FreeOnResume, that a training may go on with another. All else is derived.
    public sealed partial record Options
    {
        private const double Infinity = double.PositiveInfinity;

        /// <summary>The column of generated images that the transformer adds. Required.</summary>
        [Category("Columns"), Description("Column of generated images that the transformer adds. Required.")]
        [DataType("a column's name, such as \"Generated\""), JsonIgnore]
        public string OutputColumnName = "";

        /// <summary>The column of noise that the transformer reads. Default "Noise"; without, it draws from GenerationSeed.</summary>
        [Description("Column of noise vectors that the transformer reads, if there is one."), DataType("a column's name"), JsonIgnore]
        public string NoiseColumnName = Defaults.NoiseColumnName;

        /// <summary>The column to train on. Default "Image". Images of one size, or vectors of pixels in [-1, 1], planes first.</summary>
        [Description("Column of images to train on."), DataType("a column's name"), JsonIgnore]
        public string ImageColumnName = Defaults.ImageColumnName;

        /// <summary>A column of keys, as <c>MapValueToKey</c> makes them, with each image's class, at most 10,000 (Mirza and Osindero 2014;
        /// Miyato and Koyama 2018). Default null: no classes. The transformer needs a column of this name, too.</summary>
        [Description("Column of keys with each image's class."), DataType("a column's name")]
        [DisplayFormat(NullDisplayText = "for no classes"), JsonIgnore]
        public string? LabelColumnName;

        /// <summary>The images' height, from 8 to 4,096 pixels. Default null: what the column's type says; or, for images of no stated
        /// size, what the first has; or, for a flat vector, the side of the square that it fills.</summary>
        [Description("Height of the images."), Range(Limits.SmallestSide, Limits.LargestSide), DataType("pixels")]
        [DisplayFormat(NullDisplayText = "to take it from the column"), JsonIgnore]
        public int? ImageHeight;

        /// <summary>The images' width, from 8 to 4,096 pixels. Default null, as for <see cref="ImageHeight"/>.</summary>
        [Description("Width of the images."), Range(Limits.SmallestSide, Limits.LargestSide), DataType("pixels")]
        [DisplayFormat(NullDisplayText = "to take it from the column"), JsonIgnore]
        public int? ImageWidth;

        /// <summary>1 or 3: grey, which takes the luminance of coloured images (Rec. 601), or red, green and blue. Default null: what a
        /// vector column's type or size says, and 3 for a column of images.</summary>
        [Description("Whether images are grey or in colour."), AllowedValues(1, 3), DataType("(grey, or red, green and blue)")]
        [DisplayFormat(NullDisplayText = "to take it from the column"), JsonIgnore]
        public int? Channels;

        /// <summary>Numbers in a noise vector, from 1 to 10,000. Default 100 (the paper, section 4).</summary>
        [Category("Networks"), Description("Numbers in a noise vector."), Range(1, 10_000), JsonIgnore]
        public int NoiseSize = Defaults.NoiseSize;

        /// <summary>Feature maps of the generator's last hidden layer, from 1 to 1,024; each layer before has twice as many, to at most 8
        /// times. Default 64 (PyTorch's DCGAN example; the paper's figure 1 has 128). Work grows with the square.</summary>
        [Description("Feature maps of the generator's last hidden layer."), Range(1, 1024), JsonIgnore]
        public int GeneratorFeatureMaps = Defaults.FeatureMaps;

        /// <summary>Feature maps of the discriminator's first layer, from 1 to 1,024; the next have more, likewise. Default 64.</summary>
        [Description("Feature maps of the discriminator's first layer."), Range(1, 1024), JsonIgnore]
        public int DiscriminatorFeatureMaps = Defaults.FeatureMaps;

        /// <summary>Side of the convolutions' kernels, 4 or 5. Default 4, which covers all pixels evenly (Odena, Dumoulin and Olah 2016); 5
        /// is the paper's. Of <see cref="DcganUpsampling.ResizeConvolution"/> they are 3 and 5.</summary>
        [Description("Side of the convolutions' kernels."), AllowedValues(4, 5), JsonIgnore]
        public int KernelSize = 4;

        /// <summary>How noise is distributed. Default <see cref="DcganNoise.Normal"/> (PyTorch's example; the paper: uniform).</summary>
        [Description("How noise is distributed."), JsonIgnore]
        public DcganNoise NoiseDistribution = DcganNoise.Normal;

        /// <summary>How images get larger. Default <see cref="DcganUpsampling.TransposedConvolution"/> (the paper).</summary>
        [Description("How the generator's layers make images larger."), JsonIgnore]
        public DcganUpsampling Upsampling = DcganUpsampling.TransposedConvolution;

        /// <summary>What keeps the discriminator in bounds. Default <see cref="DcganNormalization.Batch"/> (the paper).</summary>
        [Description("What keeps the discriminator's layers in bounds."), JsonIgnore]
        public DcganNormalization DiscriminatorNormalization = DcganNormalization.Batch;

        /// <summary>Whether the discriminator is told how much the images of a minibatch differ, against collapse (Karras et al. 2018,
        /// section 3). Default false. Not with a <see cref="GradientPenalty"/>.</summary>
        [Description("Tell the discriminator how much a minibatch's images differ."), JsonIgnore]
        public bool MinibatchDeviation;

        /// <summary>How often each image is trained on, 0 or more. Default 25. Few images need more. 0: until it gets no better, by the
        /// evaluations; then rates fall to 0, as <see cref="LearningRateSchedule"/> says.</summary>
        [Category("Training"), Description("How often each image is trained on; 0: until it gets no better.")]
        [Range(0, int.MaxValue), FreeOnResume]
        public int Epochs = Defaults.Epochs;

        /// <summary>Images in a minibatch, 1 or more. Default 32, with which pictures get good sooner than with the paper's 128. All are
        /// full: what an epoch leaves over opens the next one's first; of fewer images, all are the minibatch.</summary>
        [Description("Images in a minibatch."), Range(1, int.MaxValue)]
        public int BatchSize = Defaults.BatchSize;

        /// <summary>Adam's learning rate for both networks, above 0 and at most 1. Default 0.002; the paper: 0.0002.</summary>
        [Description("Adam's learning rate."), Range(0.0, 1, MinimumIsExclusive = true)]
        public double LearningRate = 2e-3;

        /// <summary>Adam's decay of the mean gradient, at least 0 and below 1. Default 0 (Gulrajani et al. 2017; Huang et al. 2024); the
        /// paper, section 4, takes 0.5.</summary>
        [Description("Adam's decay of the mean gradient."), Range(0.0, 1, MaximumIsExclusive = true)]
        public double Beta1;

        /// <summary>Adam's decay of the mean squared gradient, at least 0 and below 1. Default 0.999 (Kingma and Ba 2015).</summary>
        [Description("Adam's decay of the mean squared gradient."), Range(0.0, 1, MaximumIsExclusive = true)]
        public double Beta2 = 0.999;

        /// <summary>AdamW's decoupled decay of all weights, 0 or more (Loshchilov and Hutter 2019). Default 0: Adam.</summary>
        [Description("Decoupled decay of all weights (AdamW); 0: none."), Range(0, Infinity)]
        public double WeightDecay;

        /// <summary>Seeds weights, the order of images, noise, augmentation and dropout. Default null: the MLContext's or a random one
        /// (<see cref="TrainingSummary.Seed"/>). On the CPU, the same seed and threads give the same weights.</summary>
        [Description("Seed of everything random."), DisplayFormat(NullDisplayText = "for the MLContext's or a random one")]
        public int? Seed;

        /// <summary>Where to compute. Default <see cref="DcganDevice.Auto"/>. <c>MLContext.GpuDeviceId</c> picks a GPU.</summary>
        [Description("Where to train."), JsonIgnore]
        public DcganDevice Device = DcganDevice.Auto;

        /// <summary>A folder for a file of the images, a byte a value. Default null: memory, or a temporary file if too many.</summary>
        [Description("Keep the images in a file there, and not in memory."), DataType("a folder's path")]
        [DisplayFormat(NullDisplayText = "for memory, if half of it will do"), JsonIgnore]
        public string? CacheFolder;

        /// <summary>What networks compute in. Default <see cref="DcganPrecision.Auto"/>, by the hardware. A loaded model has the
        /// same, or in float32 with a warning where bfloat16 has no hardware. Only Float32 gives the same pictures everywhere.</summary>
        [Description("What networks compute in."), FreeOnResume]
        public DcganPrecision Precision = DcganPrecision.Auto;

        /// <summary>What the networks minimise. Default <see cref="DcganLoss.Relativistic"/> (Jolicoeur-Martineau 2019); the paper:
        /// <see cref="DcganLoss.NonSaturating"/> (Goodfellow et al. 2014).</summary>
        [Category("Steadier training"), Description("What the two networks minimise.")]
        public DcganLoss Loss = DcganLoss.Relativistic;

        /// <summary>Discriminator's rate, above 0 and at most 1. Default null: <see cref="LearningRate"/> (Heusel et al. 2017).</summary>
        [Description("Adam's learning rate for the discriminator, where it is another."), Range(0.0, 1, MinimumIsExclusive = true)]
        [DisplayFormat(NullDisplayText = "for LearningRate")]
        public double? DiscriminatorLearningRate;

        /// <summary>How learning rates change while training. Default <see cref="DcganSchedule.Linear"/>; the paper:
        /// <see cref="DcganSchedule.Constant"/>.</summary>
        [Description("How learning rates change while training.")]
        public DcganSchedule LearningRateSchedule = DcganSchedule.Linear;

        /// <summary>Where in the training rates begin to fall, at least 0 (its start) and below 1 (its end). Default 0.5.</summary>
        [Description("Where in the training they begin to fall."), Range(0.0, 1, MaximumIsExclusive = true)]
        public double LearningRateDecayStart = 0.5;

        /// <summary>Share of the training in which rates rise from 0 in a straight line, at least 0 and below 1. Default 0: none. Adam's
        /// first steps are otherwise as long as any, on hardly a gradient seen (Goyal et al. 2017; Ma and Yarats 2021).</summary>
        [Description("Share of the training over which they first rise from 0."), Range(0.0, 1, MaximumIsExclusive = true)]
        public double LearningRateWarmUp;

        /// <summary>Steps of the discriminator for one of the generator, from 1 to 100. Default 1; Gulrajani et al. 2017 take 5.</summary>
        [Description("Steps of the discriminator for one of the generator."), Range(1, 100)]
        public int DiscriminatorSteps = 1;

        /// <summary>Half-life of the generator's averaged weights, 0 or more images. Default 10,000; 0: no average. It is what is evaluated
        /// and what the transformer generates with (Yazici et al. 2019; Karras et al. 2018, section 3).</summary>
        [Description("Half-life of the generator's averaged weights; 0: no average."), Range(0, Infinity), DataType("images")]
        public long AverageHalfLife = 10_000;

        /// <summary>That half-life is at most this share of the images so far, from 0 to 1. Default 0.05 (Karras et al. 2020).</summary>
        [Description("The half-life is at most this share of the images so far; 0: no such limit."), Range(0.0, 1)]
        public double AverageRampUp = 0.05;

        /// <summary>Weight of half the squared gradient of D's logit of real images, 0 or more. Default 0.05: with batch normalisation it
        /// is that of the sum of a minibatch's logits, and little is enough. Mescheder et al. 2018, without, take 10.</summary>
        [Description("Weight of the R1 penalty; 0: none."), Range(0, Infinity)]
        public double R1Penalty = 0.05;

        /// <summary>The same of generated images, 0 or more. Default 0.05; Huang et al. 2024, section 2, take as much as of R1.</summary>
        [Description("Weight of the R2 penalty; 0: none."), Range(0, Infinity)]
        public double R2Penalty = 0.05;

        /// <summary>R1 and R2 are computed, and count, every so many; from 1 to 1,000 steps. Default 16 (Karras et al. 2020).</summary>
        [Description("Steps between two that compute the R1 and R2 penalties."), Range(1, 1000), DataType("steps")]
        public int R1Interval = 16;

        /// <summary>Weight of the penalty on D's gradient between real and generated images, where its norm is not 1; 0 or more. Default 0:
        /// none. Gulrajani et al. 2017, section 4, take 10. Not with batch normalisation in the discriminator.</summary>
        [Description("Weight of the gradient penalty; 0: none."), Range(0, Infinity)]
        public double GradientPenalty;

        /// <summary>How sure the discriminator is asked to be of real images, above 0.5 and at most 1. Default 1; Salimans et al. 2016,
        /// section 3.4, take 0.9 (one-sided label smoothing). For the losses NonSaturating, Minimax and LeastSquares.</summary>
        [Description("How sure the discriminator is asked to be of real images."), Range(0.5, 1, MinimumIsExclusive = true)]
        public double RealLabel = 1;

        /// <summary>Share of images shown to D under the wrong label, at least 0 and below 0.5. Default 0. As RealLabel.</summary>
        [Description("Share of images shown under the wrong label."), Range(0, 0.5, MaximumIsExclusive = true)]
        public double LabelNoise;

        /// <summary>Deviation of noise on all that the discriminator sees, from 0 to 10. Default 0 (Sønderby et al. 2017).</summary>
        [Description("Deviation of noise added to what the discriminator sees."), Range(0.0, 10)]
        public double InstanceNoise;

        /// <summary>Share of the training over which <see cref="InstanceNoise"/> falls to 0, above 0 and at most 1. Default 1.</summary>
        [Description("Share of the training over which that noise falls to 0."), Range(0.0, 1, MinimumIsExclusive = true)]
        public double InstanceNoiseDecay = 1;

        /// <summary>Share of the generator's hidden features dropped in training, at least 0 and below 1. Default 0.</summary>
        [Description("Share of the generator's features dropped."), Range(0.0, 1, MaximumIsExclusive = true)]
        public double GeneratorDropout;

        /// <summary>Share of the discriminator's hidden features dropped in training, at least 0 and below 1. Default 0.</summary>
        [Description("Share of the discriminator's features dropped."), Range(0.0, 1, MaximumIsExclusive = true)]
        public double DiscriminatorDropout;

        /// <summary>What is done at random to what the discriminator sees. Default
        /// <see cref="DcganAugmentation.Translation"/>.</summary>
        [Description("What is done at random to what the discriminator sees.")]
        public DcganAugmentation Augmentation = DcganAugmentation.Translation;

        /// <summary>Whether images are augmented only as far as the discriminator overfits (Karras et al. 2020), by its loss, and not all
        /// of them. Default true. Wasserstein's does not tell: with it all are.</summary>
        [Description("Augment only as far as the discriminator overfits.")]
        public bool AdaptiveAugmentation = true;

        /// <summary>Whether real images are shown mirrored left to right half of the time. Default false. Not for text.</summary>
        [Description("Show real images mirrored half of the time.")]
        public bool Mirror;
    }
}
