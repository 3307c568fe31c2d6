using System.Globalization;

namespace Microsoft.ML.Dcgan.Training;

/// <summary>Whether the training images differ at all.</summary>
internal static class TrainingSetCheck
{
    /// <summary>The least mean squared difference of the pixels of two images, from -1 to 1: two and a half of 256 levels.</summary>
    public const double LeastSpread = Alike * Alike;

    private const double Alike = 0.02;

    /// <param name="images">How many there are.</param>
    /// <param name="spread">The mean squared difference of the pixels of two of them.</param>
    public static string? Symptom(long images, double spread)
    {
        if (spread >= LeastSpread)
            return null;
        string alike = images == 1 ? "there is one image" : string.Create(CultureInfo.InvariantCulture,
            $"two of its {images} images differ by {Math.Sqrt(spread) * 127.5:F1} of 256 levels a pixel (root mean square), where {Alike * 127.5:G3} or more is healthy");
        return $"The training set has nothing to learn from: {alike}. Check that the rows are different images, and that they are read as they should be.";
    }
}
