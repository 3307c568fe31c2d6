namespace Microsoft.ML.Dcgan;

/// <summary>How learning rates change while training.</summary>
public enum DcganSchedule
{
    /// <summary>They do not.</summary>
    Constant,

    /// <summary>From <see cref="DcganEstimator.Options.LearningRateDecayStart"/> on, in a straight line to 0.</summary>
    Linear,

    /// <summary>From <see cref="DcganEstimator.Options.LearningRateDecayStart"/> on, in half a cosine to 0 (Loshchilov and Hutter 2017).</summary>
    Cosine,
}
