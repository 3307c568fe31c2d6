using Field = Microsoft.ML.Dcgan.DcganEstimator.Options;

namespace Microsoft.ML.Dcgan.Tool.Options;

/// <summary>What help texts say of each option: what it is, and its range in the words of the library's own errors.</summary>
internal static class OptionTexts
{
    private const string Names = "";

    public static IReadOnlyDictionary<string, (string What, string Range)> All { get; } = new Dictionary<string, (string, string)>
    {
        [nameof(Field.OutputColumnName)] = ("The column of generated pictures, for programs that load the model.", Names),
        [nameof(Field.NoiseColumnName)] = ("The column of noise vectors, likewise.", Names),
        [nameof(Field.LabelColumnName)] = ("The column of classes, likewise; with --label-from-folder.", Names),
        [nameof(Field.Channels)] = ("Whether pictures are grey or in colour.", "1 (grey) or 3 (red, green, blue)"),

        [nameof(Field.NoiseSize)] = ("Numbers in a noise vector.", "from 1 to 10,000"),
        [nameof(Field.GeneratorFeatureMaps)] = ("Feature maps of the generator's last hidden layer.", "from 1 to 1024"),
        [nameof(Field.DiscriminatorFeatureMaps)] = ("Feature maps of the discriminator's first layer.", "from 1 to 1024"),
        [nameof(Field.KernelSize)] = ("Side of the convolutions' kernels.", "4 or 5"),
        [nameof(Field.NoiseDistribution)] = ("How noise is distributed.", Names),
        [nameof(Field.Upsampling)] = ("How the generator's layers make pictures larger.", Names),
        [nameof(Field.DiscriminatorNormalization)] = ("What keeps the discriminator's layers in bounds.", Names),

        [nameof(Field.Epochs)] = ("How often each picture is trained on.", "1 or more"),
        [nameof(Field.BatchSize)] = ("Pictures in a minibatch.", "1 or more"),
        [nameof(Field.Loss)] = ("What the two networks minimise.", Names),
        [nameof(Field.LearningRate)] = ("Adam's learning rate.", "above 0 and at most 1"),
        [nameof(Field.DiscriminatorLearningRate)] = ("Adam's learning rate for the discriminator, where it is another.", "above 0 and at most 1"),
        [nameof(Field.LearningRateSchedule)] = ("How learning rates change while training.", Names),
        [nameof(Field.LearningRateDecayStart)] = ("Where in the training they begin to fall.", "at least 0 and below 1"),
        [nameof(Field.Beta1)] = ("Adam's decay of the mean gradient.", "at least 0 and below 1"),
        [nameof(Field.Beta2)] = ("Adam's decay of the mean squared gradient.", "at least 0 and below 1"),
        [nameof(Field.DiscriminatorSteps)] = ("Steps of the discriminator for one of the generator.", "from 1 to 100"),
        [nameof(Field.AverageHalfLife)] = ("Half-life of the generator's averaged weights; 0: no average.", "0 or more images"),
        [nameof(Field.AverageRampUp)] = ("The half-life is at most this share of the pictures so far.", "from 0 to 1"),
        [nameof(Field.Seed)] = ("Of everything random; without it, a random one.", Names),
        [nameof(Field.Device)] = ("Where to train.", Names),
        [nameof(Field.Precision)] = ("What convolutions compute in.", Names),
        [nameof(Field.CacheFolder)] = ("Keep the pictures in a file there, and not in memory.", Names),

        [nameof(Field.R1Penalty)] = ("Weight of the R1 penalty.", "0 or more"),
        [nameof(Field.R1Interval)] = ("Steps between two that compute the R1 penalty.", "from 1 to 1,000 steps"),
        [nameof(Field.GradientPenalty)] = ("Weight of the gradient penalty.", "0 or more"),
        [nameof(Field.RealLabel)] = ("How sure the discriminator is asked to be of real pictures.", "above 0.5 and at most 1"),
        [nameof(Field.LabelNoise)] = ("Share of pictures shown under the wrong label.", "at least 0 and below 0.5"),
        [nameof(Field.InstanceNoise)] = ("Noise added to what the discriminator sees.", "from 0 to 10"),
        [nameof(Field.InstanceNoiseDecay)] = ("Share of the training over which that noise falls to 0.", "above 0 and at most 1"),
        [nameof(Field.GeneratorDropout)] = ("Share of the generator's features dropped.", "at least 0 and below 1"),
        [nameof(Field.DiscriminatorDropout)] = ("Share of the discriminator's features dropped.", "at least 0 and below 1"),
        [nameof(Field.Augmentation)] = ("What is done at random to what the discriminator sees.", Names),
        [nameof(Field.Mirror)] = ("Show real pictures mirrored half of the time.", Names),

        [nameof(Field.HealthPolicy)] = ("What to do when training goes wrong.", Names),
        [nameof(Field.HealthInterval)] = ("Pictures between two looks at the training's health; 0: none.", "0 or more images"),
        [nameof(Field.BadImages)] = ("What to do with pictures that cannot be read.", Names),
        [nameof(Field.CheckpointFolder)] = ("Where checkpoints go; by default below --out.", Names),
        [nameof(Field.CheckpointInterval)] = ("Pictures between two checkpoints; 0: time alone counts.", "0 or more images"),
        [nameof(Field.CheckpointMinutes)] = ("Minutes between two checkpoints; 0: pictures alone count.", "0 or more minutes"),
        [nameof(Field.CheckpointsKept)] = ("How many of the last checkpoints to keep.", "from 1 to 1,000"),
        [nameof(Field.ProgressInterval)] = ("DataLoader between two reports of progress.", "1 or more"),
        [nameof(Field.SampleInterval)] = ("Pictures between two looks at what the generator makes; by default a hundredth of the training, 0: none.", "0 or more images"),
        [nameof(Field.SampleCount)] = ("Pictures at each look.", "from 1 to 10,000"),
        [nameof(Field.EvaluationInterval)] = ("Pictures between two evaluations, the best of which is kept; 0: none.", "0 or more"),
        [nameof(Field.EvaluationSamples)] = ("Pictures generated for an evaluation.", "2 or more"),
        [nameof(Field.EvaluationPatience)] = ("Evaluations without a better one before training ends; 0: it goes on.", "0 or more"),

        [nameof(Field.GenerationSeed)] = ("Of the noise, where a program that loads the model gives none.", Names),
        [nameof(Field.GenerationBatchSize)] = ("Pictures generated at once.", "from 1 to 10,000"),
    };
}
