using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Evaluation;

/// <summary>
/// How far two Gaussians with the features' means and covariances are apart (Heusel et al. 2017, equation 6; Dowson and
/// Landau 1982): |m1 - m2|² + tr(C1 + C2 - 2 (C1 C2)^½).
/// </summary>
internal static class FrechetDistance
{
    // Of double precision.
    private const double RelativeRounding = 2.2204460492503131e-16;

    public static double Between(FeatureMoments real, FeatureMoments generated)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Tensor realCovariance = real.Covariance();
        Tensor generatedCovariance = generated.Covariance().to(realCovariance.device);
        Tensor means = (real.Mean - generated.Mean.to(realCovariance.device)).square().sum();
        Tensor distance = means + realCovariance.trace() + generatedCovariance.trace() - 2 * TraceOfRoot(realCovariance, generatedCovariance);

        // It is never negative; the difference of equal traces may be, by rounding.
        return Math.Max(0, distance.item<double>());
    }

    /// <summary>
    /// The trace of (AB)^½. With A = L Lᵀ, AB has the eigenvalues of LᵀBL, which is symmetric: no complex numbers, and
    /// nothing that fails to converge. Directions in which A has no spread but rounding are left out.
    /// </summary>
    private static Tensor TraceOfRoot(Tensor a, Tensor b)
    {
        (Tensor values, Tensor vectors) = linalg.eigh(a);
        double spread = values.max().item<double>();
        long rank = values.gt(spread * a.shape[0] * RelativeRounding).sum().item<long>();
        if (rank == 0)
            return zeros(1, ScalarType.Float64, a.device).sum();

        // Ascending, so those that count are the last.
        long start = values.shape[0] - rank;
        Tensor root = vectors.narrow(1, start, rank) * values.narrow(0, start, rank).sqrt();
        return linalg.eigvalsh(root.T.matmul(b).matmul(root)).clamp_min(0).sqrt().sum();
    }
}
