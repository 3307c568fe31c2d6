namespace Microsoft.ML.Dcgan;

/// <summary>What the two networks minimise. D(x) is the sigmoid of the discriminator's logit.</summary>
public enum DcganLoss
{
    /// <summary>-log D(x) - log(1 - D(G(z))) and -log D(G(z)) (Goodfellow et al. 2014, section 3).</summary>
    NonSaturating,

    /// <summary>
    /// The same for the discriminator, and log(1 - D(G(z))) for the generator: the game as it is defined (Goodfellow et al.
    /// 2014, equation 1), whose gradient vanishes where the discriminator wins.
    /// </summary>
    Minimax,

    /// <summary>Half the squared distances of the logits to 1 for real and 0 for generated images (Mao et al. 2017, equation 9).</summary>
    LeastSquares,

    /// <summary>Hinges at logits of 1 and -1; the generator raises the logit (Lim and Ye 2017; Miyato et al. 2018, equations 16 and 17).</summary>
    Hinge,

    /// <summary>
    /// The difference of the logits (Arjovsky et al. 2017). It needs <see cref="DcganEstimator.Options.GradientPenalty"/> or
    /// <see cref="DcganNormalization.Spectral"/> normalisation, which keep the discriminator from growing without bound.
    /// </summary>
    Wasserstein,
}
