using Microsoft.ML.Dcgan.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Tests.Evaluation;

/// <summary>Features for the metrics' tests, and the metrics of whole tensors.</summary>
internal static class Samples
{
    public static Tensor Reference(string name)
    {
        SafetensorsFile file = SafetensorsFile.Metrics;
        return file.Type(name) switch
        {
            "I64" => tensor(file.Longs(name), file.Shape(name)),
            "U8" => tensor(file.Bytes(name), file.Shape(name)),
            _ => tensor(file.Floats(name), file.Shape(name)),
        };
    }

    public static double Number(string name, int index = 0) => SafetensorsFile.Metrics.Floats(name)[index];

    /// <summary>[count, size] from N(mean, deviation²).</summary>
    public static Tensor Gaussian(long count, long size, ulong seed, double mean = 0, double deviation = 1)
    {
        using var random = new torch.Generator(seed, CPU);
        return randn(count, size, generator: random).mul(deviation).add(mean);
    }

    public static FeatureMoments Moments(Tensor features, long blockRows = 64)
    {
        var moments = new FeatureMoments(features.shape[1], CPU);
        foreach (Tensor block in features.split(blockRows))
            moments.Add(block);
        return moments;
    }

    public static double Frechet(Tensor real, Tensor generated)
    {
        using FeatureMoments realMoments = Moments(real), generatedMoments = Moments(generated);
        return FrechetDistance.Between(realMoments, generatedMoments);
    }

    public static (double Precision, double Recall) PrecisionRecall(Tensor real, Tensor generated, int neighbors = 3)
    {
        NeighborMetrics metrics = NeighborMetrics.Measure(real, generated, neighbors, coverageNeighbors: 5, CPU);
        return (metrics.Precision, metrics.Recall);
    }

    public static (double Density, double Coverage) DensityCoverage(Tensor real, Tensor generated, int neighbors = 5)
    {
        NeighborMetrics metrics = NeighborMetrics.Measure(real, generated, neighbors: 3, neighbors, CPU);
        return (metrics.Density, metrics.Coverage);
    }
}
