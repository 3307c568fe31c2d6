using TorchSharp.Utils;

namespace Microsoft.ML.Dcgan.Networks;

/// <summary>A convolution whose weights, taken as a matrix with a row for each output map, are divided by the matrix's largest singular
/// value. Each forward pass in training follows that value by one power iteration (Miyato et al. 2018, section 2.1 and algorithm 1); what
/// is saved under the name of the weight is the weight before the division.</summary>
internal sealed class SpectralConvolution : DownConvolution
{
    // As torch.nn.utils.parametrizations.spectral_norm has it.
    private const int FirstIterations = 15;

    // Moving a module to a device replaces them.
    [ComponentName(Name = "weight_u")]
    private Tensor _left;

    [ComponentName(Name = "weight_v")]
    private Tensor _right;

    public SpectralConvolution(long inputMaps, long outputMaps, Resampling sampling) : base(inputMaps, outputMaps, sampling)
    {
        long inputs = inputMaps * sampling.KernelArea;
        _left = full(outputMaps, Number(1 / Math.Sqrt(outputMaps)), WeightType);
        _right = full(inputs, Number(1 / Math.Sqrt(inputs)), WeightType);
        register_buffer("weight_u", _left);
        register_buffer("weight_v", _right);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor matrix = Matrix();
        (Tensor left, Tensor right) = training ? Iterate(matrix) : (_left, Interleaved(_right));
        Tensor largest = matrix.mv(right).dot(left);
        return ConvolveInPrecision(input, Weight / largest).MoveToOuterDisposeScope();
    }

    /// <summary>Finds the first weights' largest singular value, from a random direction.</summary>
    public void Start(torch.Generator random)
    {
        using var scope = new NoGradScope();
        Tensor matrix = Matrix();
        _left.copy_(Unit(randn(_left.shape, WeightType, generator: random)));
        for (int i = 0; i < FirstIterations; i++)
            Iterate(matrix);
    }

    // Where a pixel's channels lie together, no number moves for this.
    private Tensor Matrix() => Weight.permute(0, 2, 3, 1).reshape(Weight.shape[0], -1);

    // New vectors for this pass: its gradients need them, when the next pass has moved on.
    private (Tensor Left, Tensor Right) Iterate(Tensor matrix)
    {
        using var _ = no_grad();
        Tensor right = Unit(matrix.t().mv(_left));
        Tensor left = Unit(matrix.mv(right));
        _left.copy_(left);
        long[] sizes = Weight.shape;
        _right.view(sizes[1], sizes[2], sizes[3]).copy_(right.view(sizes[2], sizes[3], sizes[1]).permute(2, 0, 1));
        return (left, right);
    }

    // It is kept in the order that PyTorch has: channel by channel.
    private Tensor Interleaved(Tensor right) => right.view(Weight.shape[1], Weight.shape[2], Weight.shape[3]).permute(1, 2, 0).reshape(-1);

    private static Tensor Unit(Tensor vector) => nn.functional.normalize(vector, dim: 0);
}
