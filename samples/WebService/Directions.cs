namespace Microsoft.ML.Dcgan.Samples.WebService;

/// <summary>The model's principal directions, along which the page's sliders move.</summary>
internal sealed class Directions(DcganTransformer gan)
{
    private const int Most = 6;
    private readonly IReadOnlyList<float[]> _directions = gan.PrincipalDirections(Math.Min(Most, gan.NoiseSize));

    // All that the generator has seen is then in [-1, 1).
    private readonly bool _isUniform = gan.NoiseDistribution == DcganNoise.Uniform;

    public int Count => _directions.Count;

    /// <summary>Noise, and so far from it in each of the first directions.</summary>
    public float[] Move(float[] noise, IReadOnlyList<float> moves)
    {
        float[] moved = noise.Select((number, i) => number + moves.Select((move, k) => move * _directions[k][i]).Sum()).ToArray();
        return _isUniform ? LatentVectors.Clip([moved])[0] : moved;
    }
}
