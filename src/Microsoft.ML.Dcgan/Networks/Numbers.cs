namespace Microsoft.ML.Dcgan.Networks;

/// <summary>Numbers as arguments of libtorch's operations. TorchSharp makes a native scalar of each, and lets go of it before libtorch has
/// read it: a garbage collection that another thread causes in between frees it. So they are made here, and kept until a thread has made
/// many more; a test looks for others in the compiled library.</summary>
internal static class Numbers
{
    // No operation takes nearly as many.
    [ThreadStatic]
    private static Scalar[]? _kept;

    [ThreadStatic]
    private static int _next;

    /// <summary>What weights and images are of, whatever torch's default is. Tests set Float64, for less rounding.</summary>
    public static ScalarType WeightType { get; set; } = ScalarType.Float32;

    public static Scalar Number(double value) => Keep(value);

    public static Scalar Number(long value) => Keep(value);

    /// <summary>a + b: even of tensors, with a scalar that is 1.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, Number(1));

    /// <summary>a + b.</summary>
    public static Tensor Plus(this Tensor tensor, double number) => tensor.add(Number(number), Number(1));

    /// <summary>a + b, in a's place.</summary>
    public static Tensor Plus_(this Tensor tensor, Tensor other) => tensor.add_(other, Number(1));

    /// <summary>a * a.</summary>
    public static Tensor Square(this Tensor tensor) => tensor.mul(tensor);

    /// <summary>log(1 + exp(a)).</summary>
    public static Tensor Softplus(this Tensor tensor) => -(-tensor).log_sigmoid();

    /// <summary>0 to <paramref name="count"/> - 1, as Int64.</summary>
    public static Tensor Sequence(long count, Device? device = null) => arange(Number(0), Number(count), Number(1), int64, device);

    private static Scalar Keep(Scalar number)
    {
        Scalar[] kept = _kept ??= new Scalar[64];
        return kept[_next++ % kept.Length] = number;
    }
}
