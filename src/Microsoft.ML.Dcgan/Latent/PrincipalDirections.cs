using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Latent;

/// <summary>The directions of noise that change most what the generator's first layer makes of it, in closed form (Shen and Zhou 2021,
/// equation 4): the eigenvectors of A A^T, largest eigenvalue first, for a layer that maps noise z to z A. The layer is taken with the
/// scale of the batch normalisation that follows it.</summary>
internal static class PrincipalDirections
{
    /// <summary>The first <paramref name="count"/>, each of length 1, with its largest number positive.</summary>
    public static float[][] Compute(GanNetworks networks, int count)
    {
        using var scope = new NoGradScope();
        IReadOnlyList<Layer> layers = Layers.Generator(networks.Shape);
        Tensor weight = FoldedWeights.Of(layers, layers[0], networks.Generator.state_dict()).Weight;

        // Behind the rows of the noise may be those of the classes.
        Tensor layer = weight.cpu().narrow(0, 0, networks.Shape.NoiseSize).flatten(1);
        Tensor vectors = linalg.eigh(layer.matmul(layer.t())).Item2;
        return Enumerable.Range(1, count).Select(rank =>
        {
            double[] direction = vectors.select(1, -rank).contiguous().data<double>().ToArray();
            double sign = Math.Sign(direction.MaxBy(Math.Abs));
            return Array.ConvertAll(direction, number => (float)(sign * number));
        }).ToArray();
    }
}
