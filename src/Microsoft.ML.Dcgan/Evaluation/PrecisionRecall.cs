using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>
/// Precision and recall (Kynkäänniemi et al. 2019, equations 1 and 2). A set's manifold is the union of balls around its
/// points, each of which reaches to the point's kth nearest neighbour in the set. Precision is the part of the generated
/// points in the real ones' manifold, recall the part of the real points in the generated ones'.
/// </summary>
internal sealed class PrecisionRecall : IDisposable
{
    private readonly Tensor _realRadii;
    private readonly Tensor _generatedRadii;
    private readonly Tensor _isPrecise;
    private readonly Tensor _isRecalled;

    /// <param name="realRadii">[n] squared distances of each real point to its kth nearest other one.</param>
    /// <param name="generatedRadii">[m], the same of the generated points.</param>
    public PrecisionRecall(Tensor realRadii, Tensor generatedRadii)
    {
        _realRadii = realRadii;
        _generatedRadii = generatedRadii;
        _isPrecise = zeros_like(generatedRadii, ScalarType.Bool).DetachFromDisposeScope();
        _isRecalled = zeros_like(realRadii, ScalarType.Bool).DetachFromDisposeScope();
    }

    public double Precision => Share(_isPrecise);

    public double Recall => Share(_isRecalled);

    /// <summary>Takes a block of squared distances, generated points down, real ones across.</summary>
    public void Add(Tensor squares, long generated, long real)
    {
        Tensor realRadii = _realRadii.narrow(0, real, squares.shape[1]).unsqueeze(0);
        Tensor generatedRadii = _generatedRadii.narrow(0, generated, squares.shape[0]).unsqueeze(1);
        _isPrecise.narrow(0, generated, squares.shape[0]).logical_or_(squares.le(realRadii).any(1));
        _isRecalled.narrow(0, real, squares.shape[1]).logical_or_(squares.le(generatedRadii).any(0));
    }

    public void Dispose()
    {
        _isPrecise.Dispose();
        _isRecalled.Dispose();
    }

    private static double Share(Tensor truths)
    {
        using Tensor count = truths.sum();
        return (double)count.item<long>() / truths.shape[0];
    }
}
