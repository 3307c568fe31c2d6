using Microsoft.ML.Dcgan.Data;

namespace Microsoft.ML.Dcgan;

/// <summary>Computes with noise vectors. None changes its arguments. <see cref="DcganTransformer.DrawNoise"/> draws vectors,
/// <see cref="DcganTransformer.FindNoise"/> finds a given picture's, and
/// <see cref="DcganTransformer.Generate(IReadOnlyList{float[]}, IReadOnlyList{string})"/> makes pictures of them.</summary>
public static class LatentVectors
{
    // Inside of [-1, 1).
    internal const float BelowOne = 1 - 1f / (1 << 24);
    private const float SmallestThreshold = 0.01f;
    private const double SmallestAngle = 1e-6;

    /// <summary>Linear interpolation: (1 - amount) from + amount to.</summary>
    /// <param name="from">What amount 0 gives.</param>
    /// <param name="to">What amount 1 gives; as long.</param>
    /// <param name="amount">Any finite number; beyond 0 to 1 it extrapolates.</param>
    /// <exception cref="ArgumentException">The lengths differ, or are 0, or a number is not finite.</exception>
    public static float[] Lerp(ReadOnlySpan<float> from, ReadOnlySpan<float> to, float amount)
    {
        CheckPair(from, to, amount);
        return Array.ConvertAll(Sum(1.0 - amount, from, amount, to), number => (float)number);
    }

    /// <summary>Spherical linear interpolation (Shoemake 1985; of noise: White 2016): the direction turns at a constant angular speed, on
    /// the shorter way, and the length changes linearly. What lies between two draws of normal noise is then as long as draws are, whereas
    /// halfway on a straight line it is 0.7 times that, which a generator has hardly seen.</summary>
    /// <inheritdoc cref="Lerp" path="/param"/>
    /// <exception cref="ArgumentException">The lengths differ, or are 0; a number is not finite; a vector is zero, so that it has no
    /// direction; or the two are opposite, so that there is no shorter way.</exception>
    public static float[] Slerp(ReadOnlySpan<float> from, ReadOnlySpan<float> to, float amount)
    {
        CheckPair(from, to, amount);
        double fromLength = Length(Sum(1, from, 0, to)), toLength = Length(Sum(0, from, 1, to));
        if (fromLength == 0 || toLength == 0)
        {
            throw new ArgumentException("A vector of zeros has no direction to turn from or to. Use Lerp.",
                fromLength == 0 ? nameof(from) : nameof(to));
        }

        // Accurate for small angles and for nearly opposite vectors too (Kahan 2006).
        double difference = Length(Sum(1 / fromLength, from, -1 / toLength, to)), sum = Length(Sum(1 / fromLength, from, 1 / toLength, to));
        double angle = 2 * Math.Atan2(difference, sum);
        if (Math.PI - angle < SmallestAngle)
        {
            throw new ArgumentException("The two vectors are opposite, so every way from one to the other is as short. " +
                "Go by way of a third one, or use Lerp.", nameof(to));
        }

        double length = (1.0 - amount) * fromLength + amount * toLength;
        (double fromShare, double toShare) = angle < SmallestAngle
            ? (1.0 - amount, amount)
            : (Math.Sin((1.0 - amount) * angle) / Math.Sin(angle), Math.Sin(amount * angle) / Math.Sin(angle));
        double[] between = Sum(length * fromShare / fromLength, from, length * toShare / toLength, to);
        return Array.ConvertAll(between, number => (float)number);
    }

    /// <summary>The mean of vectors: what the pictures of them have in common (Radford, Metz and Chintala 2015, section 6.3.2).</summary>
    /// <param name="vectors">One or more, of one length. The mean of k draws of normal noise is shorter than a draw by the square root of
    /// k.</param>
    /// <exception cref="ArgumentException">There are none, their lengths differ, or a number is not finite.</exception>
    public static float[] Mean(IReadOnlyList<float[]> vectors)
    {
        CheckList(vectors, nameof(vectors));
        return [.. vectors[0].Select((_, i) => (float)vectors.Average(vector => (double)vector[i]))];
    }

    /// <summary>Vector arithmetic on means, mean(start) - mean(minus) + mean(plus): a smiling woman without a neutral woman and with a
    /// neutral man is a smiling man. Radford, Metz and Chintala 2015, section 6.3.2, found single vectors unstable and took three for each;
    /// then the result is also about as long as a draw of normal noise.</summary>
    /// <param name="start">Vectors of pictures that have what is wanted and something else, such as smiling women.</param>
    /// <param name="minus">Vectors of pictures of that something else alone, such as neutral women.</param>
    /// <param name="plus">Vectors of pictures of what to have in its place, such as neutral men.</param>
    /// <exception cref="ArgumentException">A list is empty, lengths differ, or a number is not finite.</exception>
    public static float[] Analogy(IReadOnlyList<float[]> start, IReadOnlyList<float[]> minus, IReadOnlyList<float[]> plus)
    {
        CheckList(start, nameof(start));
        CheckList(minus, nameof(minus), start[0].Length);
        CheckList(plus, nameof(plus), start[0].Length);
        return [.. Mean(start).Zip(Mean(minus), Mean(plus)).Select(number => number.First + (number.Third - number.Second))];
    }

