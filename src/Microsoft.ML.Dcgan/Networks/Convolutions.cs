using TorchSharp.Modules;
using TorchSharp.Utils;

namespace Microsoft.ML.Dcgan.Networks;

/// <summary>A convolution without bias, strided down or transposed up. Its weights are float32; it computes, and hands on, in
/// <see cref="Precision"/> (mixed precision: Micikevicius et al. 2018, section 3.1; bfloat16: Kalamkar et al. 2019).</summary>
internal abstract class Convolution : nn.Module<Tensor, Tensor>
{
    // Moving a module to a device replaces it.
    [ComponentName(Name = "weight")]
    private Parameter _weight;

    protected Convolution(string name, Resampling sampling, long[] weightShape) : base(name)
    {
        Sampling = sampling;
        using Tensor unset = empty([.. weightShape, .. sampling.Kernel], WeightType);
        _weight = nn.Parameter(ChannelsLast.Of(unset));
        RegisterComponents();
    }

    public Resampling Sampling { get; }

    public Parameter Weight => _weight;

    /// <summary>Float32 or BFloat16.</summary>
    public ScalarType Precision { get; set; } = ScalarType.Float32;

    /// <summary>The standard deviation of the first weights.</summary>
    public double InitialDeviation { get; init; } = WeightInitialization.StandardDeviation;

    /// <summary>Who remembers its passes, for the gradient of its weights; null: autograd alone.</summary>
    public WeightGradients? WeightGradients { get; set; }

    public override Tensor forward(Tensor input) => ConvolveInPrecision(input, Weight);

    /// <summary>What networks hand on at their end: float32 for bfloat16.</summary>
    public static Tensor Widen(Tensor features) => features.dtype == ScalarType.BFloat16 ? features.to(ScalarType.Float32) : features;

    /// <summary>A tensor in what it computes in.</summary>
    public Tensor InPrecision(Tensor tensor) => Precision == ScalarType.Float32 ? tensor : tensor.to(Precision);

    /// <param name="input">[n, maps, height, width].</param>
    /// <param name="weight">Its own, or others of their shape.</param>
    /// <param name="bias">Of each output map, where it is to be added.</param>
    public abstract Tensor Convolve(Tensor input, Tensor weight, Tensor? bias = null);

    /// <summary>The gradient of weights by that of the output, float32.</summary>
    public abstract Tensor WeightGradient(Tensor gradient, Tensor input);

    // Of the two sides, one twice as large as the other, the larger one's are the second size, down and up.
    protected bool HasFewMaps(Tensor weight) => weight.shape[1] <= 3 && Sampling is { Height.Stride: 2, Width.Stride: 2 };

    protected Tensor ConvolveInPrecision(Tensor input, Tensor weight)
    {
        using var scope = NewDisposeScope();
        Tensor output = WeightGradients != null && weight.requires_grad && is_grad_enabled()
            ? WeightGradients.Convolve(this, InPrecision(input), weight)
            : Convolve(InPrecision(input), InPrecision(weight));
        return output.MoveToOuterDisposeScope();
    }
}

/// <summary>From images to smaller ones.</summary>
internal class DownConvolution(long inputMaps, long outputMaps, Resampling sampling)
    : Convolution(nameof(DownConvolution), sampling, [outputMaps, inputMaps])
{
    public override Tensor Convolve(Tensor input, Tensor weight, Tensor? bias = null) =>
        Sampling.IsWhole ? ConvolutionForms.WholeDown(input, weight, bias)
        // Blocks are faster back to the images, and no faster forward.
        : HasFewMaps(weight) && input.requires_grad ? ConvolutionForms.BlocksDown(input, weight, bias, Sampling)
        : nn.functional.conv2d(input, weight, bias, strides: Sampling.Stride, padding: Sampling.Padding);

    public override Tensor WeightGradient(Tensor gradient, Tensor input) => ConvolutionForms.WeightGradient(gradient, input, Sampling);
}

