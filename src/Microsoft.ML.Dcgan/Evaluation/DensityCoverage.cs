using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>
/// Density and coverage (Naeem et al. 2020, section 3.2). Around each real point is a ball that reaches to its kth nearest
/// real neighbour. Density is how many balls a generated point is in, on average, over k; coverage is the part of the balls
/// with a generated point inside. A point on the rim is outside, as in the authors' code.
/// </summary>
internal sealed class DensityCoverage : IDisposable
{
    private readonly Tensor _realRadii;
    private readonly long _generatedCount;
    private readonly int _neighbors;
    private readonly Tensor _isCovered;
    private readonly Tensor _inside;

    /// <param name="realRadii">[n] squared distances of each real point to its kth nearest other one.</param>
    /// <param name="generatedCount">How many generated points there are.</param>
    /// <param name="neighbors">k.</param>
    public DensityCoverage(Tensor realRadii, long generatedCount, int neighbors)
    {
        _realRadii = realRadii;
        _generatedCount = generatedCount;
        _neighbors = neighbors;
        _isCovered = zeros_like(realRadii, ScalarType.Bool).DetachFromDisposeScope();
        _inside = zeros([1], ScalarType.Int64, realRadii.device).DetachFromDisposeScope();
    }

    public double Density => (double)_inside.item<long>() / _neighbors / _generatedCount;

    public double Coverage
    {
        get
        {
            using Tensor count = _isCovered.sum();
            return (double)count.item<long>() / _isCovered.shape[0];
        }
    }

    /// <summary>Takes a block of squared distances, generated points down, real ones across.</summary>
    public void Add(Tensor squares, long real)
    {
        Tensor isInside = squares.lt(_realRadii.narrow(0, real, squares.shape[1]).unsqueeze(0));
        _inside.add_(isInside.sum());
        _isCovered.narrow(0, real, squares.shape[1]).logical_or_(isInside.any(0));
    }

    public void Dispose()
    {
        _isCovered.Dispose();
        _inside.Dispose();
    }
}
