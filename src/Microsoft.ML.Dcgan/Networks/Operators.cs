namespace Microsoft.ML.Dcgan.Networks;

/// <summary>Operators of libtorch that TorchSharp has no methods for, by TorchScript. (A script that does not parse ends the process: tests
/// run each of them.)</summary>
internal static class Operators
{
    private static readonly Lazy<jit.CompilationUnit> _script = new(() => jit.compile("""
        def adam(weights: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor], steps: List[Tensor],
                 rate: float, beta1: float, beta2: float, decay: float) -> int:
            torch._fused_adamw_(weights, gradients, means, squares, [], steps, lr=rate, beta1=beta1, beta2=beta2,
                                weight_decay=decay, eps=1e-8, amsgrad=False, maximize=False)
            return 0

        """));

    /// <summary>A step of AdamW in one pass over its tensors, all of one size and float32; <paramref name="step"/>, of one number, counts
    /// from 1, on their device.</summary>
    public static void Adam(Tensor weights, Tensor gradients, Tensor means, Tensor squares, Tensor step,
        double rate, double beta1, double beta2, double decay)
    {
        // Kept alive until it returns, which TorchSharp does not see to.
        using Scalar rateScalar = rate, beta1Scalar = beta1, beta2Scalar = beta2, decayScalar = decay;
        _script.Value.invoke("adam", new[] { weights }, new[] { gradients }, new[] { means }, new[] { squares }, new[] { step },
            rateScalar, beta1Scalar, beta2Scalar, decayScalar);
    }
}
