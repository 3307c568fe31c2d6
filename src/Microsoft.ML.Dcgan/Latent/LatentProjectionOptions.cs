using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.Dcgan;

/// <summary>The options of <see cref="DcganTransformer.FindNoise"/>.</summary>
public sealed class LatentProjectionOptions
{
    /// <summary>Steps of Adam, 1 or more. Default 500.</summary>
    [Range(1, int.MaxValue)]
    public int Steps = 500;

    /// <summary>Random vectors that each picture's search starts from; the best is kept. 1 or more. Default 4.</summary>
    [Range(1, int.MaxValue)]
    public int Restarts = 4;

    /// <summary>The first step size, above 0; it falls to 0 along a cosine. Default 0.2.</summary>
    [Range(0.0, double.PositiveInfinity, MinimumIsExclusive = true)]
    public double LearningRate = 0.2;

    /// <summary>How much likely noise is preferred, 0 or more: this many times the mean of its squared numbers is added to the mean squared
    /// error of pixels in [0, 1] (the Gaussian prior of Creswell and Bharath 2018, section IV). Only for normal noise: numbers of uniform
    /// noise that leave [-1, 1) are drawn anew (stochastic clipping: Lipton and Tripathi 2017). Default 0.001.</summary>
    [Range(0.0, double.PositiveInfinity)]
    public double PriorWeight = 0.001;

    /// <summary>Pictures that are searched for at once, 1 or more. Default 16.</summary>
    [Range(1, int.MaxValue)]
    public int BatchSize = 16;

    /// <summary>Draws the first vectors. Default 0. The same seed and number of threads find the same noise.</summary>
    public int Seed;

    /// <summary>Ends the search with <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken;
}
