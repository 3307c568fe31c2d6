using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>The metrics that look at neighbours, from one round of distances between the sets and one within each.</summary>
internal readonly record struct Neighborhoods(double Precision, double Recall, double Density, double Coverage)
{
    /// <param name="real">Features [n, size]; unused where none of these metrics is asked for.</param>
    /// <param name="generated">Features [m, size].</param>
    /// <param name="options">Which of the metrics, and how many neighbours each takes.</param>
    /// <param name="device">Where to compute.</param>
    public static Neighborhoods Measure(Tensor? real, Tensor? generated, ImageGenerationOptions options, Device device)
    {
        bool isPrecisionAsked = options.Metrics.HasFlag(GenerationMetrics.PrecisionRecall), isDensityAsked = options.Metrics.HasFlag(GenerationMetrics.DensityCoverage);
        if (real is null || generated is null || !(isPrecisionAsked || isDensityAsked))
            return new(double.NaN, double.NaN, double.NaN, double.NaN);

        using var scope = NewDisposeScope();
        int most = System.Math.Max(isPrecisionAsked ? options.Neighbors : 0, isDensityAsked ? options.CoverageNeighbors : 0);
        Tensor realRadii = NearestNeighbors.AmongThemselves(real, most, device);
        using PrecisionRecall? precisionRecall = isPrecisionAsked
            ? new PrecisionRecall(realRadii.select(1, options.Neighbors - 1), NearestNeighbors.AmongThemselves(generated, options.Neighbors, device).select(1, options.Neighbors - 1))
            : null;
        using DensityCoverage? densityCoverage = isDensityAsked
            ? new DensityCoverage(realRadii.select(1, options.CoverageNeighbors - 1), generated.shape[0], options.CoverageNeighbors)
            : null;
        SquaredDistances.Visit(generated, real, device, (squares, generatedRow, realRow) =>
        {
            precisionRecall?.Add(squares, generatedRow, realRow);
            densityCoverage?.Add(squares, realRow);
        });
        return new(precisionRecall?.Precision ?? double.NaN, precisionRecall?.Recall ?? double.NaN,
            densityCoverage?.Density ?? double.NaN, densityCoverage?.Coverage ?? double.NaN);
    }
}
