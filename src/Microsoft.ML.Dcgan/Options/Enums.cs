namespace Microsoft.ML.Dcgan;

/// <summary>What the two networks minimise. D(x) is the sigmoid of the discriminator's logit.</summary>
public enum DcganLoss
{
    /// <summary>-log D(x) - log(1 - D(G(z))) and -log D(G(z)) (Goodfellow et al. 2014, section 3).</summary>
    NonSaturating,
    /// <summary>The same, but the generator's is log(1 - D(G(z))), whose gradient vanishes where D wins (ibid., equation 1).</summary>
    Minimax,
    /// <summary>Half the squared distances of the logits to 1 for real and 0 for generated images (Mao et al. 2017, equation 9).</summary>
    LeastSquares,
    /// <summary>Hinges at logits of 1 and -1; the generator raises the logit (Lim and Ye 2017; Miyato et al. 2018, equations 16 and
    /// 17).</summary>
    Hinge,
    /// <summary>The difference of the logits (Arjovsky et al. 2017). It needs <see cref="DcganEstimator.Options.GradientPenalty"/> or
    /// <see cref="DcganNormalization.Spectral"/> normalisation, which keep the discriminator from growing without bound.</summary>
    Wasserstein,
    /// <summary>-log D(x, G(z)) and -log D(G(z), x), where D(a, b), the sigmoid of the difference of two images' logits, is how surely a is
    /// the more real one: each real image against a generated one of its minibatch (Jolicoeur-Martineau 2019; Huang et al. 2024, with
    /// <see cref="DcganEstimator.Options.R1Penalty"/>). Reports have the means of D(x, G(z)) and D(G(z), x).</summary>
    Relativistic,
}

/// <summary>How learning rates change while training.</summary>
public enum DcganSchedule
{
    /// <summary>They do not.</summary>
    Constant,
    /// <summary>From <see cref="DcganEstimator.Options.LearningRateDecayStart"/> on, in a straight line to 0.</summary>
    Linear,
    /// <summary>From there on, in half a cosine to 0 (Loshchilov and Hutter 2017).</summary>
    Cosine,
}

/// <summary>What keeps the discriminator's layers in bounds.</summary>
public enum DcganNormalization
{
    /// <summary>Batch normalisation in every layer but the first and the last (Radford, Metz and Chintala 2015, section 3).</summary>
    Batch,
    /// <summary>Spectral normalisation of every convolution's weights, and no batch normalisation (Miyato et al. 2018).</summary>
    Spectral,
    /// <summary>None.</summary>
    None,
}

/// <summary>How the generator's layers make images larger.</summary>
public enum DcganUpsampling
{
    /// <summary>Transposed convolutions (Radford, Metz and Chintala 2015, section 3).</summary>
    TransposedConvolution,
    /// <summary>Repeating pixels, then convolving: no checkerboards (Odena, Dumoulin and Olah 2016), 9/4 of the operations.</summary>
    ResizeConvolution,
}

/// <summary>How noise vectors are distributed.</summary>
public enum DcganNoise
{
    /// <summary>N(0, 1), each number by itself.</summary>
    Normal,
    /// <summary>Evenly in [-1, 1), each number by itself (Radford, Metz and Chintala 2015, section 4).</summary>
    Uniform,
}

/// <summary>What is done at random to every image, real or generated, before the discriminator sees it, so that it cannot learn a small
/// training set by heart (differentiable augmentation: Zhao et al. 2020, section 4; the sizes are those of their code).</summary>
[Flags]
public enum DcganAugmentation
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>Shifts by up to an eighth of the image's sides, with grey beyond the border.</summary>
    Translation = 1,
    /// <summary>A rectangle of half the image's sides becomes grey.</summary>
    Cutout = 2,
    /// <summary>Brightness changes by up to a quarter of the range, saturation by a factor of 0 to 2, contrast of 0.5 to 1.5.</summary>
    Color = 4,
    /// <summary>All of them.</summary>
    All = Translation | Cutout | Color,
}

/// <summary>Where networks run.</summary>
public enum DcganDevice
{
    /// <summary>A CUDA GPU where TorchSharp finds one, else the CPU.</summary>
    Auto = 0,
    /// <summary>The CPU.</summary>
    Cpu = 1,
    /// <summary>A CUDA GPU; an error where TorchSharp finds none.</summary>
    Cuda = 2,
}

/// <summary>What networks compute in. Weights, batch statistics, losses and the optimiser's state are always 32-bit.</summary>
public enum DcganPrecision
{
    /// <summary>BFloat16 where the hardware has it and gains by it (AMX_BF16; AVX512_BF16 of AMD; a GPU of compute capability 8.0 and
    /// up), else Float32.</summary>
    Auto = 0,
    /// <summary>32-bit floating point.</summary>
    Float32 = 1,
    /// <summary>16-bit brain floating point: slow without instructions for it, an error where libtorch has none.</summary>
    BFloat16 = 2,
}

/// <summary>Where replicas of the networks train together.</summary>
public enum DcganDistribution
{
    /// <summary>In this process alone.</summary>
    None,
    /// <summary>In the processes that an MPI launcher (mpirun, mpiexec, srun) started, one in each; all run the same program. The first,
    /// <see cref="DcganMpi.Rank"/> 0, reports, evaluates and writes checkpoints. Open MPI, MPICH and its kin, or MPI 5's ABI.</summary>
    Mpi,
}

/// <summary>What to do when training goes wrong.</summary>
public enum DcganHealthPolicy
{
    /// <summary>Say so, and go on. Where weights are no longer numbers, there is nothing to go on with, and it fails.</summary>
    Warn,
    /// <summary>Stop, and keep what there was when training was last healthy.</summary>
    Stop,
    /// <summary>Go back to when training was last healthy, and on with a quarter of the learning rates; after eight times, stop.</summary>
    RollBack,
}

/// <summary>What to do with training pictures that cannot be read.</summary>
public enum DcganBadImages
{
    /// <summary>The first one ends training, with an error that names it.</summary>
    Stop,
    /// <summary>They are left out, counted in <see cref="TrainingSummary.SkippedImages"/>, and the first few named in the log.</summary>
    Skip,
}
