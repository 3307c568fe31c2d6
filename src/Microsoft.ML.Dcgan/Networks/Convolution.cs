using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Networks;

/// <summary>
/// A convolution without bias, strided down or transposed up. Its weights are float32; it computes in
/// <see cref="Precision"/>, and what goes in and comes out is float32, so that all between convolutions (batch
/// normalisation, losses) is too (mixed precision: Micikevicius et al. 2018, section 3.1; bfloat16: Kalamkar et al. 2019).
/// </summary>
internal abstract class Convolution : nn.Module<Tensor, Tensor>
{
    // Moving a module to a device replaces it.
    [ComponentName(Name = "weight")]
    private Parameter _weight;

    protected Convolution(string name, long[] weightShape) : base(name)
    {
        using Tensor unset = empty(weightShape);
        _weight = nn.Parameter(ChannelsLast.Of(unset));
        RegisterComponents();
    }

    public Parameter Weight => _weight;

    /// <summary>Float32 or BFloat16.</summary>
    public ScalarType Precision { get; set; } = ScalarType.Float32;

    /// <summary>The standard deviation of the first weights.</summary>
    public double InitialDeviation { get; init; } = WeightInitialization.StandardDeviation;

    public override Tensor forward(Tensor input) => Convolve(input, Weight, Precision);

    protected abstract Tensor Convolve(Tensor input, Tensor weight);

    protected Tensor Convolve(Tensor input, Tensor weight, ScalarType precision)
    {
        if (precision == ScalarType.Float32)
            return Convolve(input, weight);

        using Tensor reducedInput = input.to(precision);
        using Tensor reducedWeight = weight.to(precision);
        using Tensor output = Convolve(reducedInput, reducedWeight);
        return output.to(ScalarType.Float32);
    }
}

/// <summary>From images to smaller ones.</summary>
internal class DownConvolution(long inputMaps, long outputMaps, Resampling sampling)
    : Convolution(nameof(DownConvolution), [outputMaps, inputMaps, .. sampling.Kernel])
{
    protected override Tensor Convolve(Tensor input, Tensor weight) =>
        nn.functional.conv2d(input, weight, strides: sampling.Stride, padding: sampling.Padding);
}

/// <summary>From images to larger ones.</summary>
internal sealed class UpConvolution(long inputMaps, long outputMaps, Resampling sampling)
    : Convolution(nameof(UpConvolution), [inputMaps, outputMaps, .. sampling.Kernel])
{
    protected override Tensor Convolve(Tensor input, Tensor weight) =>
        nn.functional.conv_transpose2d(input, weight, strides: sampling.Stride, padding: sampling.Padding, output_padding: sampling.OutputPadding);
}
