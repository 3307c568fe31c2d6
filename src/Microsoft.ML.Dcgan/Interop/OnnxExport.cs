using System.Text.Json;
using Microsoft.ML.Dcgan.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>
/// A trained generator as ONNX operators. Batch normalisation, which after training is but a scale and a shift of each
/// feature map, is folded into the weights of the convolution before it, in float64. (OpenCV 4.6 would fold it by itself, but
/// once more whenever the number of rows changes.)
/// </summary>
internal sealed class OnnxGenerator
{
    // What nn.BatchNorm2d adds to a variance.
    private const double Epsilon = 1e-5;
    private readonly OnnxGraph _graph = new("generator");
    private readonly NetworkShape _shape;
    private readonly DcganOnnxOptions _options;
    private readonly Dictionary<string, Tensor> _weights;

    private OnnxGenerator(GanNetworks networks, DcganOnnxOptions options)
    {
        _shape = networks.Shape;
        _options = options;
        _weights = networks.Generator.state_dict();
    }

    /// <param name="networks">The generator's.</param>
    /// <param name="classes">What it was trained to tell apart, or none.</param>
    /// <param name="options">What its inputs and outputs are to be.</param>
    public static OnnxGraph Graph(GanNetworks networks, IReadOnlyList<string> classes, DcganOnnxOptions options)
    {
        using var scope = NewDisposeScope();
        var generator = new OnnxGenerator(networks, options);
        generator.Layers();
        generator._graph.Metadata["noise"] = networks.Shape.NoiseDistribution == DcganNoise.Uniform ? "uniform in [-1, 1)" : "normal, mean 0, deviation 1";
        if (classes.Count > 0)
            generator._graph.Metadata["classes"] = JsonSerializer.Serialize(classes);
        return generator._graph;
    }

    private void Layers()
    {
        string hidden = Upsampled(Input(), 0, _shape.Halvings);
        for (int layer = 1; layer <= _shape.Halvings; layer++)
            hidden = Upsampled(_graph.Node("Relu", $"main.{3 * layer - 1}", [hidden]), layer, _shape.Halvings - layer);
        if (!_options.BytePixels)
        {
            _graph.Node("Tanh", _options.OutputName, [hidden]);
            _graph.Output(_options.OutputName, OnnxType.Single, _shape.Channels, _shape.Height, _shape.Width);
            return;
        }

        string pixels = _graph.Node("Tanh", "pixels", [hidden]);
        string scaled = _graph.Node("Mul", "scaled", [pixels, _graph.Scalar("half", 127.5f)]);
        // The nearest byte of half a level more, as the transformer rounds.
        string shifted = _graph.Node("Add", "shifted", [scaled, _graph.Scalar("middle", 128f)]);
        string whole = _graph.Node("Floor", "whole", [shifted]);
        string interleaved = _graph.Node("Transpose", "interleaved", [whole], ("perm", new long[] { 0, 2, 3, 1 }));
        _graph.Node("Cast", _options.OutputName, [interleaved], ("to", (long)OnnxType.Byte));
        _graph.Output(_options.OutputName, OnnxType.Byte, _shape.Height, _shape.Width, _shape.Channels);
    }

    // [batch, noise and classes, 1, 1]
    private string Input()
    {
        string input = _graph.Input(_options.NoiseName, OnnxType.Single, _shape.NoiseSize);
        if (_shape.Classes > 0)
            input = _graph.Node("Concat", "noise_and_class", [input, OneHot()], ("axis", 1L));
        return _graph.Node("Reshape", "first", [input, _graph.Constant("first.shape", 0L, _shape.NoiseSize + _shape.Classes, 1L, 1L)]);
    }

    private string OneHot() => _options.OneHotLabels
        ? _graph.Input(_options.LabelName, OnnxType.Single, _shape.Classes)
        : _graph.Node("OneHot", "one_hot", [_graph.Input(_options.LabelName, OnnxType.Int64), _graph.Scalar("one_hot.depth", (long)_shape.Classes), _graph.Constant("one_hot.values", 0f, 1f)]);

    private string Upsampled(string input, int layer, int rung)
    {
        if (layer > 0 && _shape.Upsampling == DcganUpsampling.ResizeConvolution)
            return Convolved(Doubled(input, layer, rung), layer);

        Resampling sampling = layer == 0 ? _shape.BaseResampling : _shape.ResamplingAt(rung);
        return _graph.Node("ConvTranspose", $"main.{3 * layer}", [input, .. Weights(layer, outputAxis: 1)],
            ("kernel_shape", sampling.Kernel), ("strides", sampling.Stride),
            ("pads", sampling.Padding.Concat(sampling.Padding).ToArray()), ("output_padding", sampling.OutputPadding));
    }

    private string Convolved(string input, int layer)
    {
        long kernel = _shape.ResizeKernel, padding = kernel / 2;
        return _graph.Node("Conv", $"main.{3 * layer}", [input, .. Weights(layer, outputAxis: 0)], ("kernel_shape", new[] { kernel, kernel }), ("pads", new[] { padding, padding, padding, padding }));
    }

    // To an odd size, repeating pixels gives twice the smaller one but for the last row or column. (A scale that is no whole
    // number would be rounded, and sizes instead of scales would have to name the batch's.)
    private string Doubled(string input, int layer, int rung)
    {
        string doubled = _graph.Node("Resize", $"main.{3 * layer}.doubled", [input, "", _graph.Constant($"main.{3 * layer}.scales", 1f, 1f, 2f, 2f)],
            ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));
        (int height, int width) = _shape.Ladder[rung];
        if (height % 2 == 0 && width % 2 == 0)
            return doubled;
        return _graph.Node("Slice", $"main.{3 * layer}.cut",
            [doubled, _graph.Constant($"main.{3 * layer}.starts", 0L, 0L), _graph.Constant($"main.{3 * layer}.ends", height, width), _graph.Constant($"main.{3 * layer}.axes", 2L, 3L)]);
    }

    // The names of a layer's weight and, where batch normalisation follows, of the bias that is left of that.
    private string[] Weights(int layer, int outputAxis)
    {
        using var scope = NewDisposeScope();
        string convolution = $"main.{3 * layer}", normalization = $"main.{3 * layer + 1}";
        Tensor weight = _weights[$"{convolution}.weight"];
        if (layer == _shape.Halvings)
            return [_graph.Constant($"{convolution}.weight", weight)];

        Tensor Statistic(string name) => _weights[$"{normalization}.{name}"].to(ScalarType.Float64);
        Tensor scale = Statistic("weight") / (Statistic("running_var") + Epsilon).sqrt();
        Tensor shift = Statistic("bias") - Statistic("running_mean") * scale;
        long[] alongOutputs = [1, 1, 1, 1];
        alongOutputs[outputAxis] = -1;
        Tensor folded = weight.to(ScalarType.Float64) * scale.view(alongOutputs);
        return [_graph.Constant($"{convolution}.weight", folded.to(ScalarType.Float32)), _graph.Constant($"{convolution}.bias", shift.to(ScalarType.Float32))];
    }
}
