using Microsoft.ML.Dcgan.Data;

namespace Microsoft.ML.Dcgan;

/// <summary>Ways through latent space, a noise vector for each frame. <see cref="DcganTransformer.NoiseView"/> makes a view of them,
/// <see cref="DcganTransformer.Generate(IReadOnlyList{float[]}, IReadOnlyList{string})"/> the pictures.</summary>
public static class LatentPaths
{
    /// <summary>From one vector to the next, each way in equal steps: by <see cref="LatentVectors.Slerp"/> for normal noise, and by
    /// <see cref="LatentVectors.Lerp"/> for uniform noise, which then stays in [-1, 1).</summary>
    /// <param name="stops">The vectors to pass, two or more.</param>
    /// <param name="count">Vectors to make, 2 or more. The first is the first stop, and the last is the last one; but if
    /// <paramref name="closed"/>, the way goes on to the first stop, and ends a step before it, so that it can be repeated.</param>
    /// <param name="closed">Whether to return to the first stop.</param>
    /// <param name="distribution">What the generator was trained on: <see cref="DcganTransformer.NoiseDistribution"/>.</param>
    /// <exception cref="ArgumentException">There are fewer than two stops, their lengths differ, a number is not finite, or
    /// <see cref="LatentVectors.Slerp"/> knows no way between two of them.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 2.</exception>
    public static float[][] Interpolate(IReadOnlyList<float[]> stops, int count, bool closed = false,
        DcganNoise distribution = DcganNoise.Normal)
    {
        ArgumentNullException.ThrowIfNull(stops);
        if (stops.Count < 2)
        {
            throw new ArgumentException(
                $"A way leads from one vector to another, but there {(stops.Count == 0 ? "are none" : "is one")}.", nameof(stops));
        }
        LatentVectors.CheckList(stops, nameof(stops));
        CheckCount(count);

        int legs = closed ? stops.Count : stops.Count - 1, steps = closed ? count : count - 1;
        var way = new float[count][];
        for (int i = 0; i < count; i++)
        {
            // Whole numbers, so that stops are met exactly.
            (long leg, long part) = Math.DivRem((long)i * legs, steps);
            if (leg == legs)
                (leg, part) = (legs - 1, steps);
            float[] from = stops[(int)leg], to = stops[(int)((leg + 1) % stops.Count)];
            float amount = (float)((double)part / steps);
            way[i] = distribution == DcganNoise.Uniform ? LatentVectors.Lerp(from, to, amount) : LatentVectors.Slerp(from, to, amount);
        }
        return way;
    }

    /// <summary>A smooth walk that ends where it began, each vector of which is as likely as a draw of noise. Every number is a random
    /// Fourier series, the sum over k up to <paramref name="harmonics"/> of (a cos(2 pi k t) + b sin(2 pi k t)) / sqrt(harmonics) for t
    /// from 0 to 1, with a and b from N(0, 1): at each t it is from N(0, 1) itself. For uniform noise two such series x and y give 2
    /// exp(-(x^2 + y^2) / 2) - 1, which is uniform in [-1, 1) (Box and Muller 1958, backwards).</summary>
    /// <param name="size">Numbers in a vector, 1 or more: <see cref="DcganTransformer.NoiseSize"/>.</param>
    /// <param name="count">Vectors to make, 2 or more; one more step leads back to the first.</param>
    /// <param name="seed">The same seed gives the same walk, whatever the count.</param>
    /// <param name="distribution">What the generator was trained on: <see cref="DcganTransformer.NoiseDistribution"/>.</param>
    /// <param name="harmonics">How varied the walk is, 1 or more: it is about 4, 7 or 10 times as long, for 1, 2 or 3, as the distance
    /// between two draws.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below its range.</exception>
    public static float[][] Walk(int size, int count, int seed = 0, DcganNoise distribution = DcganNoise.Normal, int harmonics = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(harmonics, 1);
        CheckCount(count);

        // A cosine's amplitudes and a sine's for each harmonic, and as many behind them for the second series.
        float[][] amplitudes = RowNoise.Draw(4 * harmonics, size, seed, DcganNoise.Normal);
        var walk = new float[count][];
        for (int frame = 0; frame < count; frame++)
        {
            walk[frame] = Series(frame, 0);
            if (distribution == DcganNoise.Uniform)
                walk[frame] = walk[frame].Zip(Series(frame, 2 * harmonics), UniformOf).ToArray();
        }
        return walk;

        float[] Series(int frame, int first)
        {
            var series = new float[size];
            for (int k = 0; k < harmonics; k++)
            {
                (float[] cosines, float[] sines) = (amplitudes[first + 2 * k], amplitudes[first + 2 * k + 1]);
                (double sine, double cosine) = Math.SinCos(2 * Math.PI * (k + 1) * frame / count);
                for (int i = 0; i < size; i++)
                    series[i] += (float)((cosines[i] * cosine + sines[i] * sine) / Math.Sqrt(harmonics));
            }
            return series;
        }
    }

    private static float UniformOf(float x, float y) =>
        Math.Min((float)(2 * Math.Exp(-((double)x * x + (double)y * y) / 2) - 1), LatentVectors.BelowOne);

    private static void CheckCount(int count)
    {
        if (count < 2)
            throw new ArgumentOutOfRangeException(nameof(count), $"{count} vectors are asked for, but a way has 2 or more.");
    }
}
