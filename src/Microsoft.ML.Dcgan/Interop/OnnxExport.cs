using System.Text.Json;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Interop;

/// <summary>A trained generator as ONNX operators. Batch normalisation, by then a scale and a shift of each feature map, is folded into
/// the convolution before it. (OpenCV 4.6 would fold it again whenever the number of rows changes.)</summary>
internal sealed class OnnxGenerator(GanNetworks networks, DcganOnnxOptions options)
{
    private readonly OnnxGraph _graph = new("generator");
    private readonly NetworkShape _shape = networks.Shape;
    private readonly IReadOnlyList<Layer> _layers = Layers.Generator(networks.Shape);
    private readonly Dictionary<string, Tensor> _weights = networks.Generator.state_dict();

    public static OnnxGraph Graph(GanNetworks networks, IReadOnlyList<string> classes, DcganOnnxOptions options)
    {
        using var scope = NewDisposeScope();
        var generator = new OnnxGenerator(networks, options);
        generator.AddOutput(generator._layers.Aggregate(generator.AddInput(), generator.AddLayer));
        generator._graph.Metadata["noise"] = networks.Shape.NoiseDistribution == DcganNoise.Uniform
            ? "uniform in [-1, 1)" : "normal, mean 0, deviation 1";
        if (classes.Count > 0)
            generator._graph.Metadata["classes"] = JsonSerializer.Serialize(classes);
        return generator._graph;
    }

    // [batch, noise and classes, 1, 1]
    private string AddInput()
    {
        string input = _graph.Input(options.NoiseName, OnnxType.Single, _shape.NoiseSize);
        if (_shape.Classes > 0)
            input = _graph.Node("Concat", "noise_and_class", [input, OneHot()], ("axis", 1L));
        string shape = _graph.Constant("first.shape", tensor(new[] { 0L, _layers[0].Input.Maps, 1, 1 }));
        return _graph.Node("Reshape", "first", [input, shape]);
    }

    private string OneHot() => options.OneHotLabels
        ? _graph.Input(options.LabelName, OnnxType.Single, _shape.Classes)
        : _graph.Node("OneHot", "one_hot",
        [
            _graph.Input(options.LabelName, OnnxType.Int64),
            _graph.Constant("one_hot.depth", tensor((long)_shape.Classes)),
            _graph.Constant("one_hot.values", tensor(new[] { 0f, 1f })),
        ]);

    private string AddLayer(string input, Layer layer) => layer.Kind switch
    {
        LayerKind.ConvTranspose2d => _graph.Node("ConvTranspose", layer.Name, [input, .. Weights(layer)],
            ("kernel_shape", layer.Sampling.Kernel), ("strides", layer.Sampling.Stride), ("pads", Pads(layer)),
            ("output_padding", layer.Sampling.OutputPadding)),
        LayerKind.UpsampleConv2d => _graph.Node("Conv", layer.Name, [Doubled(input, layer), .. Weights(layer)],
            ("kernel_shape", layer.Sampling.Kernel), ("pads", Pads(layer))),
        LayerKind.BatchNorm2d => input,
        LayerKind.ReLU => _graph.Node("Relu", layer.Name, [input]),
        LayerKind.Tanh => _graph.Node("Tanh", options.BytePixels ? "pixels" : options.OutputName, [input]),
        _ => throw new NotSupportedException($"{layer.Kind} is no layer of generators."),
    };

    private void AddOutput(string pixels)
    {
        if (!options.BytePixels)
        {
            _graph.Output(options.OutputName, OnnxType.Single, _shape.Channels, _shape.Height, _shape.Width);
            return;
        }

        string scaled = _graph.Node("Mul", "scaled", [pixels, _graph.Constant("half", tensor(127.5f))]);
        // The nearest byte of half a level more, as the transformer rounds.
        string shifted = _graph.Node("Add", "shifted", [scaled, _graph.Constant("middle", tensor(128f))]);
        string whole = _graph.Node("Floor", "whole", [shifted]);
        string interleaved = _graph.Node("Transpose", "interleaved", [whole], ("perm", new long[] { 0, 2, 3, 1 }));
        _graph.Node("Cast", options.OutputName, [interleaved], ("to", (long)OnnxType.Byte));
        _graph.Output(options.OutputName, OnnxType.Byte, _shape.Height, _shape.Width, _shape.Channels);
    }

    private static long[] Pads(Layer layer) => [.. layer.Sampling.Padding, .. layer.Sampling.Padding];

    // To an odd size, repeating pixels gives twice the smaller one but for the last row or column. (A scale that is no whole
    // number would be rounded, and sizes instead of scales would have to name the batch's.)
    private string Doubled(string input, Layer layer)
    {
        string scales = _graph.Constant($"{layer.Name}.scales", tensor(new[] { 1f, 1f, 2f, 2f }));
        string doubled = _graph.Node("Resize", $"{layer.Name}.doubled", [input, "", scales],
            ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));
        (_, int height, int width) = layer.Output;
        if (height % 2 == 0 && width % 2 == 0)
            return doubled;
        return _graph.Node("Slice", $"{layer.Name}.cut",
        [
            doubled,
            _graph.Constant($"{layer.Name}.starts", tensor(new[] { 0L, 0L })),
            _graph.Constant($"{layer.Name}.ends", tensor(new[] { (long)height, width })),
            _graph.Constant($"{layer.Name}.axes", tensor(new[] { 2L, 3L })),
        ]);
    }

    // The names of a convolution's weight and, where batch normalisation follows, of the bias that is left of that.
    private string[] Weights(Layer layer)
    {
        using var scope = NewDisposeScope();
        (Tensor weight, Tensor? bias) = FoldedGenerator.Fold(_layers, layer, _weights);
        string name = _graph.Constant($"{layer.Name}.weight", weight.to(ScalarType.Float32));
        return bias is null ? [name] : [name, _graph.Constant($"{layer.Name}.bias", bias.to(ScalarType.Float32))];
    }
}
