namespace Microsoft.ML.Dcgan;

/// <summary>What to do when training goes wrong.</summary>
public enum DcganHealthPolicy
{
    /// <summary>Say so, and go on. Where weights are no longer numbers, there is nothing to go on with, and it fails.</summary>
    Warn,

    /// <summary>Stop, and keep what there was when training was last healthy.</summary>
    Stop,

    /// <summary>Go back to when training was last healthy, and on from there with a quarter of the learning rates.</summary>
    RollBack,
}
