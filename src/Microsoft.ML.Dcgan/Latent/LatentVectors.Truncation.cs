using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Data;

namespace Microsoft.ML.Dcgan;

public static partial class LatentVectors
{
    private const float SmallestThreshold = 0.01f;

    // Inside of [-1, 1).
    internal const float BelowOne = 1 - 1f / (1 << 24);

    /// <summary>
    /// The truncation trick by resampling (Brock et al. 2019, section 3.1): numbers beyond a threshold are drawn again until
    /// none is. Pictures become more typical and less varied, the more so the smaller the threshold.
    /// </summary>
    /// <param name="vectors">One or more, of one length, such as <see cref="DcganTransformer.DrawNoise"/> draws.</param>
    /// <param name="threshold">The largest magnitude that is left, 0.01 or more. Normal noise has a third of its numbers
    /// beyond 1, and a twentieth beyond 2.</param>
    /// <param name="seed">The same seed gives the same vectors.</param>
    /// <param name="distribution">What to draw from: <see cref="DcganTransformer.NoiseDistribution"/>.</param>
    /// <exception cref="ArgumentException">There are none, their lengths differ, or a number is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is below 0.01.</exception>
    public static float[][] Truncate(IReadOnlyList<float[]> vectors, float threshold, int seed = 0, DcganNoise distribution = DcganNoise.Normal)
    {
        CheckList(vectors, nameof(vectors));
        if (!(threshold >= SmallestThreshold))
            throw new ArgumentOutOfRangeException(nameof(threshold), FormattableString.Invariant($"The threshold is {threshold}, but must be {SmallestThreshold} or more. 1 is a strong truncation, 2 a weak one."));

        return vectors.Select((vector, index) =>
        {
            var truncated = (float[])vector.Clone();
            var drawn = new float[vector.Length];
            for (ulong draw = 1; Array.Exists(truncated, IsBeyond); draw++)
            {
                RowNoise.Fill(drawn, seed, new DataViewRowId((ulong)index, draw), distribution);
                for (int i = 0; i < truncated.Length; i++)
                    truncated[i] = IsBeyond(truncated[i]) ? drawn[i] : truncated[i];
            }
            return truncated;
        }).ToArray();

        bool IsBeyond(float number) => Math.Abs(number) > threshold;
    }

    /// <summary>
    /// Truncation by shrinking towards the mean (Kingma and Dhariwal 2018, section 6; Karras et al. 2019, appendix B): all
    /// numbers are multiplied, since the mean of noise is 0. Towards another vector, it is <see cref="Lerp"/>.
    /// </summary>
    /// <param name="vectors">One or more, of one length.</param>
    /// <param name="amount">What is left of them, from 0, where all pictures are one, to 1, where nothing changes.</param>
    /// <exception cref="ArgumentException">There are none, their lengths differ, or a number is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The amount is not from 0 to 1.</exception>
    public static float[][] Shrink(IReadOnlyList<float[]> vectors, float amount)
    {
        CheckList(vectors, nameof(vectors));
        if (!(amount is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(amount), FormattableString.Invariant($"The amount is {amount}, but must be from 0 to 1."));
        return vectors.Select(vector => Array.ConvertAll(vector, number => amount * number)).ToArray();
    }

    /// <summary>
    /// Brings vectors back into [-1, 1), where all of a generator's noise was if it was trained on
    /// <see cref="DcganNoise.Uniform"/> noise. What lies on a straight line between such vectors is inside by itself;
    /// <see cref="Slerp"/> and <see cref="Analogy"/> may leave it.
    /// </summary>
    /// <param name="vectors">One or more, of one length.</param>
    /// <exception cref="ArgumentException">There are none, their lengths differ, or a number is not finite.</exception>
    public static float[][] Clip(IReadOnlyList<float[]> vectors)
    {
        CheckList(vectors, nameof(vectors));
        return vectors.Select(vector => Array.ConvertAll(vector, number => Math.Clamp(number, -1, BelowOne))).ToArray();
    }
}
