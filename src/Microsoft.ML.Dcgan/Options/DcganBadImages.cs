namespace Microsoft.ML.Dcgan;

/// <summary>What to do with training pictures that cannot be read.</summary>
public enum DcganBadImages
{
    /// <summary>The first one ends training, with an error that names it.</summary>
    Stop,

    /// <summary>They are left out, counted in <see cref="TrainingSummary.SkippedImages"/>, and the first few named in the log.</summary>
    Skip,
}