    private static double[] Sum(double fromFactor, ReadOnlySpan<float> from, double toFactor, ReadOnlySpan<float> to)
    {
        var sum = new double[from.Length];
        for (int i = 0; i < sum.Length; i++)
            sum[i] = fromFactor * from[i] + toFactor * to[i];
        return sum;
    }

    private static double Length(double[] vector) => Math.Sqrt(vector.Sum(number => number * number));

    private static void CheckPair(ReadOnlySpan<float> from, ReadOnlySpan<float> to, float amount)
    {
        CheckVector(from, "The vector", nameof(from));
        CheckVector(to, "The vector", nameof(to), from.Length);
        if (!float.IsFinite(amount))
        {
            throw new ArgumentException(
                $"The amount is {amount}, but a finite number is expected: 0 for the first vector, 1 for the second.", nameof(amount));
        }
    }

    internal static void CheckList(IReadOnlyList<float[]> vectors, string parameter, int? length = null)
    {
        ArgumentNullException.ThrowIfNull(vectors, parameter);
        if (vectors.Count == 0)
            throw new ArgumentException("There are no vectors.", parameter);
        for (int i = 0; i < vectors.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(vectors[i], parameter);
            CheckVector(vectors[i], $"Vector {i}", parameter, length ?? vectors[0].Length);
        }
    }

    internal static void CheckVector(ReadOnlySpan<float> vector, string name, string parameter, int? length = null,
        string reference = "the first has")
    {
        if (length is int expected && vector.Length != expected)
            throw new ArgumentException($"{name} has {vector.Length} numbers, but {reference} {expected}.", parameter);
        if (vector.IsEmpty)
            throw new ArgumentException($"{name} has no numbers.", parameter);
        for (int i = 0; i < vector.Length; i++)
        {
            if (!float.IsFinite(vector[i]))
                throw new ArgumentException($"{name} holds {vector[i]} at {i}, but noise must be finite numbers.", parameter);
        }
    }

    /// <summary>The truncation trick by resampling (Brock et al. 2019, section 3.1): numbers beyond a threshold are drawn again until none
    /// is. Pictures become more typical and less varied, the more so the smaller the threshold.</summary>
    /// <param name="vectors">One or more, of one length, such as <see cref="DcganTransformer.DrawNoise"/> draws.</param>
    /// <param name="threshold">The largest magnitude that is left, 0.01 or more. Normal noise has a third of its numbers beyond 1, and a
    /// twentieth beyond 2.</param>
    /// <param name="seed">The same seed gives the same vectors.</param>
    /// <param name="distribution">What to draw from: <see cref="DcganTransformer.NoiseDistribution"/>.</param>
    /// <exception cref="ArgumentException">There are none, their lengths differ, or a number is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is below 0.01.</exception>
    public static float[][] Truncate(IReadOnlyList<float[]> vectors, float threshold, int seed = 0,
        DcganNoise distribution = DcganNoise.Normal)
    {
        CheckList(vectors, nameof(vectors));
        if (!(threshold >= SmallestThreshold))
        {
            throw new ArgumentOutOfRangeException(nameof(threshold), FormattableString.Invariant(
                $"The threshold is {threshold}, but must be {SmallestThreshold} or more. 1 is a strong truncation, 2 a weak one."));
        }

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

    /// <summary>Truncation by shrinking towards the mean (Kingma and Dhariwal 2018, section 6; Karras et al. 2019, appendix B): all numbers
    /// are multiplied, since the mean of noise is 0. Towards another vector, it is <see cref="Lerp"/>.</summary>
    /// <param name="vectors">One or more, of one length.</param>
    /// <param name="amount">What is left of them, from 0, where all pictures are one, to 1, where nothing changes.</param>
    /// <exception cref="ArgumentException">There are none, their lengths differ, or a number is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The amount is not from 0 to 1.</exception>
    public static float[][] Shrink(IReadOnlyList<float[]> vectors, float amount)
    {
        CheckList(vectors, nameof(vectors));
        if (!(amount is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(amount),
                FormattableString.Invariant($"The amount is {amount}, but must be from 0 to 1."));
        }
        return vectors.Select(vector => Array.ConvertAll(vector, number => amount * number)).ToArray();
    }

    /// <summary>Brings vectors back into [-1, 1), where all of a generator's noise was if it was trained on
    /// <see cref="DcganNoise.Uniform"/> noise. What lies on a straight line between such vectors is inside by itself; <see cref="Slerp"/>
    /// and <see cref="Analogy"/> may leave it.</summary>
    /// <param name="vectors">One or more, of one length.</param>
    /// <exception cref="ArgumentException">There are none, their lengths differ, or a number is not finite.</exception>
    public static float[][] Clip(IReadOnlyList<float[]> vectors)
    {
        CheckList(vectors, nameof(vectors));
        return vectors.Select(vector => Array.ConvertAll(vector, number => Math.Clamp(number, -1, BelowOne))).ToArray();
    }
}
