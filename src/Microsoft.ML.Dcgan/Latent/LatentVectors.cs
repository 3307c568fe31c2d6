using Microsoft.ML.Data;

namespace Microsoft.ML.Dcgan;

/// <summary>
/// Computes with noise vectors. None changes its arguments. <see cref="DcganTransformer.DrawNoise"/> draws vectors,
/// <see cref="DcganTransformer.FindNoise(IReadOnlyList{MLImage}, NoiseSearchOptions, string)"/> finds a given
/// picture's, and <see cref="DcganTransformer.Generate(IReadOnlyList{float[]}, string)"/> makes pictures of them.
/// </summary>
public static partial class LatentVectors
{
    private const double SmallestAngle = 1e-6;

    /// <summary>Linear interpolation: (1 - amount) from + amount to.</summary>
    /// <param name="from">What amount 0 gives.</param>
    /// <param name="to">What amount 1 gives; as long.</param>
    /// <param name="amount">Any finite number; beyond 0 to 1 it extrapolates.</param>
    /// <exception cref="ArgumentException">The lengths differ, or are 0, or a number is not finite.</exception>
    public static float[] Lerp(ReadOnlySpan<float> from, ReadOnlySpan<float> to, float amount)
    {
        CheckPair(from, to, amount);
        var result = new float[from.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = (float)((1.0 - amount) * from[i] + (double)amount * to[i]);
        return result;
    }

    /// <summary>
    /// Spherical linear interpolation (Shoemake 1985; of noise: White 2016): the direction turns at a constant angular speed,
    /// on the shorter way, and the length changes linearly. What lies between two draws of normal noise is then as long as
    /// draws are, whereas halfway on a straight line it is 0.7 times that, which a generator has hardly seen.
    /// </summary>
    /// <param name="from">What amount 0 gives.</param>
    /// <param name="to">What amount 1 gives; as long a list.</param>
    /// <param name="amount">Any finite number; beyond 0 to 1 it extrapolates.</param>
    /// <exception cref="ArgumentException">The lengths differ, or are 0; a number is not finite; a vector is zero, so that it
    /// has no direction; or the two are opposite, so that there is no shorter way.</exception>
    public static float[] Slerp(ReadOnlySpan<float> from, ReadOnlySpan<float> to, float amount)
    {
        CheckPair(from, to, amount);
        double fromLength = Length(from), toLength = Length(to);
        if (fromLength == 0 || toLength == 0)
            throw new ArgumentException("A vector of zeros has no direction to turn from or to. Use Lerp.", fromLength == 0 ? nameof(from) : nameof(to));

        double angle = Angle(from, fromLength, to, toLength);
        if (Math.PI - angle < SmallestAngle)
            throw new ArgumentException("The two vectors are opposite, so every way from one to the other is as short. Go by way of a third one, or use Lerp.", nameof(to));

        double length = (1.0 - amount) * fromLength + amount * toLength;
        (double fromShare, double toShare) = angle < SmallestAngle
            ? (1.0 - amount, amount)
            : (Math.Sin((1.0 - amount) * angle) / Math.Sin(angle), Math.Sin(amount * angle) / Math.Sin(angle));
        var result = new float[from.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = (float)(length * (fromShare * from[i] / fromLength + toShare * to[i] / toLength));
        return result;
    }

    /// <summary>The mean of vectors: what the pictures of them have in common (Radford, Metz and Chintala 2015, section 6.3.2).</summary>
    /// <param name="vectors">One or more, of one length. The mean of k draws of normal noise is shorter than a draw by the square root of k.</param>
    /// <exception cref="ArgumentException">There are none, their lengths differ, or a number is not finite.</exception>
    public static float[] Mean(IReadOnlyList<float[]> vectors)
    {
        CheckList(vectors, nameof(vectors));
        var mean = new float[vectors[0].Length];
        for (int i = 0; i < mean.Length; i++)
            mean[i] = (float)vectors.Average(vector => (double)vector[i]);
        return mean;
    }

    /// <summary>
    /// Vector arithmetic on means, mean(start) - mean(minus) + mean(plus): a smiling woman without a neutral woman and with a
    /// neutral man is a smiling man. Radford, Metz and Chintala 2015, section 6.3.2, found single vectors unstable and took
    /// three for each; then the result is also about as long as a draw of normal noise.
    /// </summary>
    /// <param name="start">Vectors of pictures that have what is wanted and something else, such as smiling women.</param>
    /// <param name="minus">Vectors of pictures of that something else alone, such as neutral women.</param>
    /// <param name="plus">Vectors of pictures of what to have in its place, such as neutral men.</param>
    /// <exception cref="ArgumentException">A list is empty, lengths differ, or a number is not finite.</exception>
    public static float[] Analogy(IReadOnlyList<float[]> start, IReadOnlyList<float[]> minus, IReadOnlyList<float[]> plus)
    {
        CheckList(start, nameof(start));
        CheckList(minus, nameof(minus), start[0].Length);
        CheckList(plus, nameof(plus), start[0].Length);
        float[] result = Mean(start), without = Mean(minus), with = Mean(plus);
        for (int i = 0; i < result.Length; i++)
            result[i] += with[i] - without[i];
        return result;
    }

    // Accurate for small angles and for nearly opposite vectors too (Kahan 2006).
    private static double Angle(ReadOnlySpan<float> from, double fromLength, ReadOnlySpan<float> to, double toLength)
    {
        double difference = 0, sum = 0;
        for (int i = 0; i < from.Length; i++)
        {
            double a = from[i] / fromLength, b = to[i] / toLength;
            difference += (a - b) * (a - b);
            sum += (a + b) * (a + b);
        }
        return 2 * Math.Atan2(Math.Sqrt(difference), Math.Sqrt(sum));
    }

    private static double Length(ReadOnlySpan<float> vector)
    {
        double sum = 0;
        foreach (float number in vector)
            sum += (double)number * number;
        return Math.Sqrt(sum);
    }

    private static void CheckPair(ReadOnlySpan<float> from, ReadOnlySpan<float> to, float amount)
    {
        CheckVector(from, "The vector", nameof(from));
        CheckVector(to, "The vector", nameof(to), from.Length);
        if (!float.IsFinite(amount))
            throw new ArgumentException($"The amount is {amount}, but a finite number is expected: 0 for the first vector, 1 for the second.", nameof(amount));
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

    private static void CheckVector(ReadOnlySpan<float> vector, string name, string parameter, int? length = null)
    {
        if (vector.IsEmpty)
            throw new ArgumentException($"{name} has no numbers.", parameter);
        if (length is int expected && vector.Length != expected)
            throw new ArgumentException($"{name} has {vector.Length} numbers, but the first has {expected}.", parameter);
        for (int i = 0; i < vector.Length; i++)
        {
            if (!float.IsFinite(vector[i]))
                throw new ArgumentException($"{name} holds {vector[i]} at {i}, but noise must be finite numbers.", parameter);
        }
    }
}
