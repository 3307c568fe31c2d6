namespace Microsoft.ML.Dcgan;

/// <summary>The noise that a search found for a picture.</summary>
/// <param name="Noise">The vector: <see cref="DcganTransformer.Generate(IReadOnlyList{float[]}, string)"/> makes the reconstruction of it.</param>
/// <param name="MeanSquaredError">How the reconstruction differs from the picture, as pixels in [0, 1]; 0 if not at all.</param>
public sealed record FoundNoise(float[] Noise, double MeanSquaredError)
{
    /// <summary>The same as the peak signal-to-noise ratio in decibels, 10 log10(1 / <see cref="MeanSquaredError"/>): the higher, the nearer; infinite if all pixels are the same.</summary>
    public double PeakSignalToNoiseRatio => -10 * Math.Log10(MeanSquaredError);
}