/// <summary>From images to larger ones.</summary>
internal sealed class UpConvolution(long inputMaps, long outputMaps, Resampling sampling)
    : Convolution(nameof(UpConvolution), sampling, [inputMaps, outputMaps])
{
    public override Tensor Convolve(Tensor input, Tensor weight, Tensor? bias = null) =>
        Sampling.IsWhole ? ConvolutionForms.WholeUp(input, weight, bias)
        : HasFewMaps(weight) ? ConvolutionForms.BlocksUp(input, weight, bias, Sampling)
        : nn.functional.conv_transpose2d(
            input, weight, bias, strides: Sampling.Stride, padding: Sampling.Padding, output_padding: Sampling.OutputPadding);

    public override Tensor WeightGradient(Tensor gradient, Tensor input) => ConvolutionForms.WeightGradient(input, gradient, Sampling);
}

/// <summary>From images to larger ones: pixels are repeated, and a convolution that keeps the size follows. Every pixel is made of as many
/// products as any other, so there are no checkerboards (Odena, Dumoulin and Olah 2016).</summary>
internal sealed class ResizeConvolution(long inputMaps, long outputMaps, (int Height, int Width) size, Resampling sampling)
    : DownConvolution(inputMaps, outputMaps, sampling)
{
    public override Tensor Convolve(Tensor input, Tensor weight, Tensor? bias = null)
    {
        using Tensor repeated = Repeat(input);
        return base.Convolve(repeated, weight, bias);
    }

    public override Tensor WeightGradient(Tensor gradient, Tensor input)
    {
        using Tensor repeated = Repeat(input);
        return base.WeightGradient(gradient, repeated);
    }

    private Tensor Repeat(Tensor input) =>
        nn.functional.interpolate(input, [size.Height, size.Width], mode: InterpolationMode.Nearest);
}

/// <summary>What follows a hidden layer: its activation and, while training, dropout where there is any.</summary>
internal sealed class HiddenActivation(Func<Tensor, Tensor> activation) : nn.Module<Tensor, Tensor>(nameof(HiddenActivation))
{
    /// <summary>Features [n, maps, height, width] to what is left of them.</summary>
    public Func<Tensor, Tensor>? Dropout { get; set; }

    public override Tensor forward(Tensor input)
    {
        Tensor features = activation(input);
        if (!training || Dropout == null)
            return features;
        using (features)
            return Dropout(features);
    }
}

/// <summary>What makes images of the last layer: a tanh, in float32, since bfloat16 has fewer levels than pixels.</summary>
internal sealed class ImageActivation() : nn.Module<Tensor, Tensor>(nameof(ImageActivation))
{
    public override Tensor forward(Tensor input) => ToImages(input);

    public static Tensor ToImages(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Convolution.Widen(input).tanh().MoveToOuterDisposeScope();
    }
}

/// <summary>Builds what <see cref="Layers"/> lists.</summary>
internal static class LayerModules
{
    /// <summary>The layers one after the other, as PyTorch's Sequential names them.</summary>
    public static nn.Module<Tensor, Tensor>[] Create(IEnumerable<Layer> layers) => [.. layers.Select(Create)];

    private static nn.Module<Tensor, Tensor> Create(Layer layer)
    {
        (int inputs, int outputs) = (layer.Input.Maps, layer.Output.Maps);
        return layer.Kind switch
        {
            LayerKind.ConvTranspose2d => new UpConvolution(inputs, outputs, layer.Sampling),
            LayerKind.UpsampleConv2d => new ResizeConvolution(inputs, outputs, (layer.Output.Height, layer.Output.Width), layer.Sampling),
            LayerKind.Conv2d when layer.IsSpectral => new SpectralConvolution(inputs, outputs, layer.Sampling),
            LayerKind.Conv2d => new DownConvolution(inputs, outputs, layer.Sampling)
            {
                InitialDeviation = layer.Normalization == DcganNormalization.None
                    ? WeightInitialization.Preserving(inputs * layer.Sampling.KernelArea, Layer.Leak)
                    : WeightInitialization.StandardDeviation,
            },
            LayerKind.BatchNorm2d => new BatchNormalization(outputs),
            LayerKind.MinibatchDeviation => new MinibatchDeviation(),
            LayerKind.ReLU => new HiddenActivation(features => nn.functional.relu(features, inplace: true)),
            // Not in place, where it may be the convolution's own output, whose gradient is asked for.
            LayerKind.LeakyReLU => new HiddenActivation(features => features.leaky_relu(Number(Layer.Leak))),
            LayerKind.Tanh => new ImageActivation(),
            _ => throw new NotSupportedException($"{layer.Kind} is no layer of these networks."),
        };
    }
}

