namespace Microsoft.ML.Dcgan;

/// <summary>The options of <see cref="DcganTransformer.FindNoise"/>.</summary>
public sealed class LatentProjectionOptions
{
    /// <summary>Steps of Adam, 1 or more. Default 500.</summary>
    public int Steps = 500;

    /// <summary>Random vectors that each picture's search starts from; the best is kept. 1 or more. Default 4.</summary>
    public int Restarts = 4;

    /// <summary>The first step size, above 0; it falls to 0 along a cosine. Default 0.2.</summary>
    public double LearningRate = 0.2;

    /// <summary>
    /// How much likely noise is preferred, 0 or more: this many times the mean of its squared numbers is added to the mean
    /// squared error of pixels in [0, 1] (the Gaussian prior of Creswell and Bharath 2018, section IV). Only for normal
    /// noise: numbers of uniform noise that leave [-1, 1) are drawn anew (stochastic clipping: Lipton and Tripathi 2017). Default 0.001.
    /// </summary>
    public double PriorWeight = 0.001;

    /// <summary>Pictures that are searched for at once, 1 or more. Default 16.</summary>
    public int BatchSize = 16;

    /// <summary>Draws the first vectors. Default 0. The same seed and number of threads find the same noise.</summary>
    public int Seed;

    /// <summary>Ends the search with <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken;

    internal LatentProjectionOptions Validated()
    {
        var copy = (LatentProjectionOptions)MemberwiseClone();
        Require(nameof(Steps), copy.Steps);
        Require(nameof(Restarts), copy.Restarts);
        Require(nameof(BatchSize), copy.BatchSize);
        if (!(copy.LearningRate > 0 && double.IsFinite(copy.LearningRate)))
            throw Wrong(nameof(LearningRate), copy.LearningRate, "above 0", 0.2);
        if (!(copy.PriorWeight >= 0 && double.IsFinite(copy.PriorWeight)))
            throw Wrong(nameof(PriorWeight), copy.PriorWeight, "0 or more", 0.001);
        return copy;
    }

    private static void Require(string option, int value)
    {
        if (value < 1)
            throw new ArgumentOutOfRangeException(option, $"{option} is {value}, but must be 1 or more.");
    }

    private static ArgumentOutOfRangeException Wrong(string option, double value, string range, double advised) =>
        new(option, FormattableString.Invariant($"{option} is {value}, but must be a number {range}. The default is {advised}."));
}