/// <summary>Trained convolutions as they are used: what normalises them is by then a scale and a shift of each feature map, and part of
/// them.</summary>
internal static class FoldedWeights
{
    /// <summary>A convolution's weight and, where batch normalisation follows, the bias that is left of that, both in float64; without
    /// normalisation the weight as it is. Layers and state dictionary are the network's.</summary>
    public static (Tensor Weight, Tensor? Bias) Of(IReadOnlyList<Layer> layers, Layer layer, IReadOnlyDictionary<string, Tensor> tensors)
    {
        Tensor weight = tensors[$"{layer.Name}.weight"].detach();
        if (layer.IsSpectral)
        {
            weight = weight.to(ScalarType.Float64);
            return (weight / weight.flatten(1).mv(Double(layer, "weight_v")).dot(Double(layer, "weight_u")), null);
        }
        if (layers.ElementAtOrDefault(layer.Index + 1) is not { Kind: LayerKind.BatchNorm2d } next)
            return (weight, null);
        Tensor scale = Double(next, "weight") / Double(next, "running_var").Plus(BatchNormalization.Epsilon).sqrt();
        Tensor shift = Double(next, "bias") - Double(next, "running_mean") * scale;
        Tensor ofOutputs = layer.Kind == LayerKind.ConvTranspose2d ? scale.view(1, -1, 1, 1) : scale.view(-1, 1, 1, 1);
        return (weight.to(ScalarType.Float64) * ofOutputs, shift);

        Tensor Double(Layer of, string name) => tensors[$"{of.Name}.{name}"].detach().to(ScalarType.Float64);
    }
}

/// <summary>The memory layout in which a pixel's channels lie together. libtorch picks its kernels by strides, and those of this layout are
/// spared the reordering that convolutions do of any other.</summary>
internal static class ChannelsLast
{
    /// <summary>[n, channels, height, width] in this layout, copied where it is in another. (TorchSharp has no memory formats:
    /// strides are all.)</summary>
    public static Tensor Of(Tensor tensor)
    {
        using Tensor pixels = tensor.permute(0, 2, 3, 1);
        using Tensor packed = pixels.contiguous();
        // Not permute: with a single channel the strides of the old layout serve as well, and libtorch would take it for that.
        long[] sizes = tensor.shape;
        long channels = sizes[1], row = channels * sizes[3], image = row * sizes[2];
        return packed.as_strided(sizes, [image, 1, row, channels], packed.storage_offset());
    }
}

/// <summary>From images as they are kept, bytes [n, height, width, channels], to images as networks take them, and back.</summary>
internal static class ImageBytes
{
    private const double HalfRange = 127.5, Middle = 128;

    /// <summary>Numbers in [-1, 1] on a device, [n, channels, height, width] channels last: a view, so nothing is moved.</summary>
    public static Tensor Normalize(Tensor bytes, Device device)
    {
        using var scope = NewDisposeScope();
        Tensor images = bytes.to(device).to(WeightType).div_(Number(HalfRange)).sub_(Number(1));
        return images.permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>The nearest bytes to numbers in [-1, 1], [n, channels, height, width], which it overwrites; on their device.</summary>
    public static Tensor Quantize(Tensor images)
    {
        using var scope = NewDisposeScope();
        Tensor bytes = images.mul_(Number(HalfRange)).add_(Number(Middle), Number(1)).to(ScalarType.Byte);
        return bytes.permute(0, 2, 3, 1).contiguous().MoveToOuterDisposeScope();
    }
}
